import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { RealServer } from "../model/virtual-server.ts";
import { decideQuorum } from "./quorum.ts";

function servers(weights: readonly number[]): RealServer[] {
  return weights.map((weight, i) => ({
    address: `10.0.0.${i + 1}` as IpAddress,
    port: 80,
    weight,
    forwarding: "DR",
    inhibitOnFailure: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    checks: [],
  }));
}

/** Answers after each count of living servers of weight 1, starting from `wasUp`. */
function walk(
  wish: { total: number; quorum: number; hysteresis: number; alpha?: boolean },
  living: readonly number[],
): boolean[] {
  let wasUp: boolean | undefined;
  const realServers = servers(new Array<number>(wish.total).fill(1));
  return living.map((count) => {
    const virtualServer = { alpha: false, ...wish, realServers };
    const alive = realServers.map((_, i) => i < count);
    wasUp = decideQuorum({ virtualServer, alive, wasUp });
    return wasUp;
  });
}

test("without settings one living server is a quorum", () => {
  assert.deepEqual(walk({ total: 3, quorum: 1, hysteresis: 0 }, [3, 1, 0, 1]), [
    true,
    true,
    false,
    true,
  ]);
});

test("hysteresis: lost below quorum - hysteresis, gained at quorum + hysteresis", () => {
  assert.deepEqual(walk({ total: 10, quorum: 7, hysteresis: 2 }, [10, 5, 4, 6, 8, 9, 8, 5, 4]), [
    true,
    true,
    false,
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});

test("a quorum beyond all weights is lowered to their sum", () => {
  assert.deepEqual(walk({ total: 2, quorum: 9, hysteresis: 0 }, [2, 1, 2]), [true, false, true]);
});

test("hysteresis never makes the quorum impossible to gain", () => {
  assert.deepEqual(walk({ total: 3, quorum: 3, hysteresis: 1 }, [3, 1, 2, 3]), [
    true,
    false,
    false,
    true,
  ]);
});

test("with alpha a virtual server begins without its quorum", () => {
  assert.deepEqual(walk({ total: 4, quorum: 2, hysteresis: 1, alpha: true }, [0, 2, 3]), [
    false,
    false,
    true,
  ]);
});

test("servers of weight 0 are no quorum", () => {
  const virtualServer = { quorum: 1, hysteresis: 0, alpha: false, realServers: servers([0, 0]) };
  assert.equal(decideQuorum({ virtualServer, alive: [true, true], wasUp: true }), false);
});
