// The real servers of a virtual server are never checked.

import type { Rule } from "./rule.ts";

export const neverChecked: Rule = {
  id: "D22",
  name: "never-checked",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "the real servers of a virtual server are never checked",
  explanation: [
    "Without `checktype` ldirectord negotiates, and without `service` it takes the protocol that usually has",
    "the port of the virtual server. A port that belongs to none, and every firewall mark, gives `none`:",
    "nothing is asked, and the servers count as up for ever.",
    "",
    "Write `checktype=connect` where a connection says enough, or name the `service`. Where no check is",
    "wanted, `checktype=on` says so.",
  ].join("\n"),
  bad: ["virtual=192.0.2.10:9200\n\treal=198.51.100.1:9200 gate\n"],
  good: [
    "virtual=192.0.2.10:9200\n\treal=198.51.100.1:9200 gate\n\tchecktype=connect\n",
    "virtual=192.0.2.10:9200\n\treal=198.51.100.1:9200 gate\n\tchecktype=on\n",
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
