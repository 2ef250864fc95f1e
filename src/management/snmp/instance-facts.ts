// What several tables ask of one instance: its numbers, its interface, its source.

import { familyOf, type IpAddress } from "../../base/address.ts";
import type { Model } from "../../model/model.ts";
import type { VrrpInstanceStatus, VrrpState } from "../../model/status.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { VrrpDefaults } from "../../model/vrrp-options.ts";
import type { LinkFact } from "../../world/kernel.ts";
import type { ManagementFacts } from "../facts.ts";

/** An instance with what is known of it. */
export interface InstanceFacts {
  readonly facts: ManagementFacts;
  /** Its place in the configuration, from 1. */
  readonly number: number;
  readonly wish: VrrpInstance;
  /** Undefined while the VRRP process has not told. */
  readonly status: VrrpInstanceStatus | undefined;
}

/** The states of KEEPALIVED-MIB; a sync group or instance that ends is `shutdown`. */
export const vrrpStateCode: Readonly<Record<VrrpState | "STOP" | "DELETED", number>> = {
  INIT: 0,
  BACKUP: 1,
  MASTER: 2,
  FAULT: 3,
  STOP: 5,
  DELETED: 6,
};

/** The states of RFC 2787 and RFC 6527, which know no fault. */
export const rfcStateCode: Readonly<Record<VrrpState, number>> = {
  INIT: 1,
  FAULT: 1,
  BACKUP: 2,
  MASTER: 3,
};

/** The instances in the order of the configuration. */
export function instancesOf(facts: ManagementFacts): readonly InstanceFacts[] {
  const statuses = new Map(facts.status.vrrpInstances.map((one) => [one.name, one]));
  return facts.model.vrrpInstances.map((wish, i) => ({
    facts,
    number: i + 1,
    wish,
    status: statuses.get(wish.name),
  }));
}

/** A setting of an instance, else what global_defs says for all. */
export function optionOf<Key extends keyof VrrpDefaults>(
  { facts, wish }: InstanceFacts,
  key: Key,
): VrrpDefaults[Key] | undefined {
  return wish.options?.[key] ?? facts.model.global.options?.vrrp?.[key];
}

/** INIT while nothing is known. */
export function stateOf({ status }: InstanceFacts): VrrpState {
  return status?.state ?? "INIT";
}

/** The interface that carries the virtual addresses: the instance's own MACVLAN where it has one. */
export function carrierName({ facts, wish }: InstanceFacts): string {
  const { virtualMac } = wish.options ?? {};
  if (virtualMac === undefined) return wish.interface;
  const usual = `vrrp${wish.family === 6 ? "6" : ""}.${wish.vrid}`;
  const name = virtualMac.interface ?? usual;
  return linkOf(facts, name) === undefined ? wish.interface : name;
}

/** An interface by its name. */
export function linkOf(facts: ManagementFacts, name: string): LinkFact | undefined {
  return facts.links.find((link) => link.name === name);
}

/** The source of the adverts: as configured, else the interface's first address that is not virtual. */
export function sourceOf({ facts, wish }: InstanceFacts): IpAddress | undefined {
  const configured = wish.options?.unicast?.source ?? wish.sourceAddress;
  if (configured !== undefined) return configured;
  const virtual = virtualAddressesOf(facts.model);
  const own = facts.addresses.filter(
    (one) => one.interface === wish.interface && familyOf(one.address) === wish.family,
  );
  const real = own.filter(({ address }) => !virtual.has(address));
  const fitting = wish.family === 6 ? real.filter(({ address }) => isLinkLocal(address)) : real;
  return fitting[0]?.address ?? (wish.priority === 255 ? own[0]?.address : undefined);
}

const virtualAddresses = new WeakMap<Model, ReadonlySet<IpAddress>>();

/** The addresses that any instance may hold. */
function virtualAddressesOf(model: Model): ReadonlySet<IpAddress> {
  const known = virtualAddresses.get(model);
  if (known !== undefined) return known;
  const found = new Set(
    model.vrrpInstances.flatMap((one) =>
      [...one.virtualAddresses, ...one.excludedAddresses].map(({ address }) => address),
    ),
  );
  virtualAddresses.set(model, found);
  return found;
}

/** The address of the present MASTER, as far as it is known. */
export function masterOf(instance: InstanceFacts): IpAddress | undefined {
  return stateOf(instance) === "MASTER" ? sourceOf(instance) : instance.status?.master?.address;
}

/** Rejected packets of some kinds. */
export function rejectedOf({ status }: InstanceFacts, kinds: readonly string[]): number {
  const rejected = status?.counters.rejected ?? {};
  return kinds.reduce((sum, kind) => sum + (rejected[kind] ?? 0), 0);
}

/**
 * Rejected packets of the whole node. Packets that name no instance are told by each instance of their
 * interface, so that the most that one of them tells counts for the interface.
 */
export function rejectedByNode(facts: ManagementFacts, kind: string): number {
  const byInterface = new Map<string, number>();
  for (const instance of instancesOf(facts)) {
    const { interface: name } = instance.wish;
    const count = rejectedOf(instance, [kind]);
    byInterface.set(name, Math.max(byInterface.get(name) ?? 0, count));
  }
  return [...byInterface.values()].reduce((sum, count) => sum + count, 0);
}

/** fe80::/10. */
function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab]/i.test(address);
}
