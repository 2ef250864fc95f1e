// Random clusters, random accidents: what must hold in the end holds, for every seed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ipv4Number } from "../../src/base/address.ts";
import { Prng } from "../../src/base/prng.ts";
import { WHOLE } from "../../src/simulated/segment.ts";
import { Cluster, instance, VIP } from "./cluster.ts";

const SEEDS = Number(process.env["SEEDS"] ?? 300);
const FIRST = Number(process.env["SEED"] ?? 1);

function randomCluster(seed: number): { cluster: Cluster; prng: Prng } {
  const prng = new Prng(seed);
  const version = prng.chance(0.5) ? 2 : 3;
  const preempt = prng.chance(0.7);
  const intervals = version === 2 ? [100, 200] : [1, 10, 100, 250];
  const common = intervals[prng.integer(0, intervals.length - 1)] ?? 100;
  const configs = Array.from({ length: prng.integer(2, 3) }, () => {
    const own = intervals[prng.integer(0, intervals.length - 1)] ?? 100;
    const mixed = version === 3 && prng.chance(0.3);
    return instance({
      version,
      preempt,
      advertIntervalCs: mixed ? own : common,
      priority: prng.chance(0.2) ? 100 : prng.integer(1, 254),
      authentication: version === 2 ? { type: "PASS", password: "1111" } : { type: "none" },
    });
  });
  return { cluster: new Cluster(seed, configs), prng };
}

/** One accident somewhere, drawn from the seed. */
function accident(cluster: Cluster, prng: Prng): void {
  const router = cluster.router(prng.integer(0, cluster.routers.length - 1));
  const other = cluster.router(prng.integer(0, cluster.routers.length - 1));
  const spanMs = cluster.patienceMs;
  switch (prng.integer(0, 7)) {
    case 0:
      router.crash();
      break;
    case 1:
      if (!router.alive) router.start();
      break;
    case 2:
      router.host.pause(prng.next() * 2 * spanMs);
      break;
    case 3:
      cluster.segment.cut(router.host.name, other.host.name);
      break;
    case 4:
      cluster.segment.heal();
      break;
    case 5:
      router.stop();
      break;
    case 6:
      router.host.setCarrier(prng.chance(0.7));
      break;
    case 7:
      cluster.segment.quality = {
        delayMs: 0.05,
        jitterMs: prng.chance(0.5) ? 0 : 3,
        loss: prng.chance(0.5) ? 0 : prng.next() * 0.4,
        duplication: prng.chance(0.5) ? 0 : prng.next() * 0.3,
      };
      break;
  }
}

function makeWhole(cluster: Cluster): void {
  cluster.segment.heal();
  cluster.segment.quality = WHOLE;
  for (const router of cluster.routers) {
    router.host.setCarrier(true);
    if (!router.alive || router.stopping) router.start();
  }
}

/** The greatest (priority, address), which must win where everybody preempts. */
function rightful(cluster: Cluster): string {
  const [first] = [...cluster.routers].sort(
    (a, b) =>
      b.config.priority - a.config.priority || ipv4Number(b.address) - ipv4Number(a.address),
  );
  return first?.host.name ?? "";
}

function play(seed: number): Cluster {
  const { cluster, prng } = randomCluster(seed);
  const spanMs = cluster.patienceMs;
  for (const router of cluster.routers) router.start();
  for (let i = 0; i < 12; i++) {
    cluster.run(prng.next() * 1.5 * spanMs);
    accident(cluster, prng);
  }
  makeWhole(cluster);
  // Pauses may last on for two spans; then an election and, where it must move again, another.
  cluster.run(5 * spanMs + 1000);
  return cluster;
}

function settled(cluster: Cluster, seed: number): void {
  const label = `seed ${seed}`;
  const masters = cluster.masters();
  assert.equal(masters.length, 1, `${label}: S-5, masters ${masters.join(", ")}`);
  assert.deepEqual(cluster.holders(), masters, `${label}: S-1, holders`);
  if (cluster.routers.every((router) => router.config.preempt)) {
    const priorities = new Set(cluster.routers.map((router) => router.config.priority));
    // Equal priorities do not preempt each other (B-9), so that any of them may hold.
    if (priorities.size === cluster.routers.length)
      assert.equal(masters[0], rightful(cluster), `${label}: S-6`);
  }
}

test(`after any accidents one router holds the address, and keeps it (${SEEDS} seeds)`, () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const cluster = play(seed);
    settled(cluster, seed);
    const before = cluster.transitions();
    const sentBefore = cluster.segment.packetsSent;
    const stableMs = 20 * Math.max(...cluster.routers.map((r) => r.config.advertIntervalCs * 10));
    cluster.run(stableMs);
    assert.equal(cluster.transitions(), before, `seed ${seed}: S-7`);
    // S-10: one router speaks, at its own rate.
    const master = cluster.routers.find((router) => router.master);
    const expected = stableMs / ((master?.config.advertIntervalCs ?? 1) * 10);
    const sent = cluster.segment.packetsSent - sentBefore;
    assert.ok(sent <= expected + 1, `seed ${seed}: S-10, ${sent} adverts for ${expected}`);
    if (seed % 10 !== 0) continue;
    // S-8: a refresh period later the holder has announced last.
    cluster.run(61_000);
    const learned = cluster.client.learned.get(VIP) ?? "";
    assert.ok(master?.host.macs.includes(learned), `seed ${seed}: S-8, ${learned}`);
  }
});

test("the same seed plays the same story", () => {
  for (const seed of [3, 17, 99]) assert.deepEqual(play(seed).trace, play(seed).trace);
});

test("a clean stop leaves no moment without a holder, in either version", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const prng = new Prng(seed);
    const version = prng.chance(0.5) ? 2 : 3;
    const advertIntervalCs = version === 2 ? 100 : ([1, 10, 100][prng.integer(0, 2)] ?? 10);
    const shared = { version, advertIntervalCs } as const;
    const cluster = new Cluster(seed, [
      instance({ ...shared, priority: 200 }),
      instance({ ...shared, priority: prng.integer(1, 199) }),
    ]);
    for (const router of cluster.routers) router.start();
    cluster.run(2 * cluster.patienceMs + prng.next() * 1000);
    assert.deepEqual(cluster.masters(), ["r1"]);
    const atMs = cluster.time.nowMs;
    cluster.router(0).stop();
    const skewAndSlackMs = (version === 2 ? 1000 : advertIntervalCs * 10) + 5;
    for (let i = 0; i < 400; i++) {
      cluster.run(cluster.patienceMs / 400);
      assert.notEqual(cluster.holders().length, 0, `seed ${seed}: nobody at ${cluster.time.nowMs}`);
      // S-11: the successor acts within its skew.
      if (cluster.time.nowMs > atMs + skewAndSlackMs)
        assert.deepEqual(cluster.masters(), ["r2"], `seed ${seed}`);
    }
    cluster.run(100);
    assert.deepEqual(cluster.holders(), ["r2"], `seed ${seed}`);
    assert.equal(cluster.router(0).stopped, true);
  }
});

test("a slower and higher MASTER is left alone by faster routers below it", () => {
  const cluster = new Cluster(1, [
    instance({ priority: 254, advertIntervalCs: 250 }),
    instance({ priority: 100, advertIntervalCs: 1 }),
    instance({ priority: 50, advertIntervalCs: 1 }),
  ]);
  cluster.router(1).start();
  cluster.router(2).start();
  cluster.run(1000);
  cluster.router(0).start();
  cluster.run(10_000);
  const before = cluster.transitions();
  cluster.run(60_000);
  assert.deepEqual(cluster.masters(), ["r1"]);
  assert.equal(cluster.transitions(), before);
});

test("a crash is noticed within the Down interval of the survivor", () => {
  for (const advertIntervalCs of [1, 10, 100]) {
    const cluster = new Cluster(1, [
      instance({ priority: 200, advertIntervalCs }),
      instance({ priority: 100, advertIntervalCs }),
    ]);
    for (const router of cluster.routers) router.start();
    cluster.run(10 * advertIntervalCs * 10);
    cluster.router(0).crash();
    cluster.run((3 + 156 / 256) * advertIntervalCs * 10 + 1);
    assert.deepEqual(cluster.masters(), ["r2"]);
  }
});
