// VRRP-MIB (RFC 2787): instances of version 2, which are of IPv4.

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import type { ManagementFacts } from "../facts.ts";
import {
  carrierName,
  type InstanceFacts,
  instancesOf,
  linkOf,
  masterOf,
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
import { timeStamp } from "./uptime.ts";
import { counter32, integer, ipAddress, octets, truth } from "./value.ts";

/** vrrpMIB. */
export const vrrpMib: Oid = oid("1.3.6.1.2.1.68");

const operations: Oid = [...vrrpMib, 1];
const statistics: Oid = [...vrrpMib, 2];
const authTypes: Readonly<Record<string, number>> = { none: 1, PASS: 2, AH: 3 };
const unknownAddress = "0.0.0.0" as IpAddress;
const rowActive = 1;

/** The instances that the MIB knows, with ifIndex and VRID. */
export function versionTwoRows(facts: ManagementFacts): readonly IndexedRow<InstanceFacts>[] {
  return instancesOf(facts).flatMap((row) => {
    const link = linkOf(facts, row.wish.interface);
    const { version, family, vrid } = row.wish;
    return link === undefined || version !== 2 || family !== 4
      ? []
      : [{ index: [link.index, vrid], row }];
  });
}

const router = scalars<ManagementFacts>("vrrpOperations", operations, [
  column(1, "vrrpNodeVersion", () => integer(2)),
  column(2, "vrrpNotificationCntl", ({ model }) =>
    truth(model.global.options?.snmp?.traps ?? false),
  ),
]);

const operation = table<ManagementFacts, InstanceFacts>({
  name: "vrrpOperTable",
  entry: [...operations, 3, 1],
  rows: versionTwoRows,
  columns: [
    column(2, "vrrpOperVirtualMacAddr", (row) => {
      const link = linkOf(row.facts, carrierName(row));
      return link === undefined ? undefined : octets(link.mac);
    }),
    column(3, "vrrpOperState", (row) => integer(rfcStateCode[stateOf(row)])),
    column(4, "vrrpOperAdminState", () => integer(1)),
    column(5, "vrrpOperPriority", ({ wish }) => integer(wish.priority)),
    column(6, "vrrpOperIpAddrCount", ({ wish }) => integer(wish.virtualAddresses.length)),
    column(7, "vrrpOperMasterIpAddr", (row) => ipAddress(masterOf(row) ?? unknownAddress)),
    column(8, "vrrpOperPrimaryIpAddr", (row) => ipAddress(sourceOf(row) ?? unknownAddress)),
    column(9, "vrrpOperAuthType", ({ wish }) => integer(authTypes[wish.authentication.type] ?? 1)),
    // RFC 2787: whoever reads the key gets an empty text.
    column(10, "vrrpOperAuthKey", () => octets("")),
    column(11, "vrrpOperAdvertisementInterval", ({ wish }) => integer(wish.advertIntervalCs / 100)),
    column(12, "vrrpOperPreemptMode", ({ wish }) => truth(wish.preempt)),
    column(13, "vrrpOperVirtualRouterUpTime", ({ facts, wish }) => {
      const { upSinceMs } = facts.history(wish.name);
      return timeStamp(facts, upSinceMs ?? facts.agentBootMs ?? 0);
    }),
    column(14, "vrrpOperProtocol", () => integer(1)),
    column(15, "vrrpOperRowStatus", () => integer(rowActive)),
  ],
});

const addresses = table<ManagementFacts, null>({
  name: "vrrpAssoIpAddrTable",
  entry: [...operations, 4, 1],
  rows: (facts) =>
    versionTwoRows(facts).flatMap(({ index, row }) =>
      row.wish.virtualAddresses
        .filter(({ address }) => !address.includes(":"))
        .map(({ address }) => ({ index: [...index, ...ipAddressBytes(address)], row: null })),
    ),
  columns: [column(2, "vrrpAssoIpAddrRowStatus", () => integer(rowActive))],
});

const errors = scalars<ManagementFacts>("vrrpStatistics", statistics, [
  column(1, "vrrpRouterChecksumErrors", (facts) =>
    counter32(rejectedByNode(facts, "checksum-wrong")),
  ),
  column(2, "vrrpRouterVersionErrors", (facts) =>
    counter32(rejectedByNode(facts, "version-wrong")),
  ),
  column(3, "vrrpRouterVrIdErrors", (facts) => counter32(rejectedByNode(facts, "vrid-unknown"))),
]);

function rejected(number: number, name: string, ...kinds: string[]): Column<InstanceFacts> {
  return column(number, name, (row) => counter32(rejectedOf(row, kinds)));
}

const counts = table<ManagementFacts, InstanceFacts>({
  name: "vrrpRouterStatsTable",
  entry: [...statistics, 4, 1],
  rows: versionTwoRows,
  columns: [
    column(1, "vrrpStatsBecomeMaster", ({ status }) =>
      counter32(status?.counters.becameMaster ?? 0),
    ),
    column(2, "vrrpStatsAdvertiseRcvd", ({ status }) =>
      counter32(status?.counters.advertsReceived ?? 0),
    ),
    rejected(3, "vrrpStatsAdvertiseIntervalErrors", "interval-mismatch", "interval-zero"),
    rejected(4, "vrrpStatsAuthFailures", "auth-mismatch"),
    rejected(5, "vrrpStatsIpTtlErrors", "ttl-wrong"),
    column(6, "vrrpStatsPriorityZeroPktsRcvd", ({ status }) =>
      counter32(status?.counters.priorityZeroReceived ?? 0),
    ),
    column(7, "vrrpStatsPriorityZeroPktsSent", ({ status }) =>
      counter32(status?.counters.priorityZeroSent ?? 0),
    ),
    rejected(8, "vrrpStatsInvalidTypePktsRcvd", "type-wrong"),
    rejected(9, "vrrpStatsAddressListErrors", "address-list-mismatch", "address-count-zero"),
    rejected(10, "vrrpStatsInvalidAuthType", "auth-type-unknown"),
    rejected(11, "vrrpStatsAuthTypeMismatch", "auth-type-wrong"),
    rejected(12, "vrrpStatsPacketLengthErrors", "length-wrong", "truncated"),
  ],
});

/** The objects of the MIB. */
export const vrrpMibGroups: readonly MibGroup<ManagementFacts>[] = [
  router,
  operation,
  addresses,
  errors,
  counts,
];
