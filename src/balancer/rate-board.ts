// An estimator for each service and destination of a table, fed with a data plane's statistics.

import type { IpAddress } from "../base/address.ts";
import type {
  DestinationStatistics,
  ServiceStatistics,
  TrafficCounters,
  TrafficRates,
} from "../model/balancer-table.ts";
import { endpointName, type VirtualServerKey } from "../model/virtual-server.ts";
import {
  ESTIMATION_INTERVAL_MS,
  type Estimator,
  newEstimator,
  ratesOf,
  stepEstimator,
} from "./estimator.ts";

/** Beyond this many steps at once nothing of the old average is left to be seen. */
const STEPS_AT_ONCE_MAX = 64;

/** Rates of everything that statistics tell of. `nowMs` is monotonic. */
export class RateBoard {
  #estimators = new Map<string, Estimator>();
  #steppedAtMs: number | undefined;

  /** True when two seconds have passed since the last step, or nothing was ever seen. */
  isDue(nowMs: number): boolean {
    return this.#steppedAtMs === undefined || nowMs - this.#steppedAtMs >= ESTIMATION_INTERVAL_MS;
  }

  /**
   * Takes in statistics; to be called when `isDue`. What is new starts with no rate, what is gone is
   * forgotten. After a longer gap the missed steps are made up for, as if all came in the last one.
   */
  step(statistics: readonly ServiceStatistics[], nowMs: number): void {
    const gapMs = this.#steppedAtMs === undefined ? 0 : nowMs - this.#steppedAtMs;
    const steps = Math.min(STEPS_AT_ONCE_MAX, Math.floor(gapMs / ESTIMATION_INTERVAL_MS));
    const next = new Map<string, Estimator>();
    for (const { name, counters } of rowsOf(statistics)) {
      let estimator = this.#estimators.get(name) ?? newEstimator(counters);
      for (let i = 1; i < steps; i++) estimator = stepEstimator(estimator, estimator.last);
      next.set(name, steps === 0 ? estimator : stepEstimator(estimator, counters));
    }
    this.#estimators = next;
    this.#steppedAtMs =
      this.#steppedAtMs === undefined || steps === STEPS_AT_ONCE_MAX
        ? nowMs
        : this.#steppedAtMs + steps * ESTIMATION_INTERVAL_MS;
  }

  /** Forgets the rates of one service and its destinations, or all: their counters were zeroed. */
  zero(key?: VirtualServerKey): void {
    for (const name of this.#estimators.keys()) {
      if (key === undefined || name.startsWith(`${serviceName(key)} `))
        this.#estimators.delete(name);
    }
  }

  service(key: VirtualServerKey): TrafficRates | undefined {
    return this.#ratesOf(`${serviceName(key)} `);
  }

  destination(key: VirtualServerKey, address: IpAddress, port: number): TrafficRates | undefined {
    return this.#ratesOf(`${serviceName(key)} ${endpointName(address, port)}`);
  }

  #ratesOf(name: string): TrafficRates | undefined {
    const estimator = this.#estimators.get(name);
    return estimator === undefined ? undefined : ratesOf(estimator);
  }
}

function* rowsOf(
  statistics: readonly ServiceStatistics[],
): Iterable<{ readonly name: string; readonly counters: TrafficCounters }> {
  for (const { key, counters, destinations } of statistics) {
    yield { name: `${serviceName(key)} `, counters };
    for (const row of destinations)
      yield { name: destinationName(key, row), counters: row.counters };
  }
}

function destinationName(key: VirtualServerKey, row: DestinationStatistics): string {
  return `${serviceName(key)} ${endpointName(row.address, row.port)}`;
}

/** Marks of the two families are two services, which their printed names do not tell apart. */
function serviceName(key: VirtualServerKey): string {
  if (key.kind === "fwmark") return `FWM${key.family}/${key.fwmark}`;
  return `${key.protocol}/${endpointName(key.address, key.port)}`;
}
