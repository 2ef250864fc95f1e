// A check with which ldirectord never finds a server up.

import type { Rule } from "./rule.ts";

export const checkAlwaysDown: Rule = {
  id: "D24",
  name: "check-always-down",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a check with which ldirectord never finds a server up",
  explanation: [
    "A `dns` check without `receive` matches no answer, and an SQL check without `login` and `request` is not",
    "made at all: all servers count as down, and clients get the fallback server or nothing.",
    "",
    "Keelson takes any answer of a name server that is no error, and for databases tries a connection.",
    "Servers that ldirectord kept out may therefore come in after the move. Complete the check to say what",
    "you expect.",
  ].join("\n"),
  bad: ['virtual=192.0.2.10:53\n\treal=198.51.100.1:53 gate\n\trequest="www.example.com"\n'],
  good: [
    'virtual=192.0.2.10:53\n\treal=198.51.100.1:53 gate\n\trequest="www.example.com"\n\treceive="192.0.2.1"\n',
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
