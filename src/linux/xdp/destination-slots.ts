// The slots of the array maps, one for each destination. A destination that is taken out of its
// service keeps its slot, with its counts, while connections hold it, and gets it back when it is
// added again: IPVS calls this its trash.

import type { IpAddress } from "../../base/address.ts";
import { toHex } from "../../base/bytes.ts";
import {
  type DestinationRecord,
  decodeDestinationRecord,
  destinationFlags,
  encodeDestinationRecord,
  hopInForce,
  type NextHop,
  noHop,
} from "../../wire/maps/destination-record.ts";
import { type EndpointKey, endpointText, familyOfEndpoint } from "../../wire/maps/endpoint-key.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { destinationsMax } from "../../wire/maps/schema.ts";
import {
  decodeLimit,
  decodeLoad,
  encodeLimit,
  type LoadRecord,
} from "../../wire/maps/small-records.ts";
import type { BalancerMaps } from "./programs.ts";

/** What makes a destination the same one: its service's endpoint and its own. */
export interface DestinationIdentity {
  readonly service: EndpointKey;
  readonly address: IpAddress;
  readonly port: number;
}

/** How long a slot without connections is kept for a destination that may come back. */
const trashMs = 120_000;

function textOf({ service, address, port }: DestinationIdentity): string {
  return `${endpointText(service)} ${address}:${port}`;
}

/** The endpoint of the service that a destination is of. */
export function serviceOf(record: DestinationRecord): EndpointKey {
  const { virtualAddress, virtualPort, protocol, virtualFamily } = record;
  const key = { address: virtualAddress, port: virtualPort, protocol };
  return virtualFamily === undefined ? key : { ...key, family: virtualFamily };
}

function identityText(record: DestinationRecord): string {
  return textOf({ service: serviceOf(record), address: record.address, port: record.port });
}

export class DestinationSlots {
  readonly #maps: BalancerMaps;
  readonly #records = new Map<number, DestinationRecord>();
  readonly #byIdentity = new Map<string, number>();
  readonly #idleSinceMs = new Map<number, number>();

  constructor(maps: BalancerMaps) {
    this.#maps = maps;
    this.reload();
  }

  /** Reads all slots from the kernel. */
  reload(): void {
    this.#records.clear();
    this.#byIdentity.clear();
    for (const [slot, bytes] of this.#maps.destinations.values(destinationsMax).entries()) {
      if (((bytes[0] ?? 0) & destinationFlags.used) === 0) continue;
      const record = decodeDestinationRecord(bytes);
      this.#records.set(slot, record);
      this.#byIdentity.set(identityText(record), slot);
    }
  }

  /** Reads one slot from the kernel; undefined when it is not in use. */
  read(slot: number): DestinationRecord | undefined {
    const bytes = this.#maps.destinations.lookup(encodeIndex(slot));
    if (bytes === undefined || ((bytes[0] ?? 0) & destinationFlags.used) === 0) return undefined;
    return decodeDestinationRecord(bytes);
  }

  /** Slots in use as this process left them. */
  all(): ReadonlyMap<number, DestinationRecord> {
    return this.#records;
  }

  /**
   * The slot of a destination: the one it had, or a free one with all counts at zero. Undefined when
   * every slot is taken.
   */
  take(
    identity: DestinationIdentity,
    method: number,
    hop: NextHop,
    local: boolean,
  ): number | undefined {
    const known = this.#byIdentity.get(textOf(identity));
    const slot = known ?? this.#freeSlot();
    if (slot === undefined) return undefined;
    const { used, available } = destinationFlags;
    const old = known === undefined ? undefined : this.#records.get(known);
    if (old === undefined) {
      this.#clearCounts(slot);
      this.#write(slot, {
        flags: used | available | (local ? destinationFlags.local : 0),
        method,
        protocol: identity.service.protocol,
        generation: this.#nextGeneration(slot),
        address: identity.address,
        virtualAddress: identity.service.address,
        virtualFamily: familyOfEndpoint(identity.service),
        port: identity.port,
        virtualPort: identity.service.port,
        hops: [hop, noHop],
      });
    } else {
      this.#write(slot, { ...old, method, flags: old.flags | used | available });
      this.moveHop(slot, hop, local);
    }
    this.#byIdentity.set(textOf(identity), slot);
    this.#idleSinceMs.delete(slot);
    return slot;
  }

  /** Marks a destination as in no service; its connections' packets are dropped from here on. */
  abandon(slot: number, nowMs: number): void {
    const record = this.#records.get(slot);
    if (record === undefined) return;
    this.#write(slot, { ...record, flags: record.flags & ~destinationFlags.available });
    this.#idleSinceMs.set(slot, nowMs);
  }

  /** Changes flags, or mends a slot that somebody else has altered. */
  change(slot: number, changes: Partial<DestinationRecord>): void {
    const record = this.#records.get(slot);
    if (record !== undefined) this.#write(slot, { ...record, ...changes });
  }

  /** Puts another next hop in force, first written where no packet reads it. True when it differed. */
  moveHop(slot: number, hop: NextHop, local: boolean): boolean {
    const record = this.#records.get(slot);
    if (record === undefined) return false;
    const localBit = local ? destinationFlags.local : 0;
    const same =
      sameHop(hopInForce(record), hop) && (record.flags & destinationFlags.local) === localBit;
    if (same) return false;
    const second = (record.flags & destinationFlags.secondHop) !== 0;
    const hops: [NextHop, NextHop] = second ? [hop, record.hops[1]] : [record.hops[0], hop];
    this.#write(slot, { ...record, hops });
    const flags = (record.flags & ~destinationFlags.local) | localBit;
    this.#write(slot, { ...record, hops, flags: flags ^ destinationFlags.secondHop });
    return true;
  }

  /**
   * Notes whose templates a destination's connections hold. One that leaves all groups keeps the number:
   * connections that hold the group's templates end by it.
   */
  joinGroup(slot: number, group: number): void {
    const record = this.#records.get(slot);
    if (record === undefined || group === 0 || record.persistenceGroup === group) return;
    this.#write(slot, { ...record, persistenceGroup: group });
  }

  /** Gives slots back that nothing has held for long enough; true when there were some. */
  freeAbandoned(nowMs: number): boolean {
    let freed = false;
    for (const [slot, record] of this.#records) {
      if ((record.flags & destinationFlags.available) !== 0) continue;
      const load = this.load(slot);
      if (load.active + load.inactive + load.persistent > 0) {
        this.#idleSinceMs.set(slot, nowMs);
        continue;
      }
      const sinceMs = this.#idleSinceMs.get(slot) ?? nowMs;
      this.#idleSinceMs.set(slot, sinceMs);
      if (nowMs - sinceMs < trashMs) continue;
      this.#write(slot, { ...record, flags: 0 });
      this.#records.delete(slot);
      this.#byIdentity.delete(identityText(record));
      this.#idleSinceMs.delete(slot);
      freed = true;
    }
    return freed;
  }

  load(slot: number): LoadRecord {
    const bytes = this.#maps.loads.lookup(encodeIndex(slot));
    return bytes === undefined ? { active: 0, inactive: 0, persistent: 0 } : decodeLoad(bytes);
  }

  /** Sets thresholds; others than before open or close the destination at once. */
  setLimits(slot: number, upper: number, lower: number): void {
    const key = encodeIndex(slot);
    const bytes = this.#maps.limits.lookup(key);
    const old = bytes === undefined ? undefined : decodeLimit(bytes);
    if (old?.upper === upper && old.lower === lower) return;
    const { active, inactive } = this.load(slot);
    const total = active + inactive;
    const reopensBelow = lower === 0 ? upper - Math.floor(upper / 4) : lower;
    const stays = (old?.overloaded ?? false) && total >= reopensBelow;
    const overloaded = upper > 0 && (total >= upper || stays);
    this.#maps.limits.update(key, encodeLimit({ upper, lower, overloaded }));
  }

  /** Sets a destination's counters of packets and connections to zero. */
  zeroCounters(slot: number): void {
    const key = encodeIndex(slot);
    this.#maps.counters.update(key, new Uint8Array(this.#maps.counters.valueLength));
  }

  #write(slot: number, record: DestinationRecord): void {
    this.#maps.destinations.update(encodeIndex(slot), encodeDestinationRecord(record));
    this.#records.set(slot, record);
  }

  #clearCounts(slot: number): void {
    const key = encodeIndex(slot);
    this.#maps.loads.update(key, new Uint8Array(this.#maps.loads.valueLength));
    this.#maps.limits.update(key, encodeLimit({ upper: 0, lower: 0, overloaded: false }));
    this.zeroCounters(slot);
  }

  /** A slot's next user has another generation, so that a late connection of the last is not its. */
  #nextGeneration(slot: number): number {
    const bytes = this.#maps.destinations.lookup(encodeIndex(slot));
    return ((bytes?.[3] ?? 0) + 1) & 0xff;
  }

  #freeSlot(): number | undefined {
    for (let slot = 0; slot < destinationsMax; slot++) if (!this.#records.has(slot)) return slot;
    return undefined;
  }
}

function sameHop(a: NextHop, b: NextHop): boolean {
  return (
    a.ifindex === b.ifindex &&
    a.gateway === b.gateway &&
    a.mtu === b.mtu &&
    a.status === b.status &&
    toHex(a.targetMac) === toHex(b.targetMac) &&
    toHex(a.sourceMac) === toHex(b.sourceMac)
  );
}
