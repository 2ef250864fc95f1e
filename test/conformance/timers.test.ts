// The arithmetic of time (RFC 3768 6.1, RFC 9568 6.1), seen from outside: when a router acts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { masterDownMs, skewMs } from "../../src/vrrp/timers.ts";
import { about, Bench, VIPS4 } from "./bench.ts";

const v2 = { version: 2 } as const;

interface Vector {
  readonly v: 2 | 3;
  readonly prio: number;
  readonly aai_cs?: number;
  readonly adv_s?: number;
  readonly skew_ms: number;
  readonly adi_ms?: number;
  readonly mdi_ms?: number;
}

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/wire/vrrp-transitions.json", import.meta.url), "utf8"),
) as { readonly timer_vectors: readonly Vector[] };

test("T1 (RFC 9568 6.1): Skew_Time is (256 - priority) / 256 of the interval, in fractions of a millisecond", () => {
  for (const [priority, intervalCs, waitedMs] of [
    [100, 100, 609.375],
    [100, 1, 6.09375],
    [254, 100, 7.8125],
    [1, 4095, 40_790.0390625],
  ] as const) {
    const bench = Bench.backup({ priority, advertIntervalCs: intervalCs });
    about(bench.hear({ priority: 0 }).untilMaster(), waitedMs);
  }
});

test("T2 (RFC 9568 6.1): Active_Down_Interval is three intervals and the skew", () => {
  for (const [priority, intervalCs, waitedMs] of [
    [100, 100, 3609.375],
    [100, 1, 36.09375],
    [254, 10, 300.78125],
    [100, 4095, 147_803.90625],
  ] as const) {
    const bench = Bench.backup({ priority, advertIntervalCs: intervalCs });
    about(bench.hear({}).untilMaster(), waitedMs);
  }
});

test("T3 (RFC 3768 6.1): in version 2 the skew is a part of a second, whatever the interval", () => {
  for (const [priority, intervalCs, skew] of [
    [100, 100, 609.375],
    [100, 500, 609.375],
    [1, 1000, 996.09375],
  ] as const) {
    const changes = { ...v2, priority, advertIntervalCs: intervalCs };
    about(Bench.backup(changes).hear({ priority: 0 }).untilMaster(), skew);
    about(Bench.backup(changes).hear({}).untilMaster(), 30 * intervalCs + skew);
  }
});

test("T4 (RFC 3768 6.1, RFC 9568 6.1): every timer vector", () => {
  assert.ok(golden.timer_vectors.length >= 10);
  for (const { v, prio, aai_cs, adv_s, skew_ms, adi_ms, mdi_ms } of golden.timer_vectors) {
    const intervalMs = aai_cs === undefined ? (adv_s ?? 1) * 1000 : aai_cs * 10;
    about(skewMs(v, prio, intervalMs), skew_ms);
    about(masterDownMs(v, prio, intervalMs), adi_ms ?? mdi_ms ?? Number.NaN);
  }
});

test("T5 (RFC 9568 6.4.2): a Backup learns the interval of every accepted advert", () => {
  const bench = Bench.backup({}, { intervalCs: 200 });
  about(bench.hear({ intervalCs: 200 }).untilMaster(), 3 * 2000 + (156 / 256) * 2000);
  const again = Bench.backup({}, { intervalCs: 200 }).hear({ intervalCs: 10 });
  about(again.untilMaster(), 3 * 100 + (156 / 256) * 100);
});

test("T5: nothing is learned of an advert with priority 0, and the Active sends at its own interval", () => {
  const bench = Bench.backup({}, { intervalCs: 200 }).hear({ intervalCs: 10, priority: 0 });
  about(bench.untilMaster(), (156 / 256) * 2000);
  bench.forget().run(10_000);
  assert.equal(bench.adverts.length, 10);
});

test("T6 (RFC 9568 6.4): a Backup has the Down timer alone, an Active the Adver timer alone", () => {
  const backup = Bench.backup();
  for (let i = 0; i < 30; i++) backup.run(1000).hear({});
  assert.equal(backup.adverts.length, 0);
  const active = Bench.master();
  active.run(60_000);
  active.must("MASTER");
  assert.equal(active.adverts.length, 60);
  assert.equal(active.status.counters.becameMaster, 1);
});

test("T7 (RFC 9568 6.1, 6.4.2): preemption is the default; without it a lower Active is left alone", () => {
  const eager = Bench.backup().hear({ priority: 50 });
  const patient = Bench.backup({ preempt: false }).hear({ priority: 50 });
  for (let i = 0; i < 10; i++) {
    eager.run(1000).hear({ priority: 50 });
    patient.run(1000).hear({ priority: 50 });
  }
  eager.must("MASTER");
  patient.must("BACKUP");
});

test("T7: the owner preempts, whatever is configured", () => {
  const owner = { priority: 255, preempt: false } as const;
  const bench = new Bench(owner);
  bench.must("MASTER").hear({ priority: 254 }).must("MASTER");
});

test("T7: an Active does not ask whether preemption is wished", () => {
  for (const preempt of [true, false])
    Bench.master({ preempt }).hear({ priority: 101 }).must("BACKUP");
});

test("T9 (RFC 9568 6.4.1): the owner is Active at once, anybody else after a whole Down interval", () => {
  new Bench({ priority: 255 }).must("MASTER");
  about(new Bench({ priority: 254 }).untilMaster(), 3007.8125);
  about(new Bench({ priority: 254, initialState: "MASTER" }).untilMaster(), 3007.8125);
});

test("T10 (RFC 9568 6.4.2): a faster Active shortens skew and Down interval in the same event", () => {
  const bench = Bench.backup({ advertIntervalCs: 1000 }, { intervalCs: 1000 });
  bench.run(2000).hear({ intervalCs: 1 });
  about(bench.untilMaster(), 36.09375);
});

test("T8 (RFC 9568 6.1): Accept_Mode is true unless it is said otherwise [deviation]", () => {
  const bench = Bench.master();
  for (const address of VIPS4) assert.ok(bench.host.hasAddress(address as never));
});
