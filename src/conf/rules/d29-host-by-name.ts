// A host is written by its name.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const hostByName: Rule = {
  id: "D29",
  name: "host-by-name",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a host is written by its name",
  explanation: [
    "Names are looked up when the file is loaded, and the first address counts until the next reload, with",
    "ldirectord as with Keelson. A director that starts before its name server is reachable finds none:",
    "ldirectord then ends, Keelson leaves out these servers and says so. A server that moves is not followed.",
    "",
    "Write addresses. `keelson check` and `keelson convert` look nothing up, so in a converted file the",
    "address must be filled in.",
  ].join("\n"),
  bad: [sectionWith("real=web2.example.com:80 gate")],
  good: [sectionWith("real=198.51.100.2:80 gate")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
