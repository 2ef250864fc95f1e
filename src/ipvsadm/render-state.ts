// ipvsadm's pages about what goes on: connections, timeouts, sync daemons.

import type { BalancerSettings } from "../model/balancer-settings.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import { printEndpoint, type ReverseNames } from "./names.ts";

const connectionsTitle = "pro expire state       source             virtual            destination";

/** Lines of connections under their title; `engines`: with the columns of persistence engines. */
export function* renderConnections(
  connections: Iterable<ConnectionEntry>,
  engines: boolean,
  names: ReverseNames,
): Generator<string> {
  yield "IPVS connection entries\n";
  yield `${connectionsTitle}${engines ? "        pe name          pe_data" : ""}\n`;
  for (const entry of connections) yield `${connectionLine(entry, engines, names)}\n`;
}

function connectionLine(entry: ConnectionEntry, engines: boolean, names: ReverseNames): string {
  const protocol = entry.protocol === "IP" ? undefined : entry.protocol;
  const [source, virtual, destination] = [entry.client, entry.virtual, entry.destination].map(
    (end) => printEndpoint(end, protocol, names).padEnd(18),
  );
  const seconds = Math.max(0, entry.expiresInS);
  const expires = `${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`;
  const start = `${entry.protocol.padEnd(3)} ${expires.padEnd(6)} ${entry.state.padEnd(11)}`;
  const line = `${start} ${source} ${virtual} ${destination}`;
  const { persistenceEngine: engine } = entry;
  if (!engines || engine === undefined) return line.trimEnd();
  return `${line} ${engine.name.padEnd(16)} ${engine.data}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** `-L --timeout`. */
export function renderTimeouts(settings: BalancerSettings): string {
  const { tcpEstablishedTimeoutS, tcpFinTimeoutS, udpTimeoutS } = settings;
  return `Timeout (tcp tcpfin udp): ${tcpEstablishedTimeoutS} ${tcpFinTimeoutS} ${udpTimeoutS}\n`;
}

/** `-L --daemon`. */
export function renderDaemons(daemons: readonly SyncDaemonState[]): string {
  const ordered = [
    ...daemons.filter(({ role }) => role === "master"),
    ...daemons.filter(({ role }) => role === "backup"),
  ];
  return ordered.map((daemon) => `${daemonLine(daemon)}\n`).join("");
}

function daemonLine(daemon: SyncDaemonState): string {
  const { role, syncId, maxLength, group, port = 8848, ttl = 1 } = daemon;
  const facts = [
    `mcast=${daemon.interface}`,
    `syncid=${syncId}`,
    // What fits into a frame of Ethernet, as the kernel takes it.
    `maxlen=${maxLength ?? (group?.includes(":") === true ? 1452 : 1472)}`,
    `group=${group ?? "224.0.0.81"}`,
    `port=${port}`,
    `ttl=${ttl}`,
  ];
  return `${role} sync daemon (${facts.join(", ")})`;
}
