// A real server in one line: of each kind of list, or as the command that adds it.

import type { Destination } from "../model/balancer-table.ts";
import type { ListedDestination, ListedService } from "./list-row.ts";
import { cutForIpv4, printEndpoint, type ReverseNames } from "./names.ts";
import { printServiceOption } from "./print-service.ts";

/** Columns of a real server's name in a list. */
export const serverNameWidth = 28;

// IPVS knows no translation of the source: what comes nearest to it is NAT.
const methodNames = { NAT: "Masq", FULLNAT: "Masq", TUN: "Tunnel", DR: "Route" } as const;
const methodOptions = { NAT: "-m", FULLNAT: "-m", TUN: "-i", DR: "-g" } as const;

/** `192.0.2.1:80`, as wide as its column. */
export function printServerName(
  { key }: Pick<ListedService, "key">,
  destination: Destination,
  names: ReverseNames,
): string {
  const protocol = key.kind === "address" ? key.protocol : undefined;
  const text = printEndpoint(destination, protocol, names);
  return cutForIpv4(text, destination.address.includes(":"), serverNameWidth);
}

function columns(...values: readonly (readonly [string | number, number])[]): string {
  return values.map(([value, width]) => String(value).padEnd(width)).join(" ");
}

/** What stands behind the name in a plain list. */
export function plainColumns(one: ListedDestination): string {
  return columns(
    [methodNames[one.forwarding], 7],
    [one.weight, 6],
    [one.activeConnections, 10],
    [one.inactiveConnections, 10],
  );
}

/** With `--tun-info`. */
export function tunnelColumns(one: ListedDestination): string {
  return columns(
    [methodNames[one.forwarding], 7],
    [tunnelWord(one), 13],
    [one.weight, 6],
    [one.activeConnections, 10],
    [one.inactiveConnections, 10],
  );
}

/** With `--thresholds`. */
export function thresholdColumns(one: ListedDestination): string {
  return columns(
    [one.upperThreshold, 10],
    [one.lowerThreshold, 10],
    [one.activeConnections, 10],
    [one.inactiveConnections, 10],
  );
}

/** With `--persistent-conn`. */
export function persistenceColumns(one: ListedDestination): string {
  return columns(
    [one.weight, 9],
    [one.persistentConnections, 11],
    [one.activeConnections, 10],
    [one.inactiveConnections, 10],
  );
}

/** `gue:6080:+c`, `gre:-c`, `ipip`; `n/a` without a tunnel. */
function tunnelWord({ forwarding, tunnel }: Destination): string {
  if (forwarding !== "TUN") return "n/a";
  if (tunnel === undefined || tunnel.type === "ipip") return "ipip";
  const checksum = { none: "-c", full: "+c", remote: "r+c" }[tunnel.checksum];
  return tunnel.type === "gue" ? `gue:${tunnel.port ?? 0}:${checksum}` : `gre:${checksum}`;
}

/** The command that adds it; like ipvsadm's, without thresholds. */
export function printServerRule(
  service: ListedService,
  destination: Destination,
  names: ReverseNames,
): string {
  const { key } = service;
  const protocol = key.kind === "address" ? key.protocol : undefined;
  const words = [
    `-a ${printServiceOption(key, names)}`,
    `-r ${printEndpoint(destination, protocol, names)}`,
    methodOptions[destination.forwarding],
    `-w ${destination.weight}`,
  ];
  if (destination.forwarding === "TUN") words.push(...tunnelOptions(destination));
  return words.join(" ");
}

function tunnelOptions({ tunnel }: Destination): readonly string[] {
  if (tunnel === undefined || tunnel.type === "ipip") return ["--tun-type ipip"];
  const port = tunnel.type === "gue" ? [`--tun-port ${tunnel.port ?? 0}`] : [];
  const checksum = { none: "--tun-nocsum", full: "--tun-csum", remote: "--tun-remcsum" };
  return [`--tun-type ${tunnel.type}`, ...port, checksum[tunnel.checksum]];
}
