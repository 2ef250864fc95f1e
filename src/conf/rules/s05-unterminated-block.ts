// Blocks without an end.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unterminatedBlock: Rule = {
  id: "S05",
  name: "unterminated-block",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a block is never closed",
  explanation: [
    "A `{` without its `}` turns everything behind it into a part of its block: keepalived prints an unknown",
    "keyword for every line that follows, or runs with half of the file. One missing brace is one finding here,",
    "at the block that is most likely left open, as the indentation of the file tells.",
    "",
    "Add the `}`. Keelson does not start with such a file, because nobody can say what belongs to the block.",
  ].join("\n"),
  bad: [
    `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 17
    authentication {
        auth_type PASS
        auth_pass 1234
    virtual_ipaddress {
        192.0.2.10/24
    }
}
`,
    `${instanceWith("")}virtual_server 192.0.2.10 80 {
    lb_algo rr
`,
  ],
  good: [instanceWith("track_interface {\n    eth1\n}")],
  sources: ["https://github.com/acassen/keepalived/issues/2104"],
};
