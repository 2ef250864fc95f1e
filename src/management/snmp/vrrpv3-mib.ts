// VRRPV3-MIB (RFC 6527). Instances of version 2 are shown as well, as the RFC allows and keepalived does.

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import type { ManagementFacts, MasterReason, ProtocolError } from "../facts.ts";
import {
  carrierName,
  type InstanceFacts,
  instancesOf,
  linkOf,
  masterOf,
  optionOf,
  rejectedByNode,
  rejectedOf,
  rfcStateCode,
  sourceOf,
  stateOf,
} from "./instance-facts.ts";
import {
  type Column,
  column,
  type IndexedRow,
  type MibGroup,
  scalars,
  table,
} from "./mib-group.ts";
import { type Oid, oid } from "./oid.ts";
import { ticksSince } from "./uptime.ts";
import {
  counter32,
  counter64,
  gauge,
  inetAddress,
  integer,
  octets,
  ticks,
  truth,
} from "./value.ts";

/** vrrpv3MIB. */
export const vrrpv3Mib: Oid = oid("1.3.6.1.2.1.207");

const operations: Oid = [...vrrpv3Mib, 1, 1];
const statistics: Oid = [...vrrpv3Mib, 1, 2];
const rowActive = 1;
const unknown: Readonly<Record<4 | 6, IpAddress>> = {
  4: "0.0.0.0" as IpAddress,
  6: "::" as IpAddress,
};

/** vrrpv3StatisticsNewMasterReason. */
export const masterReasonCode: Readonly<Record<MasterReason, number>> = {
  "not-master": 0,
  priority: 1,
  preempted: 2,
  "master-no-response": 3,
};

/** vrrpv3StatisticsProtoErrReason. */
export const protocolErrorCode: Readonly<Record<ProtocolError, number>> = {
  none: 0,
  ttl: 1,
  version: 2,
  checksum: 3,
  vrid: 4,
};

/** The instances with ifIndex, VRID and type of address. */
export function operationRows(facts: ManagementFacts): readonly IndexedRow<InstanceFacts>[] {
  return instancesOf(facts).flatMap((row) => {
    const link = linkOf(facts, row.wish.interface);
    const { vrid, family } = row.wish;
    return link === undefined ? [] : [{ index: [link.index, vrid, family === 6 ? 2 : 1], row }];
  });
}

function accepts(row: InstanceFacts): boolean {
  return row.wish.options?.accept ?? optionOf(row, "strict") !== true;
}

const operation = table<ManagementFacts, InstanceFacts>({
  name: "vrrpv3OperationsTable",
  entry: [...operations, 1, 1],
  rows: operationRows,
  columns: [
    column(3, "vrrpv3OperationsMasterIpAddr", (row) =>
      inetAddress(masterOf(row) ?? unknown[row.wish.family]),
    ),
    column(4, "vrrpv3OperationsPrimaryIpAddr", (row) =>
      inetAddress(sourceOf(row) ?? unknown[row.wish.family]),
    ),
    column(5, "vrrpv3OperationsVirtualMacAddr", (row) => {
      const link = linkOf(row.facts, carrierName(row));
      return link === undefined ? undefined : octets(link.mac);
    }),
    column(6, "vrrpv3OperationsStatus", (row) => integer(rfcStateCode[stateOf(row)])),
    column(7, "vrrpv3OperationsPriority", ({ wish }) => gauge(wish.priority)),
    column(8, "vrrpv3OperationsAddrCount", ({ wish }) => integer(wish.virtualAddresses.length)),
    column(9, "vrrpv3OperationsAdvInterval", ({ wish }) => integer(wish.advertIntervalCs)),
    column(10, "vrrpv3OperationsPreemptMode", ({ wish }) => truth(wish.preempt)),
    column(11, "vrrpv3OperationsAcceptMode", (row) => truth(accepts(row))),
    column(12, "vrrpv3OperationsUpTime", ({ facts, wish }) => {
      const { upSinceMs } = facts.history(wish.name);
      return upSinceMs === undefined ? ticks(0) : ticksSince(facts, upSinceMs);
    }),
    column(13, "vrrpv3OperationsRowStatus", () => integer(rowActive)),
  ],
});

const addresses = table<ManagementFacts, null>({
  name: "vrrpv3AssociatedIpAddrTable",
  entry: [...operations, 2, 1],
  rows: (facts) =>
    operationRows(facts).flatMap(({ index, row }) =>
      row.wish.virtualAddresses.map(({ address }) => {
        const bytes = ipAddressBytes(address);
        // An address has no fixed length, so that its length goes before it (RFC 2578 section 7.7).
        return { index: [...index, bytes.length, ...bytes], row: null };
      }),
    ),
  columns: [column(2, "vrrpv3AssociatedIpAddrRowStatus", () => integer(rowActive))],
});

const errors = scalars<ManagementFacts>("vrrpv3Statistics", statistics, [
  column(1, "vrrpv3RouterChecksumErrors", (facts) =>
    counter64(rejectedByNode(facts, "checksum-wrong")),
  ),
  column(2, "vrrpv3RouterVersionErrors", (facts) =>
    counter64(rejectedByNode(facts, "version-wrong")),
  ),
  column(3, "vrrpv3RouterVrIdErrors", (facts) => counter64(rejectedByNode(facts, "vrid-unknown"))),
  column(4, "vrrpv3GlobalStatisticsDiscontinuityTime", () => ticks(0)),
]);

function rejected(number: number, name: string, ...kinds: string[]): Column<InstanceFacts> {
  return column(number, name, (row) => counter64(rejectedOf(row, kinds)));
}

const counts = table<ManagementFacts, InstanceFacts>({
  name: "vrrpv3StatisticsTable",
  entry: [...statistics, 5, 1],
  rows: operationRows,
  columns: [
    column(1, "vrrpv3StatisticsMasterTransitions", ({ status }) =>
      counter32(status?.counters.becameMaster ?? 0),
    ),
    column(2, "vrrpv3StatisticsNewMasterReason", ({ facts, wish }) =>
      integer(masterReasonCode[facts.history(wish.name).masterReason]),
    ),
    column(3, "vrrpv3StatisticsRcvdAdvertisements", ({ status }) =>
      counter64(status?.counters.advertsReceived ?? 0),
    ),
    rejected(4, "vrrpv3StatisticsAdvIntervalErrors", "interval-mismatch", "interval-zero"),
    rejected(5, "vrrpv3StatisticsIpTtlErrors", "ttl-wrong"),
    column(6, "vrrpv3StatisticsProtoErrReason", ({ facts, wish }) =>
      integer(protocolErrorCode[facts.history(wish.name).protocolError]),
    ),
    column(7, "vrrpv3StatisticsRcvdPriZeroPackets", ({ status }) =>
      counter64(status?.counters.priorityZeroReceived ?? 0),
    ),
    column(8, "vrrpv3StatisticsSentPriZeroPackets", ({ status }) =>
      counter64(status?.counters.priorityZeroSent ?? 0),
    ),
    rejected(9, "vrrpv3StatisticsRcvdInvalidTypePackets", "type-wrong"),
    rejected(
      10,
      "vrrpv3StatisticsAddressListErrors",
      "address-list-mismatch",
      "address-count-zero",
    ),
    rejected(11, "vrrpv3StatisticsPacketLengthErrors", "length-wrong", "truncated"),
    column(12, "vrrpv3StatisticsRowDiscontinuityTime", () => ticks(0)),
    // An advert's interval, after which these counters can have changed; in milliseconds.
    column(13, "vrrpv3StatisticsRefreshRate", ({ wish }) => gauge(wish.advertIntervalCs * 10)),
  ],
});

/** The objects of the MIB. */
export const vrrpv3MibGroups: readonly MibGroup<ManagementFacts>[] = [
  operation,
  addresses,
  errors,
  counts,
];
