// L10: servers of weight 0 take no new connections.

import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { nameSpan, writtenName, writtenVirtualServers } from "./written-virtual-servers.ts";

export const allWeightsZero: Rule = {
  id: "L10",
  name: "all-weights-zero",
  severity: "warning",
  scope: "file",
  check,
  title: "every real server has weight 0",
  explanation: [
    "A real server of weight 0 keeps the connections that it has and takes no new ones: that is how a server is",
    "drained. With weight 0 everywhere the virtual server refuses every new connection. The weights together can then",
    "never reach the quorum; keepalived 2.2.7 computes a hysteresis of 4294967295 from it.",
    "",
    "Give at least one server a weight of 1. To take a whole virtual server out of service, remove its block.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("weight 1", "weight 0")],
  good: [virtualServerWith("")],
  sources: ["https://github.com/acassen/keepalived/pull/1762"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const { realServers } = server;
    if (realServers.length === 0 || realServers.some(({ weight }) => weight !== 0)) continue;
    report(nameSpan(server), {
      message: `every real server of ${writtenName(server)} has weight 0`,
      effect: "no real server takes new connections",
      fix: "give the servers that shall serve a weight of at least 1",
      stock: `Warning - quorum 1 for ${stockVirtualServer(server)} exceeds total weight of real servers 0, reducing quorum to 0`,
    });
  }
}
