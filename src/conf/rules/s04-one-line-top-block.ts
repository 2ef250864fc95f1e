// A whole instance or server on one line.

import type { Rule } from "./rule.ts";

export const oneLineTopBlock: Rule = {
  id: "S04",
  name: "one-line-top-block",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a whole instance or server on one line is not read",
  explanation: [
    "Line ends separate keywords. Of `vrrp_instance VI_1 { state BACKUP interface eth0 ... }` on one line only",
    "`state BACKUP` is read; the rest are words too many. keepalived then complains about a virtual router",
    "id that stands plainly in the text, and leaves the instance out.",
    "",
    "Templates and JSON converters write such lines. Write one keyword a line; `keelson check --fix`",
    "does it. Keelson does not start with an instance that has no virtual_router_id.",
  ].join("\n"),
  bad: [
    "vrrp_instance VI_1 { state BACKUP interface eth0 virtual_router_id 17 priority 100 virtual_ipaddress { 192.0.2.10/24 } }\n",
  ],
  good: [
    `vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 17
    priority 100
    virtual_ipaddress { 192.0.2.10/24 }
}
`,
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/768",
    "https://github.com/acassen/keepalived/issues/775",
  ],
};
