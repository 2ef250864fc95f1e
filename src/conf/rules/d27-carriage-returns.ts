// Lines of an ldirectord.cf end with a carriage return.

import type { Rule } from "./rule.ts";

export const carriageReturns: Rule = {
  id: "D27",
  name: "carriage-returns",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "lines of an ldirectord.cf end with a carriage return",
  explanation: [
    "A file from Windows ends its lines with two characters. ldirectord takes the first of them for a part of",
    "the value: `yes` is then neither `yes` nor `no`, and it does not start; names of hosts and programs are",
    "not found.",
    "",
    "Keelson skips it. Save the file with Unix line ends, for example with `sed -i 's/\\r$//'`.",
  ].join("\n"),
  bad: ["virtual=192.0.2.10:80\r\n\treal=198.51.100.1:80 gate\r\n\tchecktype=connect\r\n"],
  good: ["virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n"],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
