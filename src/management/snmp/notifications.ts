// Notifications (traps) of the three MIBs, as the varbinds that follow sysUpTime.

import { realServerIdentity, virtualServerIdentity } from "../../model/health.ts";
import type { ManagementFacts } from "../facts.ts";
import type { ManagementEvent, ToldState } from "../management-event.ts";
import {
  type InstanceFacts,
  instancesOf,
  masterOf,
  sourceOf,
  vrrpStateCode,
} from "./instance-facts.ts";
import {
  checkEntry,
  checkRoot,
  globalRoot,
  vrrpEntry,
  vrrpRoot,
} from "./keepalived-mib/identifiers.ts";
import { realValues, virtualValues } from "./keepalived-mib/server-values.ts";
import { type Oid, oid } from "./oid.ts";
import { realServersOf, type VirtualFacts, virtualServersOf } from "./server-facts.ts";
import { inetAddress, integer, ipAddress, octets, type SnmpValue, type Varbind } from "./value.ts";
import { versionTwoRows, vrrpMib } from "./vrrp-mib.ts";
import { masterReasonCode, operationRows, protocolErrorCode, vrrpv3Mib } from "./vrrpv3-mib.ts";

/** Which MIBs are served. */
export interface ServedMibs {
  readonly vrrp: boolean;
  readonly rfcVersion2: boolean;
  readonly rfcVersion3: boolean;
  readonly checkers: boolean;
}

/** The varbinds of one notification. */
export type Notification = readonly Varbind[];

const snmpTrapOid = oid("1.3.6.1.6.3.1.1.4.1.0");

function notification(trap: Oid, ...varbinds: (Varbind | undefined)[]): Notification {
  const kind: Varbind = { oid: snmpTrapOid, value: { type: "oid", value: trap } };
  return [kind, ...varbinds.filter((one) => one !== undefined)];
}

function bind(place: Oid, value: SnmpValue | undefined): Varbind | undefined {
  return value === undefined ? undefined : { oid: place, value };
}

function routerId({ model, status }: ManagementFacts): Varbind | undefined {
  const id = model.global.routerId ?? status.routerId;
  return id === undefined ? undefined : bind([...globalRoot, 2, 0], octets(id));
}

/** The notifications that an event causes. */
export function notificationsFor(
  event: ManagementEvent,
  facts: ManagementFacts,
  served: ServedMibs,
): readonly Notification[] {
  switch (event.kind) {
    case "transition":
      return transition(event, facts, served);
    case "group-transition": {
      if (!served.vrrp) return [];
      // keepalived binds columns without an index, and receivers match them so.
      return [
        notification(
          [...vrrpRoot, 10, 0, 1],
          bind([...vrrpEntry(1), 2], octets(event.group)),
          bind([...vrrpEntry(1), 3], stateValue(event.to)),
          routerId(facts),
        ),
      ];
    }
    case "real-server":
      return served.checkers ? realServer(event, facts) : [];
    case "quorum":
      return served.checkers ? quorum(event, facts) : [];
    case "reloaded":
      return [];
  }
}

/** An instance has met a packet that RFC 6527 wants to be told of. */
export function protocolErrorNotification(
  instance: string,
  facts: ManagementFacts,
): Notification | undefined {
  const row = operationRows(facts).find((one) => one.row.wish.name === instance);
  if (row === undefined) return undefined;
  const reason = protocolErrorCode[facts.history(instance).protocolError];
  return notification(
    [...vrrpv3Mib, 0, 2],
    bind([...vrrpv3Mib, 1, 2, 5, 1, 6, ...row.index], integer(reason)),
  );
}

function stateValue(state: ToldState): SnmpValue {
  return integer(vrrpStateCode[state]);
}

function transition(
  { instance: name, to }: Extract<ManagementEvent, { readonly kind: "transition" }>,
  facts: ManagementFacts,
  served: ServedMibs,
): readonly Notification[] {
  const instance = instancesOf(facts).find(({ wish }) => wish.name === name);
  const told: Notification[] = [];
  if (served.vrrp)
    told.push(
      notification(
        [...vrrpRoot, 10, 0, 2],
        bind([...vrrpEntry(3), 2], octets(name)),
        bind([...vrrpEntry(3), 4], stateValue(to)),
        instance && bind([...vrrpEntry(3), 5], stateValue(instance.wish.initialState)),
        routerId(facts),
      ),
    );
  if (to === "MASTER" && instance !== undefined) told.push(...newMaster(instance, served));
  return told;
}

function newMaster(instance: InstanceFacts, served: ServedMibs): readonly Notification[] {
  const { facts, wish } = instance;
  const isIt = (one: { readonly row: InstanceFacts }): boolean => one.row.wish === wish;
  const second = versionTwoRows(facts).find(isIt);
  const third = operationRows(facts).find(isIt);
  const own = sourceOf(instance) ?? masterOf(instance);
  const told: Notification[] = [];
  if (served.rfcVersion2 && second !== undefined && own !== undefined)
    told.push(
      notification(
        [...vrrpMib, 0, 1],
        bind([...vrrpMib, 1, 3, 1, 7, ...second.index], ipAddress(own)),
      ),
    );
  if (served.rfcVersion3 && third !== undefined && own !== undefined)
    told.push(
      notification(
        [...vrrpv3Mib, 0, 1],
        bind([...vrrpv3Mib, 1, 1, 1, 1, 3, ...third.index], inetAddress(own)),
        bind(
          [...vrrpv3Mib, 1, 2, 5, 1, 2, ...third.index],
          integer(masterReasonCode[facts.history(wish.name).masterReason]),
        ),
      ),
    );
  return told;
}

function virtualOf(identity: string, facts: ManagementFacts): VirtualFacts | undefined {
  return virtualServersOf(facts).find(({ wish }) => virtualServerIdentity(wish.key) === identity);
}

function virtualBind(
  virtual: VirtualFacts,
  number: number,
  value: (virtual: VirtualFacts) => SnmpValue | undefined,
): Varbind | undefined {
  return bind([...checkEntry(3), number], value(virtual));
}

/** What names a virtual server: group, mark, or address and port. */
function virtualName(virtual: VirtualFacts): (Varbind | undefined)[] {
  return [
    virtualBind(virtual, 3, virtualValues.groupName),
    virtualBind(virtual, 4, virtualValues.mark),
    virtualBind(virtual, 5, virtualValues.addressType),
    virtualBind(virtual, 6, virtualValues.address),
    virtualBind(virtual, 7, virtualValues.port),
  ];
}

function realServer(
  event: Extract<ManagementEvent, { readonly kind: "real-server" }>,
  facts: ManagementFacts,
): readonly Notification[] {
  const virtual = virtualOf(event.virtualServer, facts);
  if (virtual === undefined) return [];
  const real = realServersOf(virtual).find(
    (one) => one.real !== undefined && realServerIdentity(one.real) === event.realServer,
  );
  if (real === undefined) return [];
  const entry = checkEntry(4);
  return [
    notification(
      [...checkRoot, 5, 0, 1],
      bind([...entry, 3], realValues.addressType(real)),
      bind([...entry, 4], realValues.address(real)),
      bind([...entry, 5], realValues.port(real)),
      bind([...entry, 6], integer(event.up ? 1 : 2)),
      virtualBind(virtual, 2, virtualValues.type),
      virtualBind(virtual, 8, virtualValues.protocol),
      virtualBind(virtual, 21, virtualValues.up),
      virtualBind(virtual, 20, virtualValues.total),
      routerId(facts),
      ...virtualName(virtual),
    ),
  ];
}

function quorum(
  event: Extract<ManagementEvent, { readonly kind: "quorum" }>,
  facts: ManagementFacts,
): readonly Notification[] {
  const virtual = virtualOf(event.virtualServer, facts);
  if (virtual === undefined) return [];
  return [
    notification(
      [...checkRoot, 5, 0, 2],
      virtualBind(virtual, 2, virtualValues.type),
      virtualBind(virtual, 8, virtualValues.protocol),
      bind([...checkEntry(3), 23], integer(event.up ? 1 : 2)),
      virtualBind(virtual, 22, virtualValues.quorum),
      virtualBind(virtual, 21, virtualValues.up),
      virtualBind(virtual, 20, virtualValues.total),
      routerId(facts),
      ...virtualName(virtual),
    ),
  ];
}
