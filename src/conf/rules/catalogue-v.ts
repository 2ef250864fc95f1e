// Rules about VRRP [V01..].

import type { Rule } from "./rule.ts";

/** In the order of their ids. */
export const vRules: readonly Rule[] = [];
