// The balancer's table in the maps: read back from them, and changed one operation at a time. Packets
// see a service as it was or as it is, because its whole record is replaced at once.

import { familyOf, type IpAddress } from "../../base/address.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { BalancerTable, Destination, Service } from "../../model/balancer-table.ts";
import {
  endpointName,
  type VirtualServerKey,
  virtualServerName,
} from "../../model/virtual-server.ts";
import type { BalancerOperation } from "../../plan/operation.ts";
import { destinationFlags } from "../../wire/maps/destination-record.ts";
import {
  decodeEndpointKey,
  type EndpointKey,
  encodeEndpointKey,
  endpointText,
  familyOfEndpoint,
} from "../../wire/maps/endpoint-key.ts";
import { candidatesMax } from "../../wire/maps/schema.ts";
import {
  type CandidateRecord,
  decodeServiceRecord,
  encodeServiceRecord,
  methodNumbers,
  type ServiceRecord,
  schedulerFlagBits,
  serviceFlags,
  zeroCounters,
} from "../../wire/maps/service-record.ts";
import type { EngineFault } from "../../world/engine.ts";
import { errnoName } from "../ffi/errno.ts";
import { addCounters, readCountersOf } from "./counters.ts";
import { settleDerivedMaps } from "./derived-maps.ts";
import { type DestinationSlots, serviceOf } from "./destination-slots.ts";
import { endpointOf, protocolNumbers, virtualServerOf } from "./endpoints.ts";
import { ForwardingSlots } from "./forwarding-slots.ts";
import type { Way } from "./next-hops.ts";
import { forgetGroup } from "./persistence-groups.ts";
import type { BalancerMaps } from "./programs.ts";
import { ScheduleTables } from "./schedule-tables.ts";
import {
  withCandidate,
  withChangedCandidate,
  withoutCandidate,
  withScheduler,
} from "./service-edit.ts";
import {
  emptyService,
  forwardingOf,
  numberOfScheduler,
  placeOf,
  schedulerName,
} from "./service-words.ts";

function notSupported(text: string): { readonly ok: false; readonly fault: EngineFault } {
  return fail({ kind: "not-supported", text });
}

function notFound(text: string): { readonly ok: false; readonly fault: EngineFault } {
  return fail({ kind: "not-found", text });
}

/** A service as the maps hold it. */
export interface StoredService {
  readonly key: EndpointKey;
  readonly record: ServiceRecord;
}

export class XdpTable {
  readonly #maps: BalancerMaps;
  readonly #slots: DestinationSlots;
  readonly #wayTo: (address: IpAddress) => Way;
  readonly #nowMs: () => number;
  readonly #forwarding: ForwardingSlots;
  readonly #tables: ScheduleTables;

  constructor(
    maps: BalancerMaps,
    slots: DestinationSlots,
    wayTo: (address: IpAddress) => Way,
    nowMs: () => number,
  ) {
    this.#maps = maps;
    this.#slots = slots;
    this.#wayTo = wayTo;
    this.#nowMs = nowMs;
    this.#forwarding = new ForwardingSlots(maps);
    const tables = this.stored().map(({ record }) => record.table);
    this.#tables = new ScheduleTables(maps, tables, nowMs);
  }

  /** All services, in the order of their addresses and ports. */
  stored(): readonly StoredService[] {
    const services = this.#maps.services.entries().map(({ key, value }) => ({
      key: decodeEndpointKey(key),
      record: decodeServiceRecord(value),
    }));
    const order = ({ key }: StoredService): string => endpointText(key);
    return services.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  /** The table that packets meet. What is damaged shows as absent, so that a plan mends it. */
  observe(): BalancerTable {
    return { services: this.stored().map((stored) => this.#service(stored)) };
  }

  apply(operation: BalancerOperation): Result<void, EngineFault> {
    const applied = this.#apply(operation);
    if (applied.ok) this.settleDerived();
    return applied;
  }

  /** Sets the counters of one service and its destinations, or of all, to zero. */
  zero(key: VirtualServerKey | undefined): Result<void, EngineFault> {
    const wanted = key === undefined ? undefined : endpointOf(key);
    const chosen = this.stored().filter(
      (stored) => wanted === undefined || endpointText(stored.key) === endpointText(wanted),
    );
    if (key !== undefined && chosen.length === 0)
      return notFound(`no service ${virtualServerName(key)}`);
    for (const { key: endpoint, record } of chosen) {
      for (const { destination } of record.candidates) this.#slots.zeroCounters(destination);
      const written = this.#write(endpoint, { ...record, retired: zeroCounters }, record);
      if (!written.ok) return written;
    }
    return ok(undefined);
  }

  /** Brings `filter` and `reals` in line with the table; what was wrong, one line each. */
  settleDerived(): readonly string[] {
    const services = this.#maps.services.keys().map(decodeEndpointKey);
    this.#tables.collect();
    return settleDerivedMaps(this.#maps, this.#slots, services);
  }

  #apply(operation: BalancerOperation): Result<void, EngineFault> {
    switch (operation.kind) {
      case "add-service":
      case "change-service":
        return this.#putService(operation.service, operation.kind === "add-service");
      case "remove-service":
        return this.#removeService(operation.key);
      case "add-destination":
        return this.#addDestination(operation.key, operation.destination);
      case "change-destination":
        return this.#changeDestination(operation.key, operation.destination);
      case "remove-destination":
        return this.#removeDestination(operation);
    }
  }

  #service({ key, record }: StoredService): Service {
    const destinations: Destination[] = [];
    for (const candidate of record.candidates.toReversed())
      if (this.#isSound(key, candidate)) destinations.push(this.#destination(candidate));
    const scheduler = schedulerName(record.scheduler);
    const flags = ([1, 2, 3] as const).filter((n) => (record.flags & schedulerFlagBits[n]) !== 0);
    return {
      key: virtualServerOf(key),
      scheduler,
      persistenceTimeoutS:
        (record.flags & serviceFlags.persistent) !== 0 ? record.persistenceSeconds : 0,
      persistencePrefixLength: record.persistencePrefix,
      onePacket: (record.flags & serviceFlags.onePacket) !== 0,
      ...(flags.length > 0 && { schedulerFlags: flags }),
      ...(record.persistenceGroup !== 0 && { persistenceGroup: record.persistenceGroup }),
      destinations,
    };
  }

  #destination(candidate: CandidateRecord): Destination {
    const { destination: slot, address, port, weight, upperThreshold, lowerThreshold } = candidate;
    const record = this.#slots.read(slot);
    const settings = record === undefined ? {} : this.#forwarding.settings(slot, record);
    const forwarding = forwardingOf(candidate.method);
    return { address, port, weight, forwarding, upperThreshold, lowerThreshold, ...settings };
  }

  /** Whether a candidate's slot is the one that it was given. */
  #isSound(service: EndpointKey, candidate: CandidateRecord): boolean {
    const record = this.#slots.read(candidate.destination);
    return (
      record !== undefined &&
      (record.flags & destinationFlags.available) !== 0 &&
      record.address === candidate.address &&
      record.port === candidate.port &&
      record.method === candidate.method &&
      record.generation === candidate.generation &&
      endpointText(serviceOf(record)) === endpointText(service)
    );
  }

  #read(key: EndpointKey): ServiceRecord | undefined {
    const value = this.#maps.services.lookup(encodeEndpointKey(key));
    return value === undefined ? undefined : decodeServiceRecord(value);
  }

  /** Writes a service with the lookup table that it needs; `old` is what packets have met so far. */
  #write(
    key: EndpointKey,
    record: ServiceRecord,
    old: ServiceRecord | undefined,
  ): Result<void, EngineFault> {
    const prepared = this.#tables.prepare(record, old);
    if (!prepared.ok) return prepared;
    const returned = this.#maps.services.update(
      encodeEndpointKey(key),
      encodeServiceRecord(prepared.value),
    );
    const replaced = returned >= 0 ? old?.table : prepared.value.table;
    const standing = returned >= 0 ? prepared.value.table : old?.table;
    if (replaced !== undefined && replaced !== standing) this.#tables.discard(replaced);
    if (returned >= 0) return ok(undefined);
    return fail({ kind: "syscall-failed", text: `writing a service: ${errnoName(-returned)}` });
  }

  #putService(service: Service, adding: boolean): Result<void, EngineFault> {
    const key = endpointOf(service.key);
    if (service.key.kind === "fwmark")
      return notSupported(
        `${virtualServerName(service.key)}: eBPF sees a packet before it has a firewall mark`,
      );
    if (service.persistenceEngine !== undefined)
      return notSupported(
        `${virtualServerName(service.key)}: only the kernel has the persistence engine ${service.persistenceEngine}`,
      );
    const scheduler = numberOfScheduler(service.scheduler);
    if (!scheduler.ok) return scheduler;
    const old = this.#read(key);
    const { persistent, onePacket } = serviceFlags;
    let record: ServiceRecord = {
      ...(old ?? emptyService(scheduler.value)),
      flags:
        (service.persistenceTimeoutS > 0 ? persistent : 0) |
        (service.onePacket ? onePacket : 0) |
        (service.schedulerFlags ?? []).reduce((bits, flag) => bits | schedulerFlagBits[flag], 0),
      persistenceGroup: service.persistenceGroup ?? 0,
      persistenceSeconds: service.persistenceTimeoutS,
      persistencePrefix: Math.min(
        service.persistencePrefixLength,
        familyOfEndpoint(key) === 6 ? 128 : 32,
      ),
    };
    record = withScheduler(record, scheduler.value);
    this.#changeGroup(old, record);
    if (adding) {
      for (const destination of service.destinations) {
        const added = this.#withDestination(key, record, destination);
        if (!added.ok) return added;
        record = added.value;
      }
    }
    return this.#write(key, record, old);
  }

  /** Templates of a group that a service leaves for another are forgotten: nobody would end them. */
  #changeGroup(old: ServiceRecord | undefined, record: ServiceRecord): void {
    const [left, joined] = [old?.persistenceGroup ?? 0, record.persistenceGroup];
    if (old === undefined || left === joined || joined === 0) return;
    for (const { destination } of record.candidates) this.#slots.joinGroup(destination, joined);
    if (left !== 0) forgetGroup(this.#maps, left);
  }

  #removeService(key: VirtualServerKey): Result<void, EngineFault> {
    const endpoint = endpointOf(key);
    const record = this.#read(endpoint);
    if (record === undefined) return notFound(`no service ${virtualServerName(key)}`);
    this.#maps.services.remove(encodeEndpointKey(endpoint));
    this.#tables.discard(record.table);
    for (const { destination } of record.candidates) {
      this.#slots.abandon(destination, this.#nowMs());
      this.#slots.zeroCounters(destination);
    }
    return ok(undefined);
  }

  #addDestination(key: VirtualServerKey, destination: Destination): Result<void, EngineFault> {
    return this.#change(key, (endpoint, record) =>
      this.#withDestination(endpoint, record, destination),
    );
  }

  #changeDestination(key: VirtualServerKey, destination: Destination): Result<void, EngineFault> {
    return this.#change(key, (endpoint, record) => {
      if (placeOf(record, destination) < 0)
        return notFound(
          `${virtualServerName(key)} has no ${endpointName(destination.address, destination.port)}`,
        );
      return this.#withDestination(endpoint, record, destination);
    });
  }

  #removeDestination(
    operation: Extract<BalancerOperation, { kind: "remove-destination" }>,
  ): Result<void, EngineFault> {
    let slot = -1;
    const changed = this.#change(operation.key, (_, record) => {
      const place = placeOf(record, operation);
      const candidate = record.candidates[place];
      if (candidate === undefined)
        return notFound(
          `${virtualServerName(operation.key)} has no ${endpointName(operation.address, operation.port)}`,
        );
      slot = candidate.destination;
      const retired = addCounters(record.retired, readCountersOf(this.#maps, slot));
      return ok({ ...withoutCandidate(record, place), retired });
    });
    if (!changed.ok) return changed;
    this.#slots.abandon(slot, this.#nowMs());
    this.#slots.zeroCounters(slot);
    return changed;
  }

  #change(
    key: VirtualServerKey,
    edit: (endpoint: EndpointKey, record: ServiceRecord) => Result<ServiceRecord, EngineFault>,
  ): Result<void, EngineFault> {
    const endpoint = endpointOf(key);
    const record = this.#read(endpoint);
    if (record === undefined) return notFound(`no service ${virtualServerName(key)}`);
    const edited = edit(endpoint, record);
    if (!edited.ok) return edited;
    return this.#write(endpoint, edited.value, record);
  }

  /** The record with the destination in it, first when new, else in its place; its slot is ready. */
  #withDestination(
    service: EndpointKey,
    record: ServiceRecord,
    destination: Destination,
  ): Result<ServiceRecord, EngineFault> {
    const name = endpointName(destination.address, destination.port);
    const { forwarding } = destination;
    const families = [familyOf(destination.address), familyOfEndpoint(service)];
    if (forwarding === "TUN" && families.includes(6))
      return notSupported(`${name}: TUN carries IPv4 in IPv4 in the xdp engine`);
    if (families[0] !== families[1])
      return notSupported(`${name}: only TUN goes from one address family to the other`);
    if (
      forwarding === "FULLNAT" &&
      (familyOfEndpoint(service) === 6 || service.protocol === protocolNumbers.SCTP)
    )
      return notSupported(`${name}: FULLNAT carries TCP and UDP over IPv4 in the xdp engine`);
    const place = placeOf(record, destination);
    if (place < 0 && record.candidates.length >= candidatesMax)
      return notSupported(`more than ${candidatesMax} destinations in one service`);
    const way = this.#wayTo(destination.address);
    const method = methodNumbers[destination.forwarding];
    const { address, port } = destination;
    const slot = this.#slots.take({ service, address, port }, method, way.hop, way.local);
    if (slot === undefined) return notSupported("more destinations than the engine has slots");
    this.#slots.joinGroup(slot, record.persistenceGroup);
    const onePacket = (record.flags & serviceFlags.onePacket) !== 0;
    const put = this.#forwarding.put(slot, { ...service, onePacket }, destination, way.source);
    if (!put.ok) return put;
    this.#slots.setLimits(slot, destination.upperThreshold, destination.lowerThreshold);
    const old = record.candidates[place];
    const candidate: CandidateRecord = {
      destination: slot,
      weight: destination.weight,
      address,
      port,
      method,
      generation: this.#slots.all().get(slot)?.generation ?? 0,
      upperThreshold: destination.upperThreshold,
      lowerThreshold: destination.lowerThreshold,
      lastWeight: destination.weight === 0 ? (old?.lastWeight ?? 0) : destination.weight,
    };
    if (place < 0) return ok(withCandidate(record, candidate));
    return ok(withChangedCandidate(record, place, candidate));
  }
}
