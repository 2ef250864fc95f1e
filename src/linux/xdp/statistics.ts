// What the data plane has counted, as ipvsadm would show it.

import type { DestinationStatistics, ServiceStatistics } from "../../model/balancer-table.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { decodeLoad } from "../../wire/maps/small-records.ts";
import { addCounters, readCountersOf, trafficCounters } from "./counters.ts";
import { virtualServerOf } from "./endpoints.ts";
import type { BalancerMaps } from "./programs.ts";
import type { StoredService } from "./table.ts";

/** Counters of every service; its own are the sum over its destinations, past ones included. */
export function serviceStatistics(
  maps: BalancerMaps,
  services: readonly StoredService[],
): readonly ServiceStatistics[] {
  return services.map(({ key, record }) => {
    let sum = record.retired;
    const destinations: DestinationStatistics[] = [];
    for (const { destination, address, port } of record.candidates.toReversed()) {
      const counters = readCountersOf(maps, destination);
      const load = decodeLoad(maps.loads.lookup(encodeIndex(destination)) ?? new Uint8Array(16));
      sum = addCounters(sum, counters);
      destinations.push({
        address,
        port,
        activeConnections: load.active,
        inactiveConnections: load.inactive,
        persistentConnections: load.persistent,
        counters: trafficCounters(counters),
      });
    }
    return {
      key: virtualServerOf(key),
      counters: trafficCounters(sum),
      destinations,
    };
  });
}
