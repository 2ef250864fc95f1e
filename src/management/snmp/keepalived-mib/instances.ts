// KEEPALIVED-MIB: instances.

import type { ManagementFacts } from "../../facts.ts";
import {
  carrierName,
  type InstanceFacts,
  instancesOf,
  optionOf,
  stateOf,
  vrrpStateCode,
} from "../instance-facts.ts";
import { column, type MibGroup, table } from "../mib-group.ts";
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
import { vrrpEntry } from "./identifiers.ts";
import { hasPrograms, programValue } from "./programs.ts";

const authTypes: Readonly<Record<string, number>> = { none: 0, PASS: 1, AH: 2 };

const state = (instance: InstanceFacts): SnmpValue => integer(vrrpStateCode[stateOf(instance)]);

/** Seconds in version 2, centiseconds in version 3. */
function advertInterval({ wish }: InstanceFacts): SnmpValue {
  return gauge(wish.version === 2 ? wish.advertIntervalCs / 100 : wish.advertIntervalCs);
}

function holdsAll({ status }: InstanceFacts): boolean {
  return status !== undefined && status.heldAddresses.length === status.virtualAddresses.length;
}

function mailsAlerts({ facts, wish }: InstanceFacts): boolean {
  const alerts = facts.model.global.options?.mail?.alerts;
  return wish.options?.mail ?? alerts?.vrrp ?? alerts?.all ?? false;
}

/** The interface of the connection synchronization that follows this instance. */
function syncInterface({ facts, wish }: InstanceFacts): string | undefined {
  const daemon = facts.model.global.options?.syncDaemon;
  return (
    wish.options?.syncDaemonInterface ??
    (daemon?.instance === wish.name ? daemon.interface : undefined)
  );
}

function accepts(instance: InstanceFacts): boolean {
  return instance.wish.options?.accept ?? optionOf(instance, "strict") !== true;
}

/** Instances with peers of their own use no group. */
function multicast(
  value: (address: InstanceFacts["wish"]["multicastGroup"]) => SnmpValue,
): (instance: InstanceFacts) => SnmpValue | undefined {
  return ({ wish }) =>
    wish.options?.unicast === undefined ? value(wish.multicastGroup) : undefined;
}

const instances = table<ManagementFacts, InstanceFacts>({
  name: "vrrpInstanceTable",
  entry: vrrpEntry(3),
  rows: (facts) => instancesOf(facts).map((row) => ({ index: [row.number], row })),
  columns: [
    column(2, "vrrpInstanceName", ({ wish }) => octets(wish.name)),
    column(3, "vrrpInstanceVirtualRouterId", ({ wish }) => gauge(wish.vrid)),
    column(4, "vrrpInstanceState", state),
    column(5, "vrrpInstanceInitialState", ({ wish }) => integer(vrrpStateCode[wish.initialState])),
    column(6, "vrrpInstanceWantedState", state),
    column(7, "vrrpInstanceBasePriority", ({ wish }) => integer(wish.priority)),
    column(8, "vrrpInstanceEffectivePriority", ({ wish, status }) =>
      integer(status?.priority ?? wish.priority),
    ),
    column(9, "vrrpInstanceVipsStatus", (instance) => truth(holdsAll(instance))),
    column(10, "vrrpInstancePrimaryInterface", (instance) => octets(carrierName(instance))),
    column(11, "vrrpInstanceTrackPrimaryIf", ({ wish }) =>
      truth(wish.options?.trackOwnInterface !== false),
    ),
    column(12, "vrrpInstanceAdvertisementsInt", advertInterval),
    column(13, "vrrpInstancePreempt", ({ wish }) => truth(wish.preempt)),
    column(14, "vrrpInstancePreemptDelay", ({ wish }) => gauge(wish.preemptDelayMs / 1000)),
    column(15, "vrrpInstanceAuthType", ({ wish }) =>
      integer(authTypes[wish.authentication.type] ?? 0),
    ),
    column(16, "vrrpInstanceLvsSyncDaemon", (instance) =>
      truth(syncInterface(instance) !== undefined),
    ),
    column(17, "vrrpInstanceLvsSyncInterface", (instance) =>
      octetsOrNothing(syncInterface(instance)),
    ),
    column(18, "vrrpInstanceSyncGroup", ({ wish }) => octetsOrNothing(wish.options?.syncGroup)),
    column(19, "vrrpInstanceGarpDelay", ({ wish }) => gauge(wish.garp.delayMs / 1000)),
    column(20, "vrrpInstanceSmtpAlert", (instance) => truth(mailsAlerts(instance))),
    column(21, "vrrpInstanceNotifyExec", ({ wish }) => truth(hasPrograms(wish.options?.notify))),
    column(22, "vrrpInstanceScriptMaster", ({ wish }) =>
      programValue(wish.options?.notify?.master),
    ),
    column(23, "vrrpInstanceScriptBackup", ({ wish }) =>
      programValue(wish.options?.notify?.backup),
    ),
    column(24, "vrrpInstanceScriptFault", ({ wish }) => programValue(wish.options?.notify?.fault)),
    column(25, "vrrpInstanceScriptStop", ({ wish }) => programValue(wish.options?.notify?.stop)),
    column(26, "vrrpInstanceScript", ({ wish }) => programValue(wish.options?.notify?.change)),
    column(27, "vrrpInstanceAccept", (instance) => truth(accepts(instance))),
    column(28, "vrrpInstancePromoteSecondaries", ({ wish }) =>
      truth(wish.options?.promoteSecondaries ?? false),
    ),
    // Links tell their changes themselves; none is asked in turn.
    column(29, "vrrpInstanceUseLinkbeat", () => truth(false)),
    column(30, "vrrpInstanceVrrpVersion", ({ wish }) => integer(wish.version)),
    column(31, "vrrpInstanceScriptMstrRxLowerPri", ({ wish }) =>
      programValue(wish.options?.notify?.masterHeardLowerPriority),
    ),
    column(32, "vrrpInstanceScriptDeleted", ({ wish }) =>
      programValue(wish.options?.notify?.deleted?.program),
    ),
    column(33, "vrrpInstanceNotifyDeleted", ({ wish }) =>
      truth(wish.options?.notify?.deleted !== undefined),
    ),
    column(34, "vrrpInstanceMulticastAddressType", multicast(addressType)),
    column(35, "vrrpInstanceMulticastAddress", multicast(inetAddress)),
  ],
});

/** The table of instances. */
export const instanceGroups: readonly MibGroup<ManagementFacts>[] = [instances];
