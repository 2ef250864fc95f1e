// `filter` and `reals` follow from the destinations: this computes what they must hold and writes the
// difference. Destinations that wait for their last connection still count, so that their connections'
// packets are dropped and not answered by this host.

import { familyOf } from "../../base/address.ts";
import { type DestinationRecord, destinationFlags } from "../../wire/maps/destination-record.ts";
import {
  decodeEndpointKey,
  type EndpointKey,
  encodeEndpointKey,
  endpointText,
} from "../../wire/maps/endpoint-key.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { filterBits, filterSlot } from "../../wire/maps/filter.ts";
import { filterSlots } from "../../wire/maps/schema.ts";
import { methodNumbers } from "../../wire/maps/service-record.ts";
import { decodeReal, encodeReal, type RealRecord } from "../../wire/maps/small-records.ts";
import type { DestinationSlots } from "./destination-slots.ts";
import { ForwardingSlots } from "./forwarding-slots.ts";
import type { BalancerMaps } from "./programs.ts";

interface RealOwner {
  readonly key: EndpointKey;
  readonly slots: number[];
  readonly real: RealRecord;
}

/** NAT real servers and whose they are; the one with the lowest slot owns undecided replies. */
function expectedReals(records: ReadonlyMap<number, DestinationRecord>): Map<string, RealOwner> {
  const owners = new Map<string, RealOwner>();
  const bySlot = [...records].sort(([a], [b]) => a - b);
  for (const [slot, record] of bySlot) {
    if (!isAnsweredAsNat(record)) continue;
    const key = { address: record.address, port: record.port, protocol: record.protocol };
    const known = owners.get(endpointText(key));
    const slots = [...(known?.slots ?? []), slot];
    const first = known?.real ?? {
      virtualAddress: record.virtualAddress,
      virtualPort: record.virtualPort,
      shared: false,
    };
    owners.set(endpointText(key), { key, slots, real: { ...first, shared: slots.length > 1 } });
  }
  return owners;
}

/** FULLNAT to this very host is plain NAT: the local stack would not believe its own address. */
function isAnsweredAsNat({ method, flags }: DestinationRecord): boolean {
  if (method === methodNumbers.FULLNAT) return (flags & destinationFlags.local) !== 0;
  return method === methodNumbers.NAT;
}

function expectedFilter(
  services: readonly EndpointKey[],
  records: ReadonlyMap<number, DestinationRecord>,
  forwarding: ForwardingSlots,
): Uint8Array {
  const slots = new Uint8Array(filterSlots);
  const set = (slot: number, bits: number): void => {
    slots[slot] = (slots[slot] ?? 0) | bits;
  };
  // Without any service the director does not take part: everything is the kernel's.
  if (services.length === 0) return slots;
  for (const { address, port, protocol } of services)
    if (protocol !== 0)
      set(filterSlot(address), filterBits.virtual | (port === 0 ? filterBits.anyPort : 0));
  for (const [slot, record] of records) {
    if (record.protocol !== 0) set(filterSlot(record.virtualAddress), filterBits.virtual);
    for (const own of forwarding.ownAddresses(slot, record)) set(filterSlot(own), filterBits.own);
    if (!isAnsweredAsNat(record)) continue;
    const any = record.port === 0 ? filterBits.realAnyPort : 0;
    set(filterSlot(record.address), filterBits.real | any);
  }
  return slots;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** What had to be written: one line each. */
export function settleDerivedMaps(
  maps: BalancerMaps,
  slots: DestinationSlots,
  services: readonly EndpointKey[],
): readonly string[] {
  const changed: string[] = [];
  const owners = expectedReals(slots.all());
  for (const { key, slots: sharers, real } of owners.values()) {
    const mapKey = encodeEndpointKey(key);
    const value = encodeReal(real);
    const found = maps.reals.lookup(mapKey);
    if (found === undefined || !sameBytes(found, value)) {
      maps.reals.update(mapKey, value);
      changed.push(`real server ${endpointText(key)} ${describeReal(found, key)}`);
    }
    markShared(slots, sharers);
  }
  for (const mapKey of maps.reals.keys()) {
    if (owners.has(endpointText(decodeEndpointKey(mapKey)))) continue;
    maps.reals.remove(mapKey);
    changed.push(`real server ${endpointText(decodeEndpointKey(mapKey))} that is nobody's`);
  }
  const filter = expectedFilter(services, slots.all(), new ForwardingSlots(maps));
  const found = maps.filter.lookup(encodeIndex(0));
  if (found === undefined || !sameBytes(found, filter)) {
    maps.filter.update(encodeIndex(0), filter);
    changed.push("the filter of addresses differs from the table");
  }
  return changed;
}

function describeReal(found: Uint8Array | undefined, key: EndpointKey): string {
  if (found === undefined) return "is missing among those who reply";
  const real = decodeReal(found, familyOf(key.address));
  return `replies as ${real.virtualAddress}:${real.virtualPort}`;
}

/** Connections of a shared NAT server are indexed, so that its replies find the right service. */
function markShared(slots: DestinationSlots, sharers: readonly number[]): void {
  const { shared } = destinationFlags;
  for (const slot of sharers) {
    const flags = slots.all().get(slot)?.flags ?? 0;
    const wanted = sharers.length > 1 ? flags | shared : flags & ~shared;
    if (wanted !== flags) slots.change(slot, { flags: wanted });
  }
}
