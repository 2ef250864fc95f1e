// L40: two virtual servers for the same packets.

import { endpointName } from "../../model/virtual-server.ts";
import type { Line } from "../keepalived/language/line.ts";
import { spanAt } from "../keepalived/reading.ts";
import type { Span } from "../text/diagnostic.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  type WrittenVirtualServer,
  writtenFamily,
  writtenName,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

const base = virtualServerWith("");

export const duplicateVirtualServer: Rule = {
  id: "L40",
  name: "duplicate-virtual-server",
  severity: "error",
  scope: "file",
  check,
  title: "two virtual servers have the same address, port and protocol, or the same mark",
  explanation: [
    "The table has one entry for an address, port and protocol. keepalived runs the checks of both blocks against that",
    "one entry: a server that one block takes out is put back by the other, and options come from whichever was written",
    "last. Keelson does not start with such a file.",
    "",
    "Merge the two blocks. Virtual servers for TCP and UDP at one address and port are different ones.",
  ].join("\n"),
  bad: [base + base.slice(base.indexOf("virtual_server"))],
  good: [
    base +
      base
        .slice(base.indexOf("virtual_server"))
        .replace("protocol TCP", "protocol UDP")
        .replace("connect_timeout 3", "connect_port 8080"),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/2111",
    "https://github.com/acassen/keepalived/issues/2644",
  ],
};

function check(configuration: Configuration, report: Report): void {
  const seen = new Map<string, Line>();
  const judge = (id: string, name: () => string, line: Line, stops: boolean): void => {
    const before = seen.get(id);
    if (before === undefined) seen.set(id, line);
    // One line of a group that two virtual servers use: the virtual servers are told.
    else if (before !== line)
      report(placeOf(line), {
        message: `${name()} is configured twice`,
        related: [{ span: placeOf(before), label: "first here" }],
        effect: "keepalived takes both, and their checks work against each other",
        fix: "merge the two",
        ...(stops ? { stops } : {}),
      });
  };
  for (const server of writtenVirtualServers(configuration)) {
    const stops = server.key.kind !== "group";
    judge(identityOf(server), () => writtenName(server), server.setting.line, stops);
    for (const { address, port, isRange, entry } of server.groupLines) {
      const id = `${address} ${port} ${server.protocol ?? "UDP"}`;
      if (!isRange) judge(id, () => endpointName(address, port), entry.line, false);
    }
  }
}

/** Where the address, mark or group of a virtual server stands, or the address of a line of a group. */
function placeOf(line: Line): Span {
  if (line.text(0) !== "virtual_server") return spanAt(line, 0);
  const kind = line.text(1);
  return spanAt(line, kind === "fwmark" || kind === "group" ? 2 : 1);
}

function identityOf(server: WrittenVirtualServer): string {
  const { key, protocol = "UDP" } = server;
  if (key.kind === "address") return `${key.address} ${key.port} ${protocol}`;
  if (key.kind === "group") return `${key.group} ${protocol}`;
  return `${key.fwmark} ${writtenFamily(server) ?? 4}`;
}
