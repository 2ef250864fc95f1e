// Rates of a data plane that does not estimate them: from two looks at its counters.

import {
  ratesOfCounters,
  type ServiceStatistics,
  type TrafficCounters,
  type TrafficRates,
} from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";

/** Rates from two looks at the same counters. */
export function ratesBetween(
  before: readonly ServiceStatistics[],
  after: readonly ServiceStatistics[],
  seconds: number,
): readonly ServiceStatistics[] {
  const services = new Map(before.map((row) => [virtualServerIdentity(row.key), row]));
  return after.map((row) => {
    const old = services.get(virtualServerIdentity(row.key));
    const servers = new Map((old?.destinations ?? []).map((one) => [realServerIdentity(one), one]));
    return {
      ...row,
      rates: perSecond(old?.counters, row.counters, seconds),
      destinations: row.destinations.map((one) => {
        const then = servers.get(realServerIdentity(one));
        return { ...one, rates: perSecond(then?.counters, one.counters, seconds) };
      }),
    };
  });
}

function perSecond(
  before: TrafficCounters | undefined,
  after: TrafficCounters,
  seconds: number,
): TrafficRates {
  return ratesOfCounters((name) =>
    Math.max(0, Math.ceil((after[name] - (before?.[name] ?? after[name])) / seconds)),
  );
}
