// One virtual service: its destinations in list order, its scheduler, its counters.

import type { IpAddress } from "../base/address.ts";
import type { Destination, SchedulerFlag, Service } from "../model/balancer-table.ts";
import type { SchedulerName, VirtualServerKey } from "../model/virtual-server.ts";
import {
  changeDestination,
  type DestinationEntry,
  type MutableCounters,
  newDestination,
  type RouteFinder,
  zeroCounters,
} from "./destination.ts";
import type { Scheduler } from "./scheduler.ts";
import { newScheduler } from "./schedulers/by-name.ts";

/** Why the table could not be changed. */
export interface BalancerFault {
  readonly kind: "not-supported" | "not-found";
  readonly text: string;
}

/** A service in the table. */
export interface ServiceEntry {
  readonly key: VirtualServerKey;
  schedulerName: SchedulerName;
  scheduler: Scheduler;
  persistenceTimeoutS: number;
  persistencePrefixLength: number;
  onePacket: boolean;
  schedulerFlags: readonly SchedulerFlag[];
  /** Of whose templates this service takes part; undefined: its own. */
  persistenceGroup: number | undefined;
  /** Last added first, as IPVS keeps them. */
  readonly destinations: DestinationEntry[];
  readonly counters: MutableCounters;
  readonly routes?: RouteFinder;
}

/** An empty service with the attributes of `wish`. */
export function newService(wish: Service, routes?: RouteFinder): ServiceEntry {
  return {
    key: wish.key,
    schedulerName: wish.scheduler,
    scheduler: newScheduler(wish.scheduler),
    schedulerFlags: wish.schedulerFlags ?? [],
    persistenceGroup: wish.persistenceGroup,
    persistenceTimeoutS: wish.persistenceTimeoutS,
    persistencePrefixLength: wish.persistencePrefixLength,
    onePacket: wish.onePacket,
    destinations: [],
    counters: zeroCounters(),
    ...(routes !== undefined && { routes }),
  };
}

/** Takes over the attributes of `wish`, not its destinations. Another scheduler starts afresh. */
export function changeService(entry: ServiceEntry, wish: Service): void {
  if (wish.scheduler !== entry.schedulerName) {
    const scheduler = newScheduler(wish.scheduler);
    entry.schedulerName = wish.scheduler;
    entry.scheduler = scheduler;
    const [first] = entry.destinations;
    if (first !== undefined) scheduler.listChanged?.(entry.destinations, "added", first, 0);
  }
  entry.persistenceTimeoutS = wish.persistenceTimeoutS;
  entry.persistencePrefixLength = wish.persistencePrefixLength;
  entry.onePacket = wish.onePacket;
  entry.schedulerFlags = wish.schedulerFlags ?? [];
  entry.persistenceGroup = wish.persistenceGroup;
}

/** Puts a destination at the head of the list; `revived` is one that was removed before. */
export function addDestination(
  service: ServiceEntry,
  wish: Destination,
  revived: DestinationEntry | undefined,
): void {
  const entry = revived ?? newDestination(wish, service);
  if (revived !== undefined) {
    // Its connections count again; its traffic only for the service that it was counted for.
    if (revived.service !== service) Object.assign(revived.counters, zeroCounters());
    entry.service = service;
    entry.available = true;
    delete entry.idleSinceMs;
    changeDestination(entry, wish);
    // An edit keeps the last weight that was not 0, an addition does not.
    entry.lastWeight = wish.weight;
  }
  service.destinations.unshift(entry);
  service.scheduler.listChanged?.(service.destinations, "added", entry, 0);
}

/** Takes over the attributes of `wish`; the destination keeps its place. */
export function editDestination(
  service: ServiceEntry,
  entry: DestinationEntry,
  wish: Destination,
): void {
  changeDestination(entry, wish);
  const index = service.destinations.indexOf(entry);
  service.scheduler.listChanged?.(service.destinations, "changed", entry, index);
}

/** Takes a destination out of the list; its connections stay and carry nothing. */
export function removeDestination(service: ServiceEntry, entry: DestinationEntry): void {
  const index = service.destinations.indexOf(entry);
  service.destinations.splice(index, 1);
  entry.available = false;
  service.scheduler.listChanged?.(service.destinations, "removed", entry, index);
}

/** The destination of a service with this address and port. */
export function findDestination(
  service: ServiceEntry,
  address: IpAddress,
  port: number,
): DestinationEntry | undefined {
  return service.destinations.find((entry) => entry.address === address && entry.port === port);
}
