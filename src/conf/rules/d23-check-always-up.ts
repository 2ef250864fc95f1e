// A check with which ldirectord never finds a server down.

import type { Rule } from "./rule.ts";

export const checkAlwaysUp: Rule = {
  id: "D23",
  name: "check-always-up",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a check with which ldirectord never finds a server down",
  explanation: [
    "A `pop` check without `login`, and an `ftp` check without `receive`, succeed in ldirectord even where",
    "nobody listens: the one never connects, the other compares with an empty text.",
    "",
    "Keelson tries at least a connection, so a server that is dead is taken out. Servers that ldirectord kept",
    "in the table may therefore go out after the move: those were down. Complete the check, or write",
    "`checktype=connect`.",
  ].join("\n"),
  bad: ["virtual=192.0.2.10:110\n\treal=198.51.100.1:110 gate\n"],
  good: [
    'virtual=192.0.2.10:110\n\treal=198.51.100.1:110 gate\n\tlogin="probe"\n\tpasswd="secret"\n',
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
