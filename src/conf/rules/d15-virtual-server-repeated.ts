// Two sections describe the same virtual server.

import type { Rule } from "./rule.ts";

export const virtualServerRepeated: Rule = {
  id: "D15",
  name: "virtual-server-repeated",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "two sections describe the same virtual server",
  explanation: [
    "The same address, port and protocol, or the same firewall mark, can stand only once: there is one list",
    "of real servers for it. ldirectord reads its file once at the start and refuses all of it because of one",
    "such line; at a reload it keeps what runs. Keelson does the same.",
    "",
    "Put the real servers under one `virtual=`. For TCP and UDP at the same port write two sections, one of",
    "them with `protocol=udp`.",
  ].join("\n"),
  bad: [
    "virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
  ],
  good: [
    "virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n\tprotocol=udp\n",
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
