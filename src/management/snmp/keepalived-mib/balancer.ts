// KEEPALIVED-MIB: groups of virtual servers, synchronization of connections, timeouts.

import type { ServerGroup, ServerGroupEntry } from "../../../model/server-group.ts";
import type { ManagementFacts } from "../../facts.ts";
import { column, type MibGroup, scalars, table } from "../mib-group.ts";
import {
  addressType,
  gauge,
  inetAddress,
  integer,
  octets,
  octetsOrNothing,
  type SnmpValue,
  truth,
} from "../value.ts";
import { checkEntry, checkRoot } from "./identifiers.ts";

type Addresses = Extract<ServerGroupEntry, { readonly kind: "addresses" }>;

const groups = table<ManagementFacts, ServerGroup>({
  name: "virtualServerGroupTable",
  entry: checkEntry(1),
  rows: ({ model }) => (model.serverGroups ?? []).map((row, i) => ({ index: [i + 1], row })),
  columns: [column(2, "virtualServerGroupName", ({ name }) => octets(name))],
});

/** fwmark(1), ip(2), iprange(3). */
function memberType(entry: ServerGroupEntry): number {
  if (entry.kind === "fwmark") return 1;
  return entry.first === entry.last ? 2 : 3;
}

function ofAddresses(
  value: (entry: Addresses, range: boolean) => SnmpValue | undefined,
): (entry: ServerGroupEntry) => SnmpValue | undefined {
  return (entry) =>
    entry.kind === "fwmark" ? undefined : value(entry, entry.first !== entry.last);
}

const members = table<ManagementFacts, ServerGroupEntry>({
  name: "virtualServerGroupMemberTable",
  entry: checkEntry(2),
  rows: ({ model }) =>
    (model.serverGroups ?? []).flatMap(({ entries }, i) =>
      entries.map((row, j) => ({ index: [i + 1, j + 1], row })),
    ),
  columns: [
    column(2, "virtualServerGroupMemberType", (entry) => integer(memberType(entry))),
    column(3, "virtualServerGroupMemberFwMark", (entry) =>
      entry.kind === "fwmark" ? gauge(entry.fwmark) : undefined,
    ),
    column(
      4,
      "virtualServerGroupMemberAddrType",
      ofAddresses(({ first }) => addressType(first)),
    ),
    column(
      5,
      "virtualServerGroupMemberAddress",
      ofAddresses(({ first }, range) => (range ? undefined : inetAddress(first))),
    ),
    column(
      6,
      "virtualServerGroupMemberAddr1",
      ofAddresses(({ first }, range) => (range ? inetAddress(first) : undefined)),
    ),
    column(
      7,
      "virtualServerGroupMemberAddr2",
      ofAddresses(({ last }, range) => (range ? inetAddress(last) : undefined)),
    ),
    column(
      8,
      "virtualServerGroupMemberPort",
      ofAddresses(({ port }) => gauge(port)),
    ),
  ],
});

const syncDaemonOf = ({
  model,
}: ManagementFacts): NonNullable<ManagementFacts["model"]["global"]["options"]>["syncDaemon"] =>
  model.global.options?.syncDaemon;

function numberOrNothing(value: number | undefined): SnmpValue | undefined {
  return value === undefined ? undefined : integer(value);
}

const syncDaemon = scalars<ManagementFacts>(
  "lvsSyncDaemon",
  [...checkRoot, 6],
  [
    column(1, "lvsSyncDaemonEnabled", (facts) => truth(syncDaemonOf(facts) !== undefined)),
    column(2, "lvsSyncDaemonInterface", (facts) => octetsOrNothing(syncDaemonOf(facts)?.interface)),
    column(3, "lvsSyncDaemonVrrpInstance", (facts) =>
      octetsOrNothing(syncDaemonOf(facts)?.instance),
    ),
    column(4, "lvsSyncDaemonSyncId", (facts) => numberOrNothing(syncDaemonOf(facts)?.id)),
    column(5, "lvsSyncDaemonMaxLen", (facts) =>
      numberOrNothing(syncDaemonOf(facts)?.packetBytesMax),
    ),
    column(6, "lvsSyncDaemonPort", (facts) => numberOrNothing(syncDaemonOf(facts)?.port)),
    column(7, "lvsSyncDaemonTTL", (facts) => numberOrNothing(syncDaemonOf(facts)?.ttl)),
    column(8, "lvsSyncDaemonMcastGroupAddrType", (facts) => {
      const group = syncDaemonOf(facts)?.group;
      return group === undefined ? undefined : addressType(group);
    }),
    column(9, "lvsSyncDaemonMcastGroupAddrValue", (facts) => {
      const group = syncDaemonOf(facts)?.group;
      return group === undefined ? undefined : inetAddress(group);
    }),
  ],
);

const timeouts = scalars<ManagementFacts>(
  "lvsTimeouts",
  [...checkRoot, 7],
  [
    column(1, "lvsTimeoutTcp", ({ model }) =>
      numberOrNothing(model.global.options?.connectionTimeouts?.tcpS),
    ),
    column(2, "lvsTimeoutTcpFin", ({ model }) =>
      numberOrNothing(model.global.options?.connectionTimeouts?.tcpFinS),
    ),
    column(3, "lvsTimeoutUdp", ({ model }) =>
      numberOrNothing(model.global.options?.connectionTimeouts?.udpS),
    ),
  ],
);

/** Groups, synchronization and timeouts. */
export const balancerGroups: readonly MibGroup<ManagementFacts>[] = [
  groups,
  members,
  syncDaemon,
  timeouts,
];
