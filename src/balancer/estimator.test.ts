import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf } from "../../test/contract/tables.ts";
import type { ServiceStatistics, TrafficCounters } from "../model/balancer-table.ts";
import { newEstimator, ratesOf, stepEstimator } from "./estimator.ts";
import { RateBoard } from "./rate-board.ts";

const zero: TrafficCounters = {
  connections: 0,
  inPackets: 0,
  outPackets: 0,
  inBytes: 0,
  outBytes: 0,
};

test("a steady flow is approached by a quarter of the distance every two seconds", () => {
  let estimator = newEstimator(zero);
  const shown: (readonly number[])[] = [];
  for (let step = 1; step <= 24; step++) {
    estimator = stepEstimator(estimator, {
      connections: 20 * step,
      inPackets: 2000 * step,
      outPackets: 0,
      inBytes: 200_000 * step,
      outBytes: 2 * step,
    });
    const { connections, inPackets, inBytes, outBytes } = ratesOf(estimator);
    shown.push([connections, inPackets, inBytes, outBytes]);
  }
  assert.deepEqual(shown.slice(0, 3), [
    [2, 250, 25_000, 0],
    [4, 437, 43_750, 0],
    [6, 578, 57_812, 1],
  ]);
  assert.deepEqual(shown.at(-1), [10, 999, 99_900, 1]);
});

test("silence lets a rate fall to nothing, and not below", () => {
  const busy = { ...zero, inPackets: 1000 };
  let estimator = stepEstimator(newEstimator(zero), busy);
  assert.equal(ratesOf(estimator).inPackets, 125);
  for (let i = 0; i < 60; i++) estimator = stepEstimator(estimator, busy);
  assert.equal(ratesOf(estimator).inPackets, 0);
});

test("counters that were set to zero count from there", () => {
  const before = stepEstimator(newEstimator(zero), { ...zero, inPackets: 1_000_000 });
  const after = stepEstimator(before, { ...zero, inPackets: 10 });
  assert.ok(ratesOf(after).inPackets < ratesOf(before).inPackets);
  assert.ok(ratesOf(after).inPackets >= 0);
});

test("a board keeps services and destinations apart, forgets what is gone, and makes up for gaps", () => {
  const key = keyOf("TCP", "10.1.0.100:80");
  const server = keyOf("TCP", "10.2.0.11:80");
  assert.ok(server.kind === "address");
  const { address } = server;
  const at = (inPackets: number): readonly ServiceStatistics[] => [
    {
      key,
      counters: { ...zero, inPackets },
      destinations: [
        {
          address,
          port: 80,
          activeConnections: 0,
          inactiveConnections: 0,
          counters: { ...zero, inPackets: inPackets / 2 },
        },
      ],
    },
  ];
  const board = new RateBoard();
  board.step(at(500), 0);
  assert.equal(board.service(key)?.inPackets, 0, "what was counted before is no rate");
  assert.equal(board.isDue(1999), false);
  assert.equal(board.isDue(2000), true);
  board.step(at(1500), 2000);
  assert.equal(board.service(key)?.inPackets, 125);
  assert.equal(board.destination(key, address, 80)?.inPackets, 62);
  board.step(at(1500), 8000);
  assert.equal(board.service(key)?.inPackets, 53, "three steps of silence");
  board.zero(key);
  assert.equal(board.service(key), undefined);
  board.step([], 10_000);
  assert.equal(board.destination(key, address, 80), undefined);
});
