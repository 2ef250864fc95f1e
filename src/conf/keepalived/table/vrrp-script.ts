// vrrp_script: a program whose exit status is watched.

import { flag, keyword, single } from "./entries.ts";
import type { BlockSpec } from "./keyword-spec.ts";
import { argument, clamped, command, intMax, optional, seconds, text, weight253 } from "./kinds.ts";
import { reverseOption } from "./track-lines.ts";

/** keepalived takes 0 for 1 and says so. */
function checkNotZero(words: readonly string[]): string | undefined {
  return /^\+?0*\.?0*$/.test(words[1] ?? "1") ? `\`${words[0]} 0\` counts as 1 second` : undefined;
}

/** The block vrrp_script. */
export const vrrpScriptBlock: BlockSpec = {
  path: "vrrp_script",
  summary: "A program that runs again and again while an instance tracks it.",
  keywords: [
    single(
      "script",
      "The program, with its arguments in quotes. No shell reads them.",
      "COMMAND",
      command,
      {
        withoutArgument: "the script is left out",
      },
    ),
    single(
      "interval",
      "The time from one run to the next. Versions up to 2.2.7 of keepalived know whole seconds only.",
      "SECONDS",
      seconds(0, 4294, "1 second counts"),
      { default: "1", check: checkNotZero },
    ),
    single(
      "timeout",
      "How long a run may take before it is ended and counts as a failure.",
      "SECONDS",
      seconds(0, 4294, "the interval counts"),
      { unset: "the interval", check: checkNotZero },
    ),
    keyword(
      "weight",
      "What the result changes of the priority: a positive weight is added while the script succeeds, a negative one subtracted while it fails; 0: failure means FAULT.",
      [argument("WEIGHT", weight253)],
      { default: "0", options: [reverseOption] },
    ),
    single(
      "rise",
      "How many runs must succeed one after the other.",
      "COUNT",
      clamped(1, intMax, "1 counts"),
      {
        default: "1",
      },
    ),
    single(
      "fall",
      "How many runs must fail one after the other.",
      "COUNT",
      clamped(1, intMax, "1 counts"),
      {
        default: "1",
      },
    ),
    keyword(
      "user",
      "The account that the program runs as.",
      [argument("USER", text), optional("GROUP", text)],
      {
        unset: "what `script_user` says",
      },
    ),
    flag("init_fail", "Takes the script for failed until it has succeeded."),
  ],
};
