// Virtual servers of the status page, each with its real servers.

import type { TrafficRates } from "../model/balancer-table.ts";
import type { DrainStatus, RealServerStatus, VirtualServerStatus } from "../model/status.ts";
import { endpointName } from "../model/virtual-server.ts";
import type { Style } from "./paint.ts";
import { printBytes, printCount, printDuration } from "./quantities.ts";
import type { PageOptions } from "./render-status.ts";
import { type Column, type Row, renderTable, wrapText } from "./table.ts";

/** Column `NEW/S` is there once rates are known. */
function columnsOf(rates: boolean): readonly Column[] {
  return [
    { title: "REAL SERVER", align: "left" },
    { title: "WEIGHT", align: "right" },
    { title: "HEALTH", align: "left" },
    { title: "ACTIVE", align: "right" },
    { title: "INACT", align: "right" },
    ...(rates ? [{ title: "NEW/S", align: "right" } as const] : []),
    { title: "IN", align: "right" },
    { title: "OUT", align: "right" },
  ];
}

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
  if (server.services !== undefined) words.push(`${server.services} addresses and marks`);
  if (server.persistenceTimeoutS > 0) words.push(`persistent ${server.persistenceTimeoutS} s`);
  const quorum = server.quorumUp ? "" : `, ${paint("QUORUM LOST", "bad")}`;
  const { connections, inBytes, outBytes } = server.counters;
  const traffic = `${printCount(connections)} connections, ${printBytes(inBytes)} in, ${printBytes(outBytes)} out`;
  return [
    `${paint("VIRTUAL SERVER", "heading")} ${server.name}  ${words.join(", ")}${quorum}`,
    `  ${traffic}`,
    ...(server.rates === undefined ? [] : [`  ${describeRates(server.rates)}`]),
  ];
}

function renderRealServers(servers: readonly RealServerStatus[], options: PageOptions): string[] {
  if (servers.length === 0) return ["  no real servers"];
  const rates = servers.some((server) => server.rates !== undefined);
  const rows = servers.map((server): Row => {
    const { inBytes, outBytes } = server.counters;
    return {
      cells: [
        {
          text: `${endpointName(server.address, server.port)}${server.role === "real" ? "" : ` (${server.role})`}`,
        },
        { text: describeWeight(server), style: server.weight === undefined ? "quiet" : "plain" },
        { text: describeHealth(server, options.nowMs), style: healthStyles[server.health] },
        { text: printCount(server.activeConnections) },
        { text: printCount(server.inactiveConnections) },
        ...(rates ? [{ text: printCount(server.rates?.connections ?? 0) }] : []),
        { text: printBytes(inBytes) },
        { text: printBytes(outBytes) },
      ],
      notes: notesOf(server, options.nowMs).flatMap((text) =>
        wrapText(text, options.width, "    ", "      "),
      ),
    };
  });
  return renderTable(columnsOf(rates), rows, { indent: "  ", paint: options.paint });
}

/** What else is to be known of a server, one sentence a line. */
function notesOf(server: RealServerStatus, nowMs: number): readonly string[] {
  const notes: string[] = [];
  if (server.drain !== undefined) notes.push(describeDrain(server.drain, nowMs));
  if ((server.persistentConnections ?? 0) > 0)
    notes.push(`remembered by ${printCount(server.persistentConnections ?? 0)} clients`);
  if (needsReason(server)) notes.push(`because ${server.cause.text}`);
  return notes;
}

function describeDrain(drain: DrainStatus, nowMs: number): string {
  const { cause, sinceMs, untilMs, atFirst, left, cut } = drain;
  const why = cause === "operator" ? "drained by an operator" : "removed by a reload";
  const since = `${why}, for ${printDuration(nowMs - sinceMs)}`;
  if (cut) return `${since}: its time is over, it is out`;
  if (left === 0) return `${since}: no connections are left`;
  const limit = untilMs === undefined ? "" : `; cut off in ${printDuration(untilMs - nowMs)}`;
  return `${since}: ${printCount(left)} of ${printCount(Math.max(left, atFirst))} connections are left${limit}`;
}

/** The rates of a whole virtual server. */
function describeRates(rates: TrafficRates): string {
  const { connections, inPackets, outPackets, inBytes, outBytes } = rates;
  const packets = `${printCount(inPackets)} packets/s in, ${printCount(outPackets)} out`;
  const bytes = `${printBytes(inBytes)}/s in, ${printBytes(outBytes)}/s out`;
  return `${printCount(connections)} connections/s, ${packets}, ${bytes}`;
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
