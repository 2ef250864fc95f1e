import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import { type CandidateRecord, schedulerNumbers } from "../../wire/maps/service-record.ts";
import {
  withCandidate,
  withChangedCandidate,
  withoutCandidate,
  withScheduler,
} from "./service-edit.ts";
import { emptyService } from "./service-words.ts";

function candidate(weight: number, destination = weight): CandidateRecord {
  return {
    destination,
    weight,
    address: "10.2.0.11" as IpAddress,
    port: 80,
    method: 0,
    generation: 0,
    upperThreshold: 0,
    lowerThreshold: 0,
    lastWeight: weight,
  };
}

test("the last destination added stands first", () => {
  let service = emptyService(schedulerNumbers.rr);
  for (const weight of [1, 2, 3]) service = withCandidate(service, candidate(weight));
  assert.deepEqual(
    service.candidates.map(({ weight }) => weight),
    [3, 2, 1],
  );
});

test("round robin stays at its server when another one is added before it", () => {
  const service = { ...emptyService(schedulerNumbers.rr), candidates: [candidate(1)] };
  assert.equal(withCandidate({ ...service, cursorPlace: 1 }, candidate(2)).cursorPlace, 2);
  assert.equal(withCandidate({ ...service, cursorPlace: 0 }, candidate(2)).cursorPlace, 0);
});

test("when the last chosen server goes, the one before it counts as last chosen", () => {
  const candidates = [candidate(3), candidate(2), candidate(1)];
  const service = { ...emptyService(schedulerNumbers.rr), candidates };
  assert.equal(withoutCandidate({ ...service, cursorPlace: 2 }, 1).cursorPlace, 1);
  assert.equal(withoutCandidate({ ...service, cursorPlace: 3 }, 1).cursorPlace, 2);
  assert.equal(withoutCandidate({ ...service, cursorPlace: 1 }, 1).cursorPlace, 1);
  assert.equal(withoutCandidate({ ...service, cursorPlace: 1 }, 0).cursorPlace, 0);
});

test("weighted round robin keeps its current weight in the grid of the common divisor", () => {
  let service = emptyService(schedulerNumbers.wrr);
  service = withCandidate(service, candidate(4));
  assert.deepEqual([service.weightStep, service.weightMax, service.cursorWeight], [4, 1, 1]);
  service = withCandidate(service, candidate(2));
  assert.deepEqual([service.weightStep, service.weightMax, service.cursorWeight], [2, 3, 1]);
  service = withCandidate(service, candidate(6));
  assert.deepEqual([service.weightStep, service.weightMax, service.cursorWeight], [2, 5, 1]);
});

test("a weight below the current one starts weighted round robin from its new maximum", () => {
  const candidates = [candidate(3), candidate(1)];
  const service = { ...emptyService(schedulerNumbers.wrr), candidates, cursorWeight: 3 };
  const changed = withChangedCandidate({ ...service, cursorPlace: 1 }, 0, candidate(2));
  assert.deepEqual([changed.weightMax, changed.cursorWeight, changed.cursorPlace], [2, 2, 0]);
});

test("another scheduler begins at the head", () => {
  const service = { ...emptyService(schedulerNumbers.rr), candidates: [candidate(2)] };
  const changed = withScheduler({ ...service, cursorPlace: 1 }, schedulerNumbers.wrr);
  assert.deepEqual([changed.cursorPlace, changed.cursorWeight, changed.weightMax], [0, 1, 1]);
});
