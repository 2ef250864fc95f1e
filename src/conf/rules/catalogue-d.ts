// Rules about ldirectord.cf [D01..].

import { unknownDirective } from "./d01-unknown-directive.ts";
import { wrongIndentation } from "./d02-wrong-indentation.ts";
import { misplacedDirective } from "./d03-misplaced-directive.ts";
import { missingValue } from "./d04-missing-value.ts";
import { unknownWord } from "./d05-unknown-word.ts";
import { malformedNumber } from "./d06-malformed-number.ts";
import { numberOutOfRange } from "./d07-number-out-of-range.ts";
import { badAddress } from "./d08-bad-address.ts";
import { quotesMissing } from "./d09-quotes-missing.ts";
import { commentSignInQuotes } from "./d10-comment-sign-in-quotes.ts";
import { textBehindValue } from "./d11-text-behind-value.ts";
import { directiveRepeated } from "./d12-directive-repeated.ts";
import { directiveOutOfUse } from "./d13-directive-out-of-use.ts";
import { droppedDirective } from "./d14-dropped-directive.ts";
import { virtualServerRepeated } from "./d15-virtual-server-repeated.ts";
import { addressWithoutPort } from "./d16-address-without-port.ts";
import { realServerRepeated } from "./d17-real-line-repeated.ts";
import { checkWithoutPort } from "./d18-real-line-without-check-port.ts";
import { settingWithoutEffect } from "./d19-setting-without-effect.ts";
import { badRange } from "./d20-bad-range.ts";
import { weightMissing } from "./d21-weight-missing.ts";
import { neverChecked } from "./d22-never-checked.ts";
import { checkAlwaysUp } from "./d23-check-always-up.ts";
import { checkAlwaysDown } from "./d24-check-always-down.ts";
import { commandWithArguments } from "./d25-command-with-arguments.ts";
import { thresholdsMisread } from "./d26-thresholds-misread.ts";
import { carriageReturns } from "./d27-carriage-returns.ts";
import { requestWithSlash } from "./d28-request-with-slash.ts";
import { hostByName } from "./d29-host-by-name.ts";
import { ownCheckInterval } from "./d30-own-check-interval.ts";
import { quiescentAndPersistent } from "./d31-quiescent-and-persistent.ts";
import { noRealLine } from "./d32-no-real-line.ts";
import type { Rule } from "./rule.ts";

/** In the order of their ids. */
export const dRules: readonly Rule[] = [
  unknownDirective,
  wrongIndentation,
  misplacedDirective,
  missingValue,
  unknownWord,
  malformedNumber,
  numberOutOfRange,
  badAddress,
  quotesMissing,
  commentSignInQuotes,
  textBehindValue,
  directiveRepeated,
  directiveOutOfUse,
  droppedDirective,
  virtualServerRepeated,
  addressWithoutPort,
  realServerRepeated,
  checkWithoutPort,
  settingWithoutEffect,
  badRange,
  weightMissing,
  neverChecked,
  checkAlwaysUp,
  checkAlwaysDown,
  commandWithArguments,
  thresholdsMisread,
  carriageReturns,
  requestWithSlash,
  hostByName,
  ownCheckInterval,
  quiescentAndPersistent,
  noRealLine,
];
