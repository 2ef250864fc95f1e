// One virtual server with different real servers.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type ServerPart, sharedServersOf } from "./shared-virtual-servers.ts";
import {
  nameSpan,
  realServerName,
  type WrittenRealServer,
  writtenName,
} from "./written-virtual-servers.ts";

const low = (text: string): string => text.replace("priority 100", "priority 90");

export const realServersDiffer: Rule = {
  id: "P11",
  name: "real-servers-differ",
  severity: "warning",
  scope: "pair",
  check,
  title: "a virtual server has different real servers on the nodes",
  explanation: [
    "A real server that was added or taken away on one node only is there, or missing, depending on who is",
    "MASTER: a machine that was to be shut down gets clients again after the next failover, and a new one",
    "none. The same goes for weights, and for the method by which packets are sent on.",
    "",
    "Write the same real servers on all nodes, best in a file that all of them include.",
  ].join("\n"),
  bad: [
    [virtualServerWith(""), low(virtualServerWith("")).replace("198.51.100.1", "198.51.100.2")],
    [virtualServerWith(""), low(virtualServerWith("")).replace("weight 1\n", "weight 5\n")],
  ],
  good: [[virtualServerWith(""), low(virtualServerWith(""))]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const [first, part] of sharedServersOf(nodes)) {
    const [here, there] = [byName(part), byName(first)];
    reportMissing(here, there, [part, first], report);
    reportMissing(there, here, [first, part], report);
    for (const [name, server] of here) {
      const other = there.get(name);
      if (other !== undefined) compare(server, other, [part, first], report);
    }
  }
}

function byName({ server }: ServerPart): ReadonlyMap<string, WrittenRealServer> {
  return new Map(server.realServers.map((real) => [realServerName(real), real]));
}

function reportMissing(
  here: ReadonlyMap<string, WrittenRealServer>,
  there: ReadonlyMap<string, WrittenRealServer>,
  [part, other]: readonly [ServerPart, ServerPart],
  report: Report,
): void {
  for (const [name, real] of here)
    if (!there.has(name))
      report(nameSpan(real), {
        message: `the real server ${name} of ${writtenName(part.server)} stands on ${part.nodeName}, and not on ${other.nodeName}`,
        related: [{ span: nameSpan(other.server), label: `${other.nodeName} does not have it` }],
        effect: "whether it gets clients depends on who is MASTER",
        fix: "write the same real servers on all nodes",
      });
}

function compare(
  real: WrittenRealServer,
  other: WrittenRealServer,
  [part, first]: readonly [ServerPart, ServerPart],
  report: Report,
): void {
  for (const keyword of ["weight", "forwarding"] as const) {
    const [here, there] = [real[keyword], other[keyword]];
    if (here === undefined || there === undefined || here === there) continue;
    // A method that comes from the virtual server is said there.
    if (
      keyword === "forwarding" &&
      methodPlace(real) === undefined &&
      methodPlace(other) === undefined
    )
      continue;
    const what = keyword === "weight" ? "weight" : "method";
    report(placeOf(real, keyword), {
      message: `${realServerName(real)} of ${writtenName(part.server)} has the ${what} ${here} on ${part.nodeName} and ${there} on ${first.nodeName}`,
      related: [{ span: placeOf(other, keyword), label: `${there} on ${first.nodeName}` }],
      effect: "clients are spread, or their packets sent on, in another way after a failover",
      fix: "write the same on all nodes",
    });
  }
}

function methodPlace({ section }: WrittenRealServer): Span | undefined {
  const setting = settingOf(section, "lvs_method") ?? settingOf(section, "lb_kind");
  return setting && spanAt(setting.line, 0);
}

function placeOf(real: WrittenRealServer, keyword: "weight" | "forwarding"): Span {
  if (keyword === "forwarding") return methodPlace(real) ?? nameSpan(real);
  const setting = settingOf(real.section, "weight");
  return setting === undefined ? nameSpan(real) : spanAt(setting.line, 0);
}
