// lblc and lblcr: what is remembered of an address, when another server is asked, what is forgotten.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import { type DestinationEntry, newDestination, zeroCounters } from "../destination.ts";
import type { Scheduler, SchedulingInput } from "../scheduler.ts";
import { localityLeastConnection, localityLeastConnectionWithReplication } from "./locality.ts";

const minuteMs = 60_000;

function entry(host: number, weight: number): DestinationEntry {
  const address = `10.2.0.${host}` as IpAddress;
  const thresholds = { upperThreshold: 0, lowerThreshold: 0 };
  return newDestination(
    { address, port: 80, weight, forwarding: "DR", ...thresholds },
    { counters: zeroCounters() },
  );
}

function asking(address: string, nowMs = 0): SchedulingInput {
  return {
    source: "10.1.0.2" as IpAddress,
    sourcePort: 1,
    destination: address as IpAddress,
    nowMs,
    flags: [],
    lblcExpirationS: 3600,
    lblcrExpirationS: 3600,
  };
}

/** Chooses and counts an active connection at who was chosen. */
function open(
  scheduler: Scheduler,
  destinations: readonly DestinationEntry[],
  input: SchedulingInput,
): DestinationEntry | undefined {
  const chosen = scheduler.choose(destinations, input);
  if (chosen !== undefined) chosen.activeConnections++;
  return chosen;
}

test("lblc keeps an address on its server, also at the upper threshold, until it is drained", () => {
  const [a, b] = [entry(1, 9), entry(2, 9)];
  const scheduler = localityLeastConnection();
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), a);
  assert.equal(open(scheduler, [a, b], asking("192.0.2.2")), b);
  a.overloaded = true;
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), a);
  a.weight = 0;
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), b);
  a.weight = 9;
  a.overloaded = false;
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), b, "the new one stays");
});

test("lblc asks another server when one has more than its weight and another less than half", () => {
  const [a, b] = [entry(1, 2), entry(2, 4)];
  const scheduler = localityLeastConnection();
  b.activeConnections = 3;
  for (let i = 0; i < 4; i++) assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), a);
  b.activeConnections = 1;
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), b);
});

test("lblcr adds a server to the set under load, and drops the busiest after a rest", () => {
  const [a, b] = [entry(1, 2), entry(2, 4)];
  const scheduler = localityLeastConnectionWithReplication();
  for (let i = 0; i < 3; i++) assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), a);
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), b, "a has 3 of 2, b 0 of 4");
  b.activeConnections = 4;
  a.activeConnections = 0;
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), a, "the least of the set");
  // The set has rested for longer than the setting: b, with the most to do, goes.
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1", 3_601_000)), a);
  b.activeConnections = 0;
  assert.equal(open(scheduler, [a, b], asking("192.0.2.1", 3_601_000)), a, "b is not in the set");
});

test("an address that nobody asks for is forgotten by the look of every thirtieth minute", () => {
  const [a, b] = [entry(1, 9), entry(2, 9)];
  for (const [askedAgainAtMs, chosen] of [
    [89 * minuteMs, a],
    [91 * minuteMs, b],
  ] as const) {
    const scheduler = localityLeastConnection();
    a.activeConnections = 0;
    assert.equal(open(scheduler, [a, b], asking("192.0.2.1")), a);
    // After the look at 60 minutes it is an hour old less nothing; the one at 90 finds it too old.
    assert.equal(open(scheduler, [a, b], asking("192.0.2.1", minuteMs)), a);
    assert.equal(open(scheduler, [a, b], asking("192.0.2.1", askedAgainAtMs)), chosen);
  }
});

test("with more than 16384 addresses those that rested for six minutes go first", () => {
  const [a, b] = [entry(1, 9), entry(2, 9)];
  const scheduler = localityLeastConnection();
  const address = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
  for (let n = 0; n < 16_500; n++) assert.equal(scheduler.choose([a, b], asking(address(n))), a);
  a.activeConnections = 1;
  const later = 7 * minuteMs;
  assert.equal(scheduler.choose([a, b], asking(address(0), later)), b, "among the first to go");
  assert.equal(scheduler.choose([a, b], asking(address(16_499), later)), a, "enough went before");
});
