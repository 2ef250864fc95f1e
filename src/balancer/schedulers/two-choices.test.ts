// twos draws: what comes out on average follows from the weights and from who has less to do.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import { type DestinationEntry, newDestination, zeroCounters } from "../destination.ts";
import { powerOfTwoChoices } from "./two-choices.ts";

const input = {
  source: "10.1.0.2" as IpAddress,
  destination: "10.1.0.100" as IpAddress,
  sourcePort: 1,
  nowMs: 0,
  flags: [],
  lblcExpirationS: 1,
  lblcrExpirationS: 1,
};

function entry(weight: number, activeConnections = 0): DestinationEntry {
  const made = newDestination(
    {
      address: `10.2.0.${weight}` as IpAddress,
      port: 80,
      weight,
      forwarding: "DR",
      upperThreshold: 0,
      lowerThreshold: 0,
    },
    { counters: zeroCounters() },
  );
  made.activeConnections = activeConnections;
  return made;
}

function shares(destinations: readonly DestinationEntry[], draws: number): readonly number[] {
  const scheduler = powerOfTwoChoices(7);
  const counts = destinations.map(() => 0);
  for (let i = 0; i < draws; i++) {
    const chosen = scheduler.choose(destinations, input);
    const index = chosen === undefined ? -1 : destinations.indexOf(chosen);
    assert.ok(index >= 0);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((found) => found / draws);
}

test("idle servers get new connections by weight, the first a little more", () => {
  // Tickets are 0 to the sum of 4: 0 and 1 lead to the first, 2 to 4 to the second.
  const [first = 0, second = 0] = shares([entry(1), entry(3)], 20_000);
  assert.ok(Math.abs(first - 2 / 5) < 0.02, `${first}`);
  assert.ok(Math.abs(second - 3 / 5) < 0.02, `${second}`);
});

test("of two the one with less to do is taken: the busy one only when both draws meet it", () => {
  const [busy = 0] = shares([entry(1, 50), entry(1)], 20_000);
  // Tickets 0 and 1 of 0, 1, 2 lead to the first.
  assert.ok(Math.abs(busy - 4 / 9) < 0.02, `${busy}`);
});

test("without a usable server nobody is chosen, and a drained one never", () => {
  const scheduler = powerOfTwoChoices(7);
  assert.equal(scheduler.choose([], input), undefined);
  assert.equal(scheduler.choose([entry(0)], input), undefined);
  assert.deepEqual(shares([entry(0), entry(2)], 500), [0, 1]);
});
