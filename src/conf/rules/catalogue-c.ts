// Rules about the comments that put findings aside.

import { suppressionWithoutReason } from "./c01-suppression-without-reason.ts";
import { suppressionOfUnknownRule } from "./c02-suppression-of-unknown-rule.ts";
import { suppressionWithoutUse } from "./c03-suppression-without-use.ts";
import { suppressionOfWhatStops } from "./c04-suppression-of-what-stops.ts";
import type { Rule } from "./rule.ts";

export const cRules: readonly Rule[] = [
  suppressionWithoutReason,
  suppressionOfUnknownRule,
  suppressionWithoutUse,
  suppressionOfWhatStops,
];
