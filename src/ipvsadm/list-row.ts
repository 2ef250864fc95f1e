// What one line of a list is made of: the table and what was counted, brought together and put in order.

import type {
  BalancerTable,
  Destination,
  DestinationStatistics,
  Service,
  ServiceStatistics,
  TrafficCounters,
  TrafficRates,
} from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import { sortDestinations, sortServices } from "./sort-table.ts";

/** A destination with what was counted for it. */
export interface ListedDestination extends Destination {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
  readonly counters: TrafficCounters;
  readonly rates: TrafficRates;
}

/** A service of a list, its destinations in the order in which they are printed. */
export interface ListedService extends Omit<Service, "destinations" | "scheduler"> {
  readonly scheduler: string;
  readonly counters: TrafficCounters;
  readonly rates: TrafficRates;
  readonly destinations: readonly ListedDestination[];
}

const nothingCounted: TrafficCounters = {
  connections: 0,
  inPackets: 0,
  outPackets: 0,
  inBytes: 0,
  outBytes: 0,
};

/** Brings a table and its statistics together; `unsorted` leaves the data plane's order: the last added first. */
export function listedServices(
  table: BalancerTable,
  statistics: readonly ServiceStatistics[],
  unsorted: boolean,
): readonly ListedService[] {
  const counted = new Map(statistics.map((row) => [virtualServerIdentity(row.key), row]));
  const services = unsorted ? table.services : sortServices(table.services);
  return services.map((service) => {
    const row = counted.get(virtualServerIdentity(service.key));
    const newestFirst = service.destinations.toReversed();
    const ordered = unsorted ? newestFirst : sortDestinations(newestFirst);
    const rows = new Map((row?.destinations ?? []).map((one) => [realServerIdentity(one), one]));
    return {
      ...service,
      counters: row?.counters ?? nothingCounted,
      rates: row?.rates ?? nothingCounted,
      destinations: ordered.map((one) => listed(one, rows.get(realServerIdentity(one)))),
    };
  });
}

function listed(
  destination: Destination,
  row: DestinationStatistics | undefined,
): ListedDestination {
  return {
    ...destination,
    activeConnections: row?.activeConnections ?? 0,
    inactiveConnections: row?.inactiveConnections ?? 0,
    persistentConnections: row?.persistentConnections ?? 0,
    counters: row?.counters ?? nothingCounted,
    rates: row?.rates ?? nothingCounted,
  };
}

/** True for services of IPv6 addresses and marks. */
export function isIpv6Service(key: VirtualServerKey): boolean {
  return key.kind === "fwmark" ? key.family === 6 : key.address.includes(":");
}
