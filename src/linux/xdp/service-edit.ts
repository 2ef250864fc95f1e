// Changes of a service's record that keep rr and wrr where IPVS would have them: a new destination
// stands first, and the walk goes on from the same server.

import type { CandidateRecord, ServiceRecord } from "../../wire/maps/service-record.ts";
import { schedulerNumbers } from "../../wire/maps/service-record.ts";

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

/** The common divisor of all weights above 0; 1 when there is none. */
function weightStepOf(candidates: readonly CandidateRecord[]): number {
  let step = 0;
  for (const { weight } of candidates) if (weight > 0) step = greatestCommonDivisor(weight, step);
  return step > 0 ? step : 1;
}

/** wrr begins its walk anew after every change; its current weight is kept as far as it fits. */
function restartWrr(record: ServiceRecord): ServiceRecord {
  const weightStep = weightStepOf(record.candidates);
  const heaviest = record.candidates.reduce((max, { weight }) => Math.max(max, weight), 0);
  const weightMax = Math.max(0, heaviest - (weightStep - 1));
  let cursorWeight = record.cursorWeight;
  if (cursorWeight > weightMax || cursorWeight === 0) cursorWeight = weightMax;
  else if (weightStep > 1) cursorWeight = Math.floor(cursorWeight / weightStep) * weightStep + 1;
  return { ...record, weightStep, weightMax, cursorPlace: 0, cursorWeight };
}

function settle(record: ServiceRecord): ServiceRecord {
  return record.scheduler === schedulerNumbers.wrr ? restartWrr(record) : record;
}

/** Adds a destination before all others. */
export function withCandidate(record: ServiceRecord, candidate: CandidateRecord): ServiceRecord {
  const cursorPlace = record.cursorPlace > 0 ? record.cursorPlace + 1 : 0;
  return settle({ ...record, cursorPlace, candidates: [candidate, ...record.candidates] });
}

/** Replaces a destination in its place. */
export function withChangedCandidate(
  record: ServiceRecord,
  place: number,
  candidate: CandidateRecord,
): ServiceRecord {
  const candidates = record.candidates.map((old, i) => (i === place ? candidate : old));
  return settle({ ...record, candidates });
}

/** Takes a destination out. Whoever was last chosen stays so, or the one before it does. */
export function withoutCandidate(record: ServiceRecord, place: number): ServiceRecord {
  const cursorPlace =
    record.cursorPlace > place ? Math.max(0, record.cursorPlace - 1) : record.cursorPlace;
  const candidates = record.candidates.filter((_, i) => i !== place);
  return settle({ ...record, cursorPlace, candidates });
}

/** Another scheduler begins at the head of the list. */
export function withScheduler(record: ServiceRecord, scheduler: number): ServiceRecord {
  if (record.scheduler === scheduler) return record;
  return settle({ ...record, scheduler, cursorPlace: 0, cursorWeight: 0 });
}
