// A table as `ipvsadm -Sn` prints it, byte for byte. Thresholds are the exception: ipvsadm leaves them out and loses
// them; here they stand where there are any.

import { endpointName, type VirtualServerKey } from "../../model/virtual-server.ts";
import { dottedMask } from "../text/netmask.ts";
import { flagNames, type SavedServer, type SavedService } from "./saved-table.ts";
import { compareKeys, compareServers } from "./sort-table.ts";

/** Prints services in ipvsadm's order. */
export function printSavedTable(services: readonly SavedService[]): string {
  const lines: string[] = [];
  for (const service of [...services].sort((a, b) => compareKeys(a.key, b.key))) {
    lines.push(printService(service));
    for (const server of [...service.servers].sort(compareServers))
      lines.push(printServer(service.key, server));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function printKey(key: VirtualServerKey): string {
  if (key.kind === "fwmark") return `-f ${key.fwmark}${key.family === 6 ? " -6" : ""}`;
  const option = { TCP: "-t", UDP: "-u", SCTP: "--sctp-service" }[key.protocol];
  return `${option} ${endpointName(key.address, key.port)}`;
}

function printService(service: SavedService): string {
  const { key, scheduler, persistenceTimeoutS, persistencePrefixLength, flags } = service;
  const words = [`-A ${printKey(key)} -s ${scheduler}`];
  if (persistenceTimeoutS > 0) {
    words.push(`-p ${persistenceTimeoutS}`);
    const isIpv4 = key.kind === "fwmark" ? key.family === 4 : !key.address.includes(":");
    if (isIpv4 && persistencePrefixLength !== 32)
      words.push(`-M ${dottedMask(persistencePrefixLength)}`);
    if (!isIpv4 && persistencePrefixLength !== 128) words.push(`-M ${persistencePrefixLength}`);
  }
  if (service.persistenceEngine !== undefined) words.push(`--pe ${service.persistenceEngine}`);
  if (service.onePacket) words.push("-o");
  const names = flagNames(scheduler);
  if (flags.length > 0) words.push(`-b ${flags.map((flag) => names[flag - 1]).join(",")}`);
  return words.join(" ");
}

function printServer(key: VirtualServerKey, server: SavedServer): string {
  // IPVS knows no translation of the source: what comes nearest to it is NAT.
  const method = { DR: "-g", NAT: "-m", FULLNAT: "-m", TUN: "-i" }[server.forwarding];
  const words = [
    `-a ${printKey(key)} -r ${endpointName(server.address, server.port)} ${method} -w ${server.weight}`,
  ];
  if (server.upperThreshold > 0) words.push(`-x ${server.upperThreshold}`);
  if (server.lowerThreshold > 0) words.push(`-y ${server.lowerThreshold}`);
  if (server.forwarding === "TUN") words.push(...printTunnel(server));
  return words.join(" ");
}

function printTunnel({ tunnel }: SavedServer): readonly string[] {
  const type = tunnel?.type ?? "ipip";
  if (tunnel === undefined || type === "ipip") return ["--tun-type ipip"];
  const checksum = { none: "--tun-nocsum", full: "--tun-csum", remote: "--tun-remcsum" };
  const port = tunnel.port === undefined ? [] : [`--tun-port ${tunnel.port}`];
  return [`--tun-type ${type}`, ...port, checksum[tunnel.checksum]];
}
