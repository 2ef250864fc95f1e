// Virtual servers of the status page, each with its real servers.

import type { RealServerStatus, VirtualServerStatus } from "../model/status.ts";
import { endpointName } from "../model/virtual-server.ts";
import type { Style } from "./paint.ts";
import { printBytes, printCount, printDuration } from "./quantities.ts";
import type { PageOptions } from "./render-status.ts";
import { type Column, type Row, renderTable, wrapText } from "./table.ts";

const columns: readonly Column[] = [
  { title: "REAL SERVER", align: "left" },
  { title: "WEIGHT", align: "right" },
  { title: "HEALTH", align: "left" },
  { title: "ACTIVE", align: "right" },
  { title: "INACTIVE", align: "right" },
  { title: "IN", align: "right" },
  { title: "OUT", align: "right" },
];

const healthStyles: Readonly<Record<RealServerStatus["health"], Style>> = {
  up: "good",
  down: "bad",
  unchecked: "plain",
  unknown: "doubtful",
};

/** A heading and a table for each virtual server, a blank line between them. */
export function renderVirtualServers(
  servers: readonly VirtualServerStatus[],
  options: PageOptions,
): string[] {
  const lines: string[] = [];
  for (const server of servers) {
    if (lines.length > 0) lines.push("");
    lines.push(...renderHeading(server, options));
    lines.push(...renderRealServers(server.realServers, options));
  }
  return lines;
}

function renderHeading(server: VirtualServerStatus, { paint }: PageOptions): string[] {
  const words = [server.scheduler, server.forwarding];
  if (server.persistenceTimeoutS > 0) words.push(`persistent ${server.persistenceTimeoutS} s`);
  const quorum = server.quorumUp ? "" : `, ${paint("QUORUM LOST", "bad")}`;
  const { connections, inBytes, outBytes } = server.counters;
  const traffic = `${printCount(connections)} connections, ${printBytes(inBytes)} in, ${printBytes(outBytes)} out`;
  return [
    `${paint("VIRTUAL SERVER", "heading")} ${server.name}  ${words.join(", ")}${quorum}`,
    `  ${traffic}`,
  ];
}

function renderRealServers(servers: readonly RealServerStatus[], options: PageOptions): string[] {
  if (servers.length === 0) return ["  no real servers"];
  const rows = servers.map((server): Row => {
    const { inBytes, outBytes } = server.counters;
    return {
      cells: [
        {
          text: `${endpointName(server.address, server.port)}${server.role === "sorry" ? " (sorry)" : ""}`,
        },
        { text: describeWeight(server), style: server.weight === undefined ? "quiet" : "plain" },
        { text: describeHealth(server, options.nowMs), style: healthStyles[server.health] },
        { text: printCount(server.activeConnections) },
        { text: printCount(server.inactiveConnections) },
        { text: printBytes(inBytes) },
        { text: printBytes(outBytes) },
      ],
      notes: needsReason(server)
        ? wrapText(`because ${server.cause.text}`, options.width, "    ", "      ")
        : [],
    };
  });
  return renderTable(columns, rows, { indent: "  ", paint: options.paint });
}

function needsReason(server: RealServerStatus): boolean {
  return server.cause.text !== "" && (server.health === "down" || server.health === "unknown");
}

function describeWeight(server: RealServerStatus): string {
  if (server.weight === undefined) return server.role === "sorry" ? "waits" : "out";
  if (server.weight === server.configuredWeight) return `${server.weight}`;
  return `${server.weight} of ${server.configuredWeight}`;
}

function describeHealth(server: RealServerStatus, nowMs: number): string {
  if (server.health === "unchecked") return "no check";
  if (server.health === "unknown") return "checking";
  return `${server.health} ${printDuration(nowMs - server.sinceMs)}`;
}
