// A number beyond what its keyword allows.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const valueOutOfRange: Rule = {
  id: "S17",
  name: "value-out-of-range",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a number outside the range of its keyword",
  explanation: [
    "keepalived does not take the nearest number that is allowed but the default of the keyword: `priority 256`",
    "is 100, `virtual_router_id 256` is no id at all, and `weight -300` is no weight. The node that was to",
    "win the election loses it, and only a line in the log tells.",
    "",
    "Write a number in the range that stands under it. Keelson refuses to start where others rely on the value:",
    "VRID, priority, weights, ports, advert intervals. For times and counts of its own it keeps",
    "keepalived's default, and the finding says what counts.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("priority 100", "priority 256"),
    instanceWith("garp_master_refresh -1"),
  ],
  good: [instanceWith("").replace("priority 100", "priority 254")],
  sources: ["https://github.com/acassen/keepalived/issues/305"],
};
