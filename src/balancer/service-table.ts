// All services, found by what a packet says, and the destinations that were removed but not forgotten.

import { type Family, familyOf, type IpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { BalancerTable, Service, ServiceStatistics } from "../model/balancer-table.ts";
import {
  type TransportProtocol,
  type VirtualServerKey,
  virtualServerName,
} from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import { isUnreferenced } from "./connection.ts";
import { type DestinationEntry, type RouteFinder, zeroCounters } from "./destination.ts";
import {
  addDestination,
  type BalancerFault,
  changeService,
  editDestination,
  findDestination,
  newService,
  removeDestination,
  type ServiceEntry,
} from "./service.ts";

const FTP_PORT = 21;
const FTP_DATA_PORT = 20;
const UNPRIVILEGED_PORT_MIN = 1024;
/** How long a removed destination without connections keeps its counts. */
const TRASH_MS = 120_000;

/** Where a packet goes, as far as services tell packets apart. */
export interface ServiceQuestion {
  readonly protocol: TransportProtocol;
  readonly address: IpAddress;
  readonly port: number;
  /** Firewall mark; 0: none. */
  readonly mark: number;
}

export class ServiceTable {
  readonly #services = new Map<string, ServiceEntry>();
  readonly #trash = new Map<string, DestinationEntry>();
  readonly #families: Record<Family, number> = { 4: 0, 6: 0 };
  readonly #routes: RouteFinder | undefined;
  #anyPortServices = 0;
  #ftpServices = 0;

  /** `routes` tells how this host sends: tunnels and FULLNAT need to know. */
  constructor(routes?: RouteFinder) {
    this.#routes = routes;
  }

  get size(): number {
    return this.#services.size;
  }

  /** True when some service is of the address family. */
  hasFamily(family: Family): boolean {
    return this.#families[family] > 0;
  }

  /** True for the address and port of a real server that is reached by NAT, in any service. */
  hasNatServer(protocol: TransportProtocol, address: IpAddress, port: number): boolean {
    for (const { key, destinations } of this.#services.values()) {
      if (key.kind === "address" && key.protocol !== protocol) continue;
      const isServer = (entry: DestinationEntry): boolean =>
        entry.forwarding === "NAT" && entry.address === address && entry.port === port;
      if (destinations.some(isServer)) return true;
    }
    return false;
  }

  /** Counters of one service and its destinations, or of all, to zero. */
  zero(key: VirtualServerKey | undefined): Result<void, BalancerFault> {
    if (key !== undefined && !this.#services.has(keyText(key))) return fail(missing(key));
    for (const service of this.#services.values()) {
      if (key !== undefined && keyText(key) !== keyText(service.key)) continue;
      Object.assign(service.counters, zeroCounters());
      for (const { counters } of service.destinations) Object.assign(counters, zeroCounters());
    }
    return ok(undefined);
  }

  /** Marks first, then address and port, then FTP data, then services for any port. */
  find(question: ServiceQuestion): ServiceEntry | undefined {
    const { protocol, address, port, mark } = question;
    const family = familyOf(address);
    if (mark !== 0) {
      const marked = this.#services.get(keyText({ kind: "fwmark", fwmark: mark, family }));
      if (marked !== undefined) return marked;
    }
    const at = (servicePort: number): ServiceEntry | undefined =>
      this.#services.get(keyText({ kind: "address", address, port: servicePort, protocol }));
    const exact = at(port);
    if (exact !== undefined) return exact;
    const maybeFtpData = port === FTP_DATA_PORT || port >= UNPRIVILEGED_PORT_MIN;
    const ftp =
      protocol === "TCP" && this.#ftpServices > 0 && maybeFtpData ? at(FTP_PORT) : undefined;
    return ftp ?? (this.#anyPortServices > 0 ? at(0) : undefined);
  }

  /** Carries out one operation. Adding what is there changes it. */
  configure(operation: BalancerOperation): Result<void, BalancerFault> {
    switch (operation.kind) {
      case "add-service":
        return this.#addService(operation.service);
      case "change-service": {
        const service = this.#services.get(keyText(operation.service.key));
        if (service === undefined) return fail(missing(operation.service.key));
        changeService(service, operation.service);
        return ok(undefined);
      }
      case "remove-service":
        return this.#removeService(operation.key);
      case "add-destination":
      case "change-destination":
      case "remove-destination": {
        const service = this.#services.get(keyText(operation.key));
        if (service === undefined) return fail(missing(operation.key));
        return this.#configureDestination(service, operation);
      }
    }
  }

  #addService(wish: Service): Result<void, BalancerFault> {
    const text = keyText(wish.key);
    const standing = this.#services.get(text);
    if (standing !== undefined) {
      changeService(standing, wish);
      return ok(undefined);
    }
    const made = newService(wish, this.#routes);
    this.#services.set(text, made);
    this.#countSpecial(wish.key, 1);
    for (const destination of wish.destinations) {
      const { key } = wish;
      this.#configureDestination(made, { kind: "add-destination", key, destination });
    }
    return ok(undefined);
  }

  #removeService(key: VirtualServerKey): Result<void, BalancerFault> {
    const text = keyText(key);
    const service = this.#services.get(text);
    if (service === undefined) return fail(missing(key));
    for (const entry of [...service.destinations]) this.#discard(service, entry);
    this.#services.delete(text);
    this.#countSpecial(key, -1);
    return ok(undefined);
  }

  #countSpecial(key: VirtualServerKey, by: 1 | -1): void {
    this.#families[familyOfKey(key)] += by;
    if (key.kind !== "address") return;
    if (key.port === 0) this.#anyPortServices += by;
    if (key.port === FTP_PORT) this.#ftpServices += by;
  }

  #configureDestination(
    service: ServiceEntry,
    operation: Extract<BalancerOperation, { readonly key: VirtualServerKey }>,
  ): Result<void, BalancerFault> {
    switch (operation.kind) {
      case "add-destination":
      case "change-destination": {
        const { destination: wish } = operation;
        const standing = findDestination(service, wish.address, wish.port);
        if (standing !== undefined) {
          editDestination(service, standing, wish);
          return ok(undefined);
        }
        if (operation.kind === "change-destination")
          return fail(missing(service.key, `${wish.address} port ${wish.port}`));
        const trashKey = trashText(service.key, wish.address, wish.port);
        addDestination(service, wish, this.#trash.get(trashKey));
        this.#trash.delete(trashKey);
        return ok(undefined);
      }
      case "remove-destination": {
        const standing = findDestination(service, operation.address, operation.port);
        if (standing === undefined)
          return fail(missing(service.key, `${operation.address} port ${operation.port}`));
        this.#discard(service, standing);
        return ok(undefined);
      }
      case "remove-service":
        return this.#removeService(operation.key);
    }
  }

  /** A removed destination comes back with its counts while connections point to it, or soon after. */
  #discard(service: ServiceEntry, entry: DestinationEntry): void {
    removeDestination(service, entry);
    this.#trash.set(trashText(service.key, entry.address, entry.port), entry);
  }

  /** Forgets removed destinations that have had no connection for two minutes. */
  emptyTrash(nowMs: number): void {
    for (const [text, entry] of this.#trash) {
      if (!isUnreferenced(entry)) continue;
      entry.idleSinceMs ??= nowMs;
      if (nowMs - entry.idleSinceMs >= TRASH_MS) this.#trash.delete(text);
    }
  }

  /** Services in the order of their addition, destinations likewise. */
  observe(): BalancerTable {
    const services = [...this.#services.values()].map((entry) => ({
      key: entry.key,
      scheduler: entry.schedulerName,
      persistenceTimeoutS: entry.persistenceTimeoutS,
      persistencePrefixLength: entry.persistencePrefixLength,
      onePacket: entry.onePacket,
      ...(entry.schedulerFlags.length > 0 && { schedulerFlags: entry.schedulerFlags }),
      ...(entry.persistenceGroup !== undefined && { persistenceGroup: entry.persistenceGroup }),
      destinations: entry.destinations.toReversed().map((destination) => ({
        address: destination.address,
        port: destination.port,
        weight: destination.weight,
        forwarding: destination.forwarding,
        upperThreshold: destination.upperThreshold,
        lowerThreshold: destination.lowerThreshold,
        ...(destination.tunnel !== undefined && { tunnel: destination.tunnel }),
        ...(destination.fullNat !== undefined && { fullNat: destination.fullNat }),
      })),
    }));
    return { services };
  }

  /** Counters in the same order. */
  statistics(): readonly ServiceStatistics[] {
    return [...this.#services.values()].map((entry) => ({
      key: entry.key,
      counters: { ...entry.counters },
      destinations: entry.destinations.toReversed().map((destination) => ({
        address: destination.address,
        port: destination.port,
        activeConnections: destination.activeConnections,
        inactiveConnections: destination.inactiveConnections,
        persistentConnections: destination.persistentConnections,
        counters: { ...destination.counters },
      })),
    }));
  }
}

function familyOfKey(key: VirtualServerKey): Family {
  return key.kind === "fwmark" ? key.family : familyOf(key.address);
}

function keyText(key: VirtualServerKey): string {
  if (key.kind === "fwmark") return `fwmark ${key.fwmark} ${key.family}`;
  return `${key.protocol} ${key.address} ${key.port}`;
}

function trashText(key: VirtualServerKey, address: IpAddress, port: number): string {
  return `${keyText(key)} -> ${address} ${port}`;
}

function missing(key: VirtualServerKey, destination?: string): BalancerFault {
  const name = virtualServerName(key);
  const text =
    destination === undefined ? `no service ${name}` : `no destination ${destination} in ${name}`;
  return { kind: "not-found", text };
}
