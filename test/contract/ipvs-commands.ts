// What ipvsadm is told for an operation, and what it tells of the table.

import { present } from "../../src/base/assert.ts";
import {
  type BalancerSettings,
  defaultBalancerSettings,
} from "../../src/model/balancer-settings.ts";
import type {
  Destination,
  DestinationStatistics,
  Service,
  ServiceStatistics,
} from "../../src/model/balancer-table.ts";
import {
  endpointName,
  type ForwardingMethod,
  type VirtualServerKey,
} from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { endpoint } from "./frames.ts";
import type { ConnectionLine } from "./stream.ts";

const protocolOptions = { TCP: "-t", UDP: "-u", SCTP: "--sctp-service" } as const;
const methodOptions: Readonly<Partial<Record<ForwardingMethod, string>>> = { NAT: "-m", DR: "-g" };

/** The command lines of `ipvsadm` for one operation, in order. */
export function ipvsadmCommands(operation: BalancerOperation): readonly (readonly string[])[] {
  switch (operation.kind) {
    case "add-service": {
      const { service } = operation;
      const destinations = service.destinations.map((wish) => [
        "-a",
        ...serviceWords(service.key),
        ...destinationWords(wish),
      ]);
      return [["-A", ...serviceWords(service.key), ...attributeWords(service)], ...destinations];
    }
    case "change-service":
      return [["-E", ...serviceWords(operation.service.key), ...attributeWords(operation.service)]];
    case "remove-service":
      return [["-D", ...serviceWords(operation.key)]];
    case "add-destination":
    case "change-destination": {
      const command = operation.kind === "add-destination" ? "-a" : "-e";
      const words = destinationWords(operation.destination);
      return [[command, ...serviceWords(operation.key), ...words]];
    }
    case "remove-destination": {
      const at = endpointName(operation.address, operation.port);
      return [["-d", ...serviceWords(operation.key), "-r", at]];
    }
  }
}

function serviceWords(key: VirtualServerKey): readonly string[] {
  if (key.kind === "fwmark") return ["-f", `${key.fwmark}`, ...(key.family === 6 ? ["-6"] : [])];
  return [protocolOptions[key.protocol], endpointName(key.address, key.port)];
}

function attributeWords(service: Service): readonly string[] {
  const words = ["-s", service.scheduler];
  const flags = (service.schedulerFlags ?? []).map((flag) => `flag-${flag}`);
  if (flags.length > 0) words.push("-b", flags.join(","));
  if (service.onePacket) words.push("-o");
  if (service.persistenceTimeoutS === 0) return words;
  const six = service.key.kind === "fwmark" ? service.key.family === 6 : isSix(service.key.address);
  const length = service.persistencePrefixLength;
  return [...words, "-p", `${service.persistenceTimeoutS}`, "-M", six ? `${length}` : mask(length)];
}

function isSix(address: string): boolean {
  return address.includes(":");
}

function mask(length: number): string {
  const bits = length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

function destinationWords(wish: Destination): readonly string[] {
  const method = present(methodOptions[wish.forwarding], "a method that is played in the kernel");
  return [
    ...["-r", endpointName(wish.address, wish.port), method, "-w", `${wish.weight}`],
    ...["-x", `${wish.upperThreshold}`, "-y", `${wish.lowerThreshold}`],
  ];
}

/** The sysctls below net.ipv4.vs that stand for settings which differ from the defaults. */
export function ipvsSysctls(
  settings: Partial<BalancerSettings>,
): readonly (readonly [string, string])[] {
  const all = { ...defaultBalancerSettings, ...settings };
  const bit = (value: boolean): string => (value ? "1" : "0");
  return [
    ["expire_nodest_conn", bit(all.expireNodestConnections)],
    ["expire_quiescent_template", bit(all.expireQuiescentTemplates)],
    ["conn_reuse_mode", `${all.connectionReuseMode}`],
    ["sloppy_tcp", bit(all.sloppyTcp)],
    ["sloppy_sctp", bit(all.sloppySctp)],
    ["cache_bypass", bit(all.cacheBypass)],
    ["nat_icmp_send", bit(all.natIcmpSend)],
    ["schedule_icmp", bit(all.scheduleIcmp)],
    ["pmtu_disc", bit(all.pathMtuDiscovery)],
  ];
}

/** Rows of `ipvsadm -Lnc`: protocol, time left, state, client, virtual, destination. */
export function parseConnections(listing: string): readonly ConnectionLine[] {
  const rows = listing.split("\n").map((row) => row.trim().split(/ +/));
  return rows
    .filter(([, expire = ""]) => /^\d+:\d+$/.test(expire))
    .map(([protocol = "", , state = "", client = "", virtual = "", destination = ""]) => ({
      protocol,
      client,
      virtual,
      destination,
      state,
    }));
}

/** `ipvsadm -Ln` for the loads, `ipvsadm -Ln --stats --exact` for the counters: one table. */
export function parseStatistics(loads: string, counters: string): readonly ServiceStatistics[] {
  const loadOf = new Map(rowsOf(loads).map(({ name, words }) => [name, words.slice(-2)]));
  const services: { key: VirtualServerKey; counters: string[]; rows: Row[] }[] = [];
  for (const row of rowsOf(counters)) {
    if (row.key !== undefined)
      services.push({ key: row.key, counters: row.words.slice(-5), rows: [] });
    else services.at(-1)?.rows.push(row);
  }
  return services.map(({ key, counters: own, rows }) => ({
    key,
    counters: countersOf(own),
    destinations: rows.map((row): DestinationStatistics => {
      const [active = "", inactive = ""] = loadOf.get(row.name) ?? [];
      return {
        ...endpoint(row.words[1] ?? ""),
        activeConnections: Number(active),
        inactiveConnections: Number(inactive),
        counters: countersOf(row.words.slice(-5)),
      };
    }),
  }));
}

interface Row {
  /** Service and destination. */
  readonly name: string;
  readonly words: readonly string[];
  /** Of a row that is a service. */
  readonly key: VirtualServerKey | undefined;
}

function rowsOf(listing: string): readonly Row[] {
  const rows: Row[] = [];
  let service = "";
  for (const line of listing.split("\n")) {
    const words = line.trim().split(/ +/);
    const [first = "", second = ""] = words;
    if (first === "->" && second !== "RemoteAddress:Port")
      rows.push({ name: `${service} ${second}`, words, key: undefined });
    if (first !== "TCP" && first !== "UDP" && first !== "SCTP") continue;
    service = `${first} ${second}`;
    const key = { kind: "address", protocol: first, ...endpoint(second) } as const;
    rows.push({ name: service, words, key });
  }
  return rows;
}

function countersOf(words: readonly string[]): ServiceStatistics["counters"] {
  const [connections = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] =
    words.map(Number);
  return { connections, inPackets, outPackets, inBytes, outBytes };
}
