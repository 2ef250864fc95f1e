// What stands in virtual_ipaddress and is no address.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const notAVirtualAddress: Rule = {
  id: "V28",
  name: "not-a-virtual-address",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a line of virtual_ipaddress is not an address",
  explanation: [
    "The line is skipped: the address is on no node, and the instance runs with the others. Typing errors do",
    "that, as in `192.0.2.300` or `192.0.2./24`, and so do host names and placeholders that a template left",
    "behind.",
    "",
    "Write addresses as in `192.0.2.17/24` or `2001:db8::17/64`, one a line.",
  ].join("\n"),
  bad: [instanceWith("").replace("192.0.2.17/24", "192.0.2.300")],
  good: [instanceWith("")],
  sources: ["https://github.com/acassen/keepalived/issues/2067"],
};
