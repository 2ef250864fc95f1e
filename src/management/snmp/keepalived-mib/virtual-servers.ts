// KEEPALIVED-MIB: virtual servers.

import { parseIpAddress } from "../../../base/address.ts";
import type {
  SchedulerName,
  TunnelSettings,
  VirtualServer,
} from "../../../model/virtual-server.ts";
import type { ManagementFacts } from "../../facts.ts";
import { type Column, column, type MibGroup, table } from "../mib-group.ts";
import {
  isAlive,
  realServersOf,
  timingOf,
  type VirtualFacts,
  virtualServersOf,
} from "../server-facts.ts";
import { gauge, inetAddress, integer, octetsOrNothing, type SnmpValue, truth } from "../value.ts";
import { checkEntry } from "./identifiers.ts";
import { programValue } from "./programs.ts";
import { forwardingCode, virtualValues } from "./server-values.ts";
import { trafficColumns } from "./traffic.ts";

const schedulers: Readonly<Record<SchedulerName, number>> = {
  rr: 1,
  wrr: 2,
  lc: 3,
  wlc: 4,
  lblc: 5,
  lblcr: 6,
  dh: 7,
  sh: 8,
  sed: 9,
  nq: 10,
  fo: 11,
  ovf: 12,
  mh: 13,
  twos: 14,
};
const tunnelTypes = { ipip: 1, gue: 2, gre: 3 } as const;
const tunnelChecksums = { none: 1, full: 2, remote: 3 } as const;
const nothing = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };

/** Three columns of what packets to TUN servers are wrapped in. */
export function tunnelColumns<Row>(
  prefix: string,
  first: number,
  tunnelOf: (row: Row) => TunnelSettings | undefined,
): readonly Column<Row>[] {
  const part =
    (value: (tunnel: TunnelSettings) => SnmpValue | undefined) =>
    (row: Row): SnmpValue | undefined => {
      const tunnel = tunnelOf(row);
      return tunnel === undefined ? undefined : value(tunnel);
    };
  return [
    column(
      first,
      `${prefix}TunnelType`,
      part(({ type }) => integer(tunnelTypes[type])),
    ),
    column(
      first + 1,
      `${prefix}TunnelPort`,
      part(({ port }) => (port === undefined ? undefined : gauge(port))),
    ),
    column(
      first + 2,
      `${prefix}TunnelCsum`,
      part(({ checksum }) => integer(tunnelChecksums[checksum])),
    ),
  ];
}

function familyOfServer({ key, realServers }: VirtualServer): 4 | 6 {
  if (key.kind === "fwmark") return key.family;
  const address = key.address ?? realServers[0]?.address ?? "";
  return address.includes(":") ? 6 : 4;
}

/** The netmask of persistence for IPv4, four bytes. */
function netmask({ wish }: VirtualFacts): SnmpValue | undefined {
  if (wish.persistenceTimeoutS === 0 || familyOfServer(wish) === 6) return undefined;
  const bits = (0xffffffff << (32 - wish.persistencePrefixLength)) >>> 0;
  const value = wish.persistencePrefixLength === 0 ? 0 : bits;
  const text = [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join(".");
  const address = parseIpAddress(text);
  return address.ok ? inetAddress(address.value) : undefined;
}

function flag(
  number: number,
  name: string,
  scheduler: SchedulerName | undefined,
  which: number,
): Column<VirtualFacts> {
  return column(number, name, ({ wish }) => {
    const fits = scheduler === undefined || wish.scheduler === scheduler;
    return truth(fits && (wish.options?.schedulerFlags?.includes(which) ?? false));
  });
}

/** Settings of checks, which servers inherit: what the first check of the first server has. */
function timing(
  number: number,
  name: string,
  value: (timing: NonNullable<ReturnType<typeof timingOf>>) => number,
): Column<VirtualFacts> {
  return column(number, name, (virtual) => {
    const first = realServersOf(virtual)
      .map(timingOf)
      .find((one) => one !== undefined);
    return first === undefined ? undefined : gauge(value(first));
  });
}

const virtualServers = table<ManagementFacts, VirtualFacts>({
  name: "virtualServerTable",
  entry: checkEntry(3),
  rows: (facts) => virtualServersOf(facts).map((row) => ({ index: [row.number], row })),
  columns: [
    column(2, "virtualServerType", virtualValues.type),
    column(3, "virtualServerNameOfGroup", virtualValues.groupName),
    column(4, "virtualServerFwMark", virtualValues.mark),
    column(5, "virtualServerAddrType", virtualValues.addressType),
    column(6, "virtualServerAddress", virtualValues.address),
    column(7, "virtualServerPort", virtualValues.port),
    column(8, "virtualServerProtocol", virtualValues.protocol),
    column(9, "virtualServerLoadBalancingAlgo", ({ wish }) => integer(schedulers[wish.scheduler])),
    column(10, "virtualServerLoadBalancingKind", ({ wish, status }) =>
      integer(forwardingCode[status?.forwarding ?? wish.realServers[0]?.forwarding ?? "NAT"]),
    ),
    column(11, "virtualServerStatus", (virtual) => truth(realServersOf(virtual).some(isAlive))),
    column(12, "virtualServerVirtualHost", ({ wish }) => {
      const checks = wish.realServers.flatMap((server) => server.checks);
      const http = checks.find((check) => check.kind === "HTTP_GET");
      return octetsOrNothing(http?.requests[0]?.virtualHost);
    }),
    column(13, "virtualServerPersist", ({ wish }) => truth(wish.persistenceTimeoutS > 0)),
    column(14, "virtualServerPersistTimeout", ({ wish }) =>
      wish.persistenceTimeoutS === 0 ? undefined : gauge(wish.persistenceTimeoutS),
    ),
    column(15, "virtualServerPersistGranularity", netmask),
    timing(16, "virtualServerDelayLoop", ({ delayLoopMs }) => delayLoopMs / 1000),
    column(17, "virtualServerHaSuspend", ({ wish }) =>
      truth(wish.options?.suspendWithoutAddress ?? false),
    ),
    column(18, "virtualServerAlpha", ({ wish }) => truth(wish.alpha)),
    column(19, "virtualServerOmega", ({ wish }) => truth(wish.omega)),
    column(20, "virtualServerRealServersTotal", virtualValues.total),
    column(21, "virtualServerRealServersUp", virtualValues.up),
    column(22, "virtualServerQuorum", virtualValues.quorum),
    column(23, "virtualServerQuorumStatus", virtualValues.quorumStatus),
    column(24, "virtualServerQuorumUp", ({ wish }) => programValue(wish.options?.quorumUp)),
    column(25, "virtualServerQuorumDown", ({ wish }) => programValue(wish.options?.quorumDown)),
    column(26, "virtualServerHysteresis", ({ wish }) => gauge(wish.hysteresis)),
    ...trafficColumns<VirtualFacts>(
      "virtualServer",
      { connections: 27, packets: 28, rates: 32, wide: 38, wideRates: 41 },
      {
        counters: ({ status }) => status?.counters ?? nothing,
        rates: ({ facts, number }) => facts.rates(number - 1),
      },
    ),
    column(37, "virtualServerOPS", ({ wish }) => truth(wish.onePacket)),
    column(51, "virtualServerPersistGranularity6", ({ wish }) =>
      wish.persistenceTimeoutS === 0 || familyOfServer(wish) === 4
        ? undefined
        : gauge(wish.persistencePrefixLength),
    ),
    column(52, "virtualServerHashed", () => truth(true)),
    flag(53, "virtualServerSHFallback", "sh", 1),
    flag(54, "virtualServerSHPort", "sh", 2),
    flag(55, "virtualServerSched3", undefined, 3),
    column(56, "virtualServerActionWhenDown", ({ wish }) =>
      integer(wish.realServers.some((server) => server.inhibitOnFailure) ? 2 : 1),
    ),
    timing(57, "virtualServerRetry", ({ retries }) => retries),
    timing(
      58,
      "virtualServerDelayBeforeRetry",
      ({ delayBeforeRetryMs }) => delayBeforeRetryMs / 1000,
    ),
    timing(59, "virtualServerWarmup", ({ warmupMs }) => warmupMs / 1000),
    column(61, "virtualServerSmtpAlert", ({ facts, wish }) => {
      const alerts = facts.model.global.options?.mail?.alerts;
      return truth(wish.options?.mail ?? alerts?.checkers ?? alerts?.all ?? false);
    }),
    flag(62, "virtualServerMHFallback", "mh", 1),
    flag(63, "virtualServerMHPort", "mh", 2),
    timing(64, "virtualServerDelayLoopUsec", ({ delayLoopMs }) => delayLoopMs * 1000),
    timing(
      65,
      "virtualServerDelayBeforeRetrUsec",
      ({ delayBeforeRetryMs }) => delayBeforeRetryMs * 1000,
    ),
    timing(66, "virtualServerWarmupUsec", ({ warmupMs }) => warmupMs * 1000),
    timing(67, "virtualServerConnTimeoutUsec", ({ connectTimeoutMs }) => connectTimeoutMs * 1000),
    ...tunnelColumns<VirtualFacts>("virtualServer", 68, ({ wish }) => wish.options?.tunnel),
    column(71, "virtualServerName", ({ wish }) => octetsOrNothing(wish.options?.snmpName)),
  ],
});

/** The table of virtual servers. */
export const virtualServerGroups: readonly MibGroup<ManagementFacts>[] = [virtualServers];
