// L22: a virtual server for all ports is persistent, also when nobody says so.

import { spanAt } from "../keepalived/reading.ts";
import { virtualServerWith } from "./example-texts.ts";
import { insertLines } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const portZeroWithoutPersistence: Rule = {
  id: "L22",
  name: "port-zero-without-persistence",
  severity: "warning",
  scope: "file",
  check,
  title: "a virtual server for all ports becomes persistent",
  explanation: [
    "Port 0, or none, means all ports. Connections of one client to several ports mostly belong together, FTP is the",
    "classic, so that such a virtual server must be persistent: keepalived switches a `persistence_timeout` of 360 seconds",
    "on, and Keelson as well. All connections of a client then go to one real server.",
    "",
    "Say it with `persistence_timeout`, in whatever length, or name the port. `check --fix` writes what counts.",
  ].join("\n"),
  bad: [virtualServerWith("").replace("192.0.2.17 80", "192.0.2.17 0")],
  good: [virtualServerWith("persistence_timeout 60").replace("192.0.2.17 80", "192.0.2.17")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const { key, settings } = server;
    const line = server.groupLines.find(({ port }) => port === 0);
    if (line === undefined && (key.kind !== "address" || key.port !== 0)) continue;
    if (settings.has("persistence_timeout") || settings.has("persistence_granularity")) continue;
    report(nameSpan(server), {
      ...(line === undefined
        ? {}
        : { related: [{ span: spanAt(line.entry.line, 0), label: "all ports" }] }),
      message: "a virtual server for all ports must be persistent",
      effect: "persistence of 360 seconds counts, as with keepalived",
      fix: "add `persistence_timeout`, or name a port",
      ...insertLines(configuration, server.setting, ["persistence_timeout 360"]),
      stock: `Virtual server ${stockVirtualServer(server)}: zero port only valid for persistent services - setting`,
    });
  }
}
