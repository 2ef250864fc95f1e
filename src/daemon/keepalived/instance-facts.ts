// One instance as the dumps show it: its configuration with every default, and its state at one moment.

import type { VrrpInstanceStatus, VrrpState } from "../../model/status.ts";
import type { VirtualAddress, VrrpInstance } from "../../model/vrrp-instance.ts";
import { countersOf, type InstanceCounters } from "./counters.ts";
import { type AddressPlace, showAddress } from "./shown-addresses.ts";

/** One instance, configured and running. */
export interface DumpedInstance {
  /** With the global settings in its options. */
  readonly config: VrrpInstance;
  readonly status: VrrpInstanceStatus;
  readonly counters: InstanceCounters;
}

/** An instance that nothing is known of but its configuration. */
export function idleInstance(config: VrrpInstance, nowMs: number): DumpedInstance {
  const status: VrrpInstanceStatus = {
    name: config.name,
    interface: config.interface,
    vrid: config.vrid,
    version: config.version,
    state: "INIT",
    sinceMs: nowMs,
    cause: { kind: "not-started", text: "not started" },
    basePriority: config.priority,
    priority: config.priority,
    advertIntervalCs: config.advertIntervalCs,
    virtualAddresses: [],
    heldAddresses: [],
    trackers: [],
    counters: {
      becameMaster: 0,
      advertsSent: 0,
      advertsReceived: 0,
      priorityZeroSent: 0,
      priorityZeroReceived: 0,
      garpSent: 0,
      rejected: {},
    },
  };
  return { config, status, counters: countersOf(status) };
}

/** keepalived's numbers for states. */
export const stateNumbers: Readonly<Record<VrrpState, number>> = {
  INIT: 0,
  BACKUP: 1,
  MASTER: 2,
  FAULT: 3,
};

/** What the dumps say in place of a password. */
export const maskedPassword = "********";

/** The interface that carries the adverts: the instance's own one, or one that was made for it. */
export function advertInterface({ interface: base, vrid, options }: VrrpInstance): {
  readonly name: string;
  /** Of an interface that was made. */
  readonly base?: string;
} {
  const virtual = options?.virtualMac;
  if (virtual !== undefined) return { name: virtual.interface ?? `vrrp.${vrid}`, base };
  const [ipvlan] = options?.ipvlan ?? [];
  if (options?.ipvlan !== undefined) return { name: ipvlan ?? `vrrp.${vrid}`, base };
  return { name: base };
}

/** The state that it would have if it were alone. */
export function wantedState({ config, status }: DumpedInstance): VrrpState {
  if (status.state === "MASTER" || status.state === "FAULT") return status.state;
  return config.initialState;
}

/** The addresses, in the order of the configuration. */
export function shownAddresses(
  { config, status }: DumpedInstance,
  addresses: readonly VirtualAddress[],
): readonly string[] {
  const { name, base } = advertInterface(config);
  return addresses.map((address) => {
    const isHeld = status.heldAddresses.includes(`${address.address}/${address.prefixLength}`);
    const place: AddressPlace = {
      interface: name,
      set: isHeld,
      ...(base === undefined ? {} : { base }),
    };
    return showAddress(address, place);
  });
}

/** Settings that the two dumps show, with their defaults. */
export function settingsOf(config: VrrpInstance): {
  readonly strict: boolean;
  readonly accept: boolean;
  readonly lowerPriorityDelayS: number;
  readonly lowerPriorityRepeat: number;
  readonly lowerPriorityNoAdvert: boolean;
  readonly downTimerAdverts: number;
} {
  const { options = {}, garp } = config;
  const strict = options.strict ?? false;
  return {
    strict,
    accept: options.accept ?? (!strict || config.version === 2),
    // Unless told otherwise, a MASTER that was contradicted announces itself at once.
    lowerPriorityDelayS: Math.floor((options.garpLowerPriorityDelayMs ?? 0) / 1000),
    lowerPriorityRepeat: options.garpLowerPriorityRepeat ?? garp.repeat,
    lowerPriorityNoAdvert: options.lowerPriorityNoAdvert ?? strict,
    downTimerAdverts: options.downTimerAdverts ?? 3,
  };
}
