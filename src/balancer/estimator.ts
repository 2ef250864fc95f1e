// Rates as IPVS estimates them: every two seconds an average moves a quarter of the way to what was
// counted since. All in integers, with the kernel's scales, so that the numbers shown are the same.

import {
  ratesOfCounters,
  type TrafficCounters,
  type TrafficRates,
} from "../model/balancer-table.ts";

/** How far apart two steps are, milliseconds. */
export const ESTIMATION_INTERVAL_MS = 2000;

/** An estimator between two steps: the counters of the last one, and scaled averages. */
export interface Estimator {
  readonly last: TrafficCounters;
  /** Connections and packets in 1/1024 a second, bytes in 1/32 a second. */
  readonly averages: TrafficRates;
}

type Counter = keyof TrafficCounters;

const noRates = ratesOfCounters(() => 0);

/** An estimator that has seen `counters` and no traffic yet; also what is left after zeroing. */
export function newEstimator(counters: TrafficCounters): Estimator {
  return { last: { ...counters }, averages: noRates };
}

/**
 * The estimator after another two seconds. Counters that went back were set to zero meanwhile: what
 * they show is what came since.
 */
export function stepEstimator(estimator: Estimator, counters: TrafficCounters): Estimator {
  const average = (name: Counter): number => {
    const before = estimator.averages[name];
    const rate = sinceLast(estimator.last[name], counters[name]) * scaleOf(name);
    // An arithmetic shift by two: down, also for what is negative.
    return before + Math.floor((rate - before) / 4);
  };
  return { last: { ...counters }, averages: ratesOfCounters(average) };
}

/** The rates to be shown: averages without their scale, rounded up. */
export function ratesOf({ averages }: Estimator): TrafficRates {
  return ratesOfCounters((name) => {
    const scale = scaleOf(name) * 2;
    return Math.floor((averages[name] + scale / 2 - 1) / scale);
  });
}

function sinceLast(last: number, now: number): number {
  return now < last ? now : now - last;
}

/** What a count of two seconds is multiplied by; the scale of an average is twice that. */
function scaleOf(name: Counter): number {
  return name === "inBytes" || name === "outBytes" ? 16 : 512;
}
