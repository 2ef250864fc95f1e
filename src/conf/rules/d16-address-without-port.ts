// An address without port counts as a firewall mark.

import type { Rule } from "./rule.ts";

export const addressWithoutPort: Rule = {
  id: "D16",
  name: "address-without-port",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "an address without port counts as a firewall mark",
  explanation: [
    "`virtual=10.1.0.100` is not a virtual server for all ports of that address. ldirectord takes the digits",
    "in front for a firewall mark, here 10, and says nothing: packets to the address are not balanced at all.",
    "",
    "Keelson does what ldirectord does, and says so. Write the port behind the address. For several ports,",
    "mark their packets with nft or iptables, and write the number of the mark alone.",
  ].join("\n"),
  bad: ["virtual=192.0.2.10\n\treal=198.51.100.1 gate\n\tchecktype=ping\n"],
  good: ["virtual=10\n\treal=198.51.100.1 gate\n\tchecktype=ping\n"],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
