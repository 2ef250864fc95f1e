// Rules beyond the RFCs: where their text is dangerous, where a machine is slower than its timers, and
// where somebody means no good.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { Cluster, instance, VIP } from "../simulation/cluster.ts";
import { forgeJunk, junkKinds } from "../simulation/scene/hostile.ts";
import type { RouterScene } from "../simulation/scene/scene.ts";
import { about, Bench, HIGHER4, LOWER4, OWN4, VIPS4 } from "./bench.ts";

const v2 = { version: 2 } as const;

test("E-1: own adverts that come back are dropped and counted, and cause no storm", () => {
  const bench = Bench.master();
  for (let i = 0; i < 3000; i++) bench.run(1).hear({ source: OWN4, priority: 100 });
  assert.equal(bench.adverts.length, 3);
  assert.equal(bench.refused("own-address"), 3000);
  assert.equal(bench.frames.length, 0);
});

test("E-2: lower adverts are answered at most once in a quarter interval", () => {
  const bench = Bench.master();
  for (let i = 0; i < 10_000; i++) bench.run(1).hear({ priority: 50 });
  assert.ok(bench.adverts.length <= 10 * 4 + 1, `${bench.adverts.length} adverts`);
  assert.ok(bench.adverts.length >= 10, "and no less often than in quiet times");
});

test("E-2: they are announced against at most four times in a second, as one burst", () => {
  const bench = Bench.master();
  for (let i = 0; i < 10_000; i++) bench.run(1).hear({ priority: 50 });
  assert.ok(bench.frames.length <= (10 * 4 + 1) * VIPS4.length, `${bench.frames.length} frames`);
  assert.ok(bench.frames.length >= VIPS4.length);
});

test("E-3: an expired Down timer is believed only after the socket is empty", () => {
  const bench = Bench.backup();
  bench.hear({});
  bench.host.pause(20_000);
  for (let i = 0; i < 20; i++) bench.run(999).hear({});
  bench.run(1000).must("BACKUP");
  assert.equal(bench.adverts.length, 0);
});

test("E-3: the Down timer counts from when the kernel received the advert", () => {
  const bench = Bench.backup();
  bench.host.pause(3000);
  bench.hear({});
  bench.run(3000);
  about(bench.untilMaster(), 609.375);
});

test("E-4: an Active that was stalled holds the election first and advertises afterwards", () => {
  const bench = Bench.master();
  bench.host.pause(10_000);
  bench.run(8000).hear({ priority: 200 });
  bench.run(2001).must("BACKUP");
  assert.ok(!bench.holds);
  assert.ok(bench.adverts.length <= 1, "nothing but a goodbye");
});

test("E-4: when it is still Active it announces its addresses again", () => {
  const bench = Bench.master();
  bench.host.pause(10_000);
  bench.run(10_001).must("MASTER");
  assert.ok(bench.frames.length >= VIPS4.length);
});

test("E-5: who yields says so once, so that the other announces again", () => {
  const bench = Bench.master().run(500).forget().hear({ priority: 200 }).run(1);
  assert.deepEqual(
    bench.adverts.map(({ priority }) => priority),
    [100],
  );
});

test("E-5: announcements are repeated while Active where that is configured", () => {
  const garp = { delayMs: 0, repeat: 1, refreshMs: 45_000, refreshRepeat: 1 };
  const bench = Bench.master({ garp }).run(180_000);
  assert.equal(bench.frames.length, 4 * VIPS4.length);
});

test("E-6: a process that dies or hangs leaves an address that nobody answers for", () => {
  for (const harm of ["crash", "hang"] as const) {
    const bench = Bench.master();
    const answers = (): boolean => bench.host.answers(VIPS4[0] as IpAddress);
    assert.ok(answers());
    if (harm === "crash") bench.host.crash();
    else bench.host.pause(60_000);
    bench.run(3000);
    assert.ok(!answers(), harm);
  }
});

test("E-6: without a lease the address stays, as with keepalived", () => {
  const bench = Bench.master({ options: { lease: "no" } });
  bench.host.crash();
  bench.run(60_000);
  assert.ok(bench.host.answers(VIPS4[0] as IpAddress));
});

test("E-7: no rejected packet of any kind moves anything but its counter", () => {
  for (const version of [2, 3] as const) {
    const router: RouterScene = {
      name: "VI_1",
      vrid: 51,
      version,
      family: 4,
      unicast: false,
      virtualAddresses: VIPS4,
      garpRefreshMs: 0,
      ...(version === 2 ? { password: "secret" } : {}),
    };
    const authentication =
      version === 2 ? ({ type: "PASS", password: "secret" } as const) : ({ type: "none" } as const);
    const bench = Bench.master({ version, authentication });
    // Steady adverts under a stream of everything that must be refused.
    for (let i = 0; i < 30_000; i += 10) {
      const kinds = junkKinds(router);
      const what = kinds[(i / 10) % kinds.length] ?? "noise";
      bench.host.deliver(forgeJunk(router, what, { random: i, receiver: OWN4, intervalCs: 100 }));
      bench.run(10);
    }
    bench.must("MASTER");
    assert.equal(bench.adverts.length, 30);
    for (const [i, { atMs }] of bench.adverts.entries())
      about(atMs - (bench.adverts[i - 1]?.atMs ?? atMs - 1000), 1000);
    assert.equal(bench.frames.length, 0);
    const lines = bench.outputs.filter((output) => output.kind === "log");
    assert.ok(lines.length <= 2 * junkKinds(router).length, `${lines.length} lines in 30 s`);
  }
});

test("E-8: who slept knows nothing of the others and begins as a Backup", () => {
  const bench = Bench.master();
  bench.host.freeze(10_000, true);
  bench.run(12_000).must("BACKUP");
  assert.ok(!bench.holds);
  assert.equal(bench.status.cause.kind, "machine-resumed");
});

test("E-8: a step of the wall clock changes nothing", () => {
  const bench = Bench.master();
  for (const byMs of [-86_400_000, 86_400_000]) {
    bench.host.clock.stepWall(byMs);
    bench.run(5000);
  }
  bench.must("MASTER");
  assert.equal(bench.adverts.length, 10);
});

test("1.7.1: cloned routers, equal in priority and address, do not storm", () => {
  const bench = Bench.master();
  for (let i = 0; i < 3000; i++) bench.run(1).hear({ source: OWN4, priority: 100 });
  assert.ok(bench.adverts.length <= 3);
});

test("1.7.1: two equals that cannot agree answer each other at a bounded rate", () => {
  // Each sees the other's address as the lower one, as behind a translation of addresses.
  const benches = [Bench.master(), Bench.master()] as const;
  for (let ms = 0; ms < 10_000; ms++)
    for (const [i, bench] of benches.entries()) {
      const seen = bench.adverts.length;
      bench.run(1);
      if (bench.adverts.length > seen) benches[1 - i]?.hear({ priority: 100, source: LOWER4 });
    }
  for (const bench of benches)
    assert.ok(bench.adverts.length <= 10 * 4 + 1, `${bench.adverts.length} adverts in 10 s`);
});

test("1.7.2: after a partition the survivor announces at once, and clients believe it", () => {
  // With a rhythm of its own, so that announcements do not go along with adverts.
  const garp = { delayMs: 5000, repeat: 2, refreshMs: 45_000, refreshRepeat: 1 };
  const cluster = new Cluster(1, [instance({ priority: 200, garp }), instance({ garp })]);
  for (const router of cluster.routers) router.start();
  cluster.run(10_000);
  cluster.segment.cut("r1", "r2");
  cluster.segment.cut("r2", "r1");
  cluster.segment.cut("r1", "client");
  cluster.run(10_000);
  assert.deepEqual(cluster.masters(), ["r1", "r2"]);
  cluster.segment.heal();
  cluster.run(1500);
  assert.deepEqual(cluster.masters(), ["r1"]);
  assert.ok(cluster.router(0).host.macs.includes(cluster.client.learned.get(VIP) ?? ""));
});

test("1.7.3: another interval of version 2 beside a MASTER is an alarm, not a line in a log", () => {
  const bench = Bench.master(v2);
  for (let i = 0; i < 20; i++) bench.run(1000).hear({ intervalCs: 200, priority: 200 });
  const alarms = bench.outputs.filter((output) => output.kind === "alarm");
  assert.equal(alarms.length, 1);
  assert.equal(bench.status.alarms?.[0]?.kind, "peer-rejected");
});

test("1.7.3: two MASTERs of which one does not sign as the other does are an alarm", () => {
  const hmac = {
    keys: [{ id: 1, key: "k".repeat(32) }],
    activeKey: 1,
    antiReplay: "time",
    mode: "enforce",
  } as const;
  const bench = Bench.master({ options: { hmac } });
  for (let i = 0; i < 5; i++) bench.run(1000).hear({ priority: 200 });
  assert.deepEqual(
    bench.status.alarms?.map(({ kind, text }) => `${kind}: ${text}`),
    [
      "peer-rejected: another router advertises VRID 51 on eth0, and its adverts are rejected (it is not signed): both may hold the addresses",
    ],
  );
  bench.run(60_000);
  assert.equal(bench.status.alarms?.length ?? 0, 0, "it ends by itself");
});

test("1.7.5: two Backups of one priority settle within one exchange", () => {
  const cluster = new Cluster(1, [instance(), instance()]);
  for (const router of cluster.routers) router.start();
  cluster.run(3609.375 + 1);
  assert.equal(cluster.masters().length, 1);
});

test("4.4: a lower router that took over while this one was stopped is not deaf", () => {
  const bench = Bench.master();
  bench.host.pause(9500);
  bench.run(3609);
  for (let i = 0; i < 6; i++) bench.run(1000).hear({ priority: 50 });
  bench.run(5000);
  bench.must("MASTER");
  assert.ok(!bench.outputs.some(({ kind }) => kind === "alarm"));
});

test("4.4: a lower router that goes on advertising is deaf, and that is an alarm", () => {
  const bench = Bench.master();
  for (let i = 0; i < 10; i++) bench.run(1000).hear({ priority: 50 });
  assert.equal(bench.status.alarms?.[0]?.kind, "peer-deaf");
  bench.run(30_000);
  assert.equal(bench.status.alarms?.length ?? 0, 0, "it ends by itself");
});

test("6.2: forged lower adverts cost less than they bring", () => {
  const many = Array.from({ length: 20 }, (_, i) => ({
    address: `10.9.1.${i + 1}` as IpAddress,
    prefixLength: 32,
  }));
  const garp = { delayMs: 5000, repeat: 5, refreshMs: 0, refreshRepeat: 1 };
  const bench = Bench.master({ virtualAddresses: many, garp }).run(10_000).forget();
  for (let i = 0; i < 10; i++) bench.hear({ priority: 50 });
  bench.run(100);
  assert.ok(bench.adverts.length <= 2, `${bench.adverts.length} adverts`);
  assert.ok(bench.frames.length <= 5 * 20, `${bench.frames.length} frames: one burst`);
});

test("6.2: a forged priority 0 costs nothing but an advert", () => {
  const bench = Bench.master();
  for (let i = 0; i < 50; i++) bench.run(200).hear({ priority: 0 });
  bench.must("MASTER");
  assert.ok(bench.holds);
  assert.ok(bench.adverts.length <= 10 * 4 + 1);
  assert.equal(bench.frames.length, 0);
});

test("6.2: count 0, interval 0 and another address list move nothing", () => {
  for (const changes of [{}, v2]) {
    const bench = Bench.master(changes);
    for (let i = 0; i < 20; i++) {
      bench.run(300).hear({ addresses: [], priority: 255 }).hear({ intervalCs: 0, priority: 255 });
      if (changes === v2) bench.hear({ addresses: ["10.9.9.9"], priority: 250 });
    }
    bench.must("MASTER");
    assert.equal(bench.adverts.length, 6);
  }
});

test("6.3.1: unicast from a router that is no peer, or from farther away, is refused", () => {
  const unicast = {
    peers: [{ address: HIGHER4 as IpAddress }],
    ttl: 255,
    checkSource: true,
    faultWithoutPeers: false,
  };
  const bench = Bench.backup({ options: { unicast } }, { destination: OWN4 });
  bench.takes({ destination: OWN4 });
  bench.refuses("peer-unknown", { destination: OWN4, source: LOWER4, priority: 250 });
  bench.refuses("ttl-wrong", { destination: OWN4, ttl: 17, priority: 250 });
});
