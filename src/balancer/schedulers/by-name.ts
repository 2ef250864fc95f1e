// The schedulers by IPVS's names.

import type { SchedulerName } from "../../model/virtual-server.ts";
import type { Scheduler } from "../scheduler.ts";
import { destinationHashing, sourceHashing } from "./hashing.ts";
import {
  leastConnection,
  neverQueue,
  shortestExpectedDelay,
  weightedLeastConnection,
} from "./least-connection.ts";
import { failover, overflow } from "./overflow.ts";
import { roundRobin } from "./round-robin.ts";
import { weightedRoundRobin } from "./weighted-round-robin.ts";

const schedulers: Readonly<Partial<Record<SchedulerName, () => Scheduler>>> = {
  rr: roundRobin,
  wrr: weightedRoundRobin,
  lc: leastConnection,
  wlc: weightedLeastConnection,
  sed: shortestExpectedDelay,
  nq: neverQueue,
  fo: failover,
  ovf: overflow,
  dh: destinationHashing,
  sh: sourceHashing,
};

/** A scheduler in its first state; undefined for one that the balancer does not have. */
export function newScheduler(name: SchedulerName): Scheduler | undefined {
  return schedulers[name]?.();
}
