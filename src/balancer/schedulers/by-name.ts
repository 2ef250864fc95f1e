// The schedulers by IPVS's names.

import type { SchedulerName } from "../../model/virtual-server.ts";
import type { Scheduler } from "../scheduler.ts";
import { destinationHashing, maglevHashing, sourceHashing } from "./hashing.ts";
import {
  leastConnection,
  neverQueue,
  shortestExpectedDelay,
  weightedLeastConnection,
} from "./least-connection.ts";
import { localityLeastConnection, localityLeastConnectionWithReplication } from "./locality.ts";
import { failover, overflow } from "./overflow.ts";
import { roundRobin } from "./round-robin.ts";
import { powerOfTwoChoices } from "./two-choices.ts";
import { weightedRoundRobin } from "./weighted-round-robin.ts";

/** What twos draws is the same in every run, so that a story can be played again. */
const TWOS_SEED = 1;

const schedulers: Readonly<Record<SchedulerName, () => Scheduler>> = {
  rr: roundRobin,
  wrr: weightedRoundRobin,
  lc: leastConnection,
  wlc: weightedLeastConnection,
  lblc: localityLeastConnection,
  lblcr: localityLeastConnectionWithReplication,
  sed: shortestExpectedDelay,
  nq: neverQueue,
  fo: failover,
  ovf: overflow,
  dh: destinationHashing,
  sh: sourceHashing,
  mh: maglevHashing,
  twos: () => powerOfTwoChoices(TWOS_SEED),
};

/** A scheduler in its first state. */
export function newScheduler(name: SchedulerName): Scheduler {
  return schedulers[name]();
}
