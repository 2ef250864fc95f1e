// The kernel's own tables: how many places each server has, and what clients find there.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import { maglevPlace, maglevPlaces, maglevTableSize, runsInTurn } from "./places.ts";

const members = [3, 2, 1].map((lastWeight) => ({
  address: `10.2.0.1${lastWeight}` as IpAddress,
  port: 5000,
  lastWeight,
}));

function count(places: Uint16Array): readonly number[] {
  const counts: number[] = [];
  for (const index of places) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}

test("sh gives runs by weight, and one place a turn to a server without weight", () => {
  assert.deepEqual([...runsInTurn([3, 2, 1]).subarray(0, 8)], [0, 0, 0, 1, 1, 2, 0, 0]);
  assert.deepEqual(count(runsInTurn([0, 2, 1])), [64, 128, 64]);
  assert.equal(runsInTurn([]).length, 0);
  assert.deepEqual(count(runsInTurn([1000, 1])), [256]);
});

test("mh's table for weights 3, 2, 1 has as many places for each as the kernel's", () => {
  assert.deepEqual(count(maglevPlaces(members)), [2047, 1364, 682]);
});

test("mh's table depends on the divisor of the weights alone, and is empty without any", () => {
  const thousandfold = members.map((one) => ({ ...one, lastWeight: one.lastWeight * 1000 }));
  assert.deepEqual(maglevPlaces(thousandfold), maglevPlaces(members));
  assert.equal(maglevPlaces(members.map((one) => ({ ...one, lastWeight: 0 }))).length, 0);
});

test("mh gives a server with a very small weight one turn, and none to one that never had any", () => {
  const [first, second, third] = members;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  const places = maglevPlaces([
    { ...first, lastWeight: 6001 },
    { ...second, lastWeight: 1 },
    { ...third, lastWeight: 0 },
  ]);
  const [heavy = 0, light = 0, never] = count(places);
  // 6001 has 13 bits: it is cut to 6, which leaves 46 turns to 1.
  assert.ok(light >= maglevTableSize / 47 - 1 && heavy > light);
  assert.equal(never, undefined);
});

test("mh hashes beyond 2^32 as 32-bit machines add", () => {
  assert.equal(maglevPlace(2 ** 32 + 5), maglevPlace(5));
});
