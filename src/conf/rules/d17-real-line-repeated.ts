// A real server stands twice in one virtual server.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const realServerRepeated: Rule = {
  id: "D17",
  name: "real-line-repeated",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a real server stands twice in one virtual server",
  explanation: [
    "ldirectord adds the server twice, which IPVS refuses, and then lets both lines change its weight and",
    "remove it, each by its own checks. Ranges make this mistake easy: `198.51.100.1->198.51.100.5` holds",
    "five servers.",
    "",
    "Keelson takes the first line. Remove the other one, or make the range shorter.",
  ].join("\n"),
  bad: [sectionWith("real=198.51.100.1:80 gate 5")],
  good: [sectionWith("real=198.51.100.2:80 gate")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
