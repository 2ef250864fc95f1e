// A word where an IP address is due.

import { instanceWith, virtualServerWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const notAnAddress: Rule = {
  id: "S24",
  name: "not-an-address",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a word stands where an IP address is due",
  explanation: [
    "keepalived.conf takes addresses in numbers only: no host names, no list with commas, no port behind a",
    "colon, no brackets, and no more than 255 in a part of an IPv4 address. keepalived leaves the line out:",
    "a peer that never hears an advert, a source address that is not used, a server that takes no traffic.",
    "",
    "Write one address a line. A port stands behind a blank: `virtual_server 192.0.2.10 80`. A name would",
    "have to be resolved at the very moment when the network may be what has failed; write its address.",
  ].join("\n"),
  bad: [
    instanceWith("unicast_src_ip 192.0.2.256\nunicast_peer {\n    192.0.2.2\n}"),
    virtualServerWith("").replace("real_server 198.51.100.1", "real_server web1.example.com"),
  ],
  good: [instanceWith("unicast_src_ip 192.0.2.1\nunicast_peer {\n    192.0.2.2\n}")],
  sources: ["https://github.com/acassen/keepalived/issues/2067"],
};
