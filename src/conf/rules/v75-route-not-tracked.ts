// Routes that keepalived cannot watch, because they name no interface.

import { hasParameter, spanAt } from "../keepalived/reading.ts";
import { type Section, settingsOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

const withRoute = (line: string): string => instanceWith(`virtual_routes {\n    ${line}\n}`);

export const routeNotTracked: Rule = {
  id: "V75",
  name: "route-not-tracked",
  severity: "advice",
  scope: "file",
  check,
  title: "a route names no interface and is not watched",
  explanation: [
    "A route is watched by its interface: when somebody else removes it, or the link goes down and takes it",
    "along, it is put back or the instance leaves MASTER. Without `dev` keepalived does not know where to",
    "look, says so, and does not watch it.",
    "",
    "Write `dev INTERFACE` on the line, or `no_track` when nobody needs to watch it.",
  ].join("\n"),
  bad: [withRoute("198.51.100.0/24 via 192.0.2.1")],
  good: [
    withRoute("198.51.100.0/24 via 192.0.2.1 dev eth0"),
    withRoute("198.51.100.0/24 via 192.0.2.1 no_track"),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  checkRoutes(configuration.root, "static_routes", report);
  for (const { section } of instancesOf(configuration))
    checkRoutes(section, "virtual_routes", report);
}

function checkRoutes(section: Section, keyword: string, report: Report): void {
  for (const { entries = [] } of settingsOf(section, keyword))
    for (const { line } of entries) {
      const words = line.words.map(({ text }) => text);
      if (words.includes("no_track") || words.some(hasParameter)) continue;
      // Interfaces of next hops do not count for the route.
      const hop = words.indexOf("nexthop");
      const own = hop < 0 ? words : words.slice(0, hop);
      if (own.includes("dev") || own.includes("oif")) continue;
      report(spanAt(line, 0), {
        message: "the route names no interface, and is not watched",
        effect: "when somebody else removes it, it stays away",
        fix: "add `dev` and the interface, or `no_track`",
        stock: `Warning - cannot track route ${words[0] ?? ""} with no interface specified, not tracking`,
      });
    }
}
