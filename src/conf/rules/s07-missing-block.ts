// A keyword of a block without the block.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const missingBlock: Rule = {
  id: "S07",
  name: "missing-block",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a keyword that opens a block stands without its brace",
  explanation: [
    "Keywords such as `virtual_ipaddress`, `track_script` and `authentication` take their values between",
    "braces, one a line. `virtual_ipaddress 192.0.2.10` has none: keepalived takes the lines that follow for",
    "the block until some `}` ends it, so that the rest of the instance is read as addresses; some of its",
    "versions crash on what they find there.",
    "",
    "Write `{` behind the keyword or on the next line, and `}` behind the last value. Keelson does not start",
    "with such a file, because nobody can say where the block was meant to end.",
  ].join("\n"),
  bad: [
    `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    virtual_ipaddress 192.0.2.10
}
`,
    instanceWith("track_interface eth1"),
  ],
  good: [instanceWith("track_interface\n{\n    eth1\n}")],
  sources: ["https://github.com/acassen/keepalived/issues/2067"],
};
