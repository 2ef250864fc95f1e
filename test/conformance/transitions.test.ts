// The rows of the transition table as a stranger on the wire sees them: what is sent, what is held,
// when the next thing happens. `src/vrrp/transitions.test.ts` looks at every cell of it from inside.

import assert from "node:assert/strict";
import { test } from "node:test";
import { about, Bench, HIGHER4, LOWER4, OWN4 } from "./bench.ts";

const v2 = { version: 2 } as const;
const both = [{}, v2] as const;
const six = { family: 6 } as const;
const link = (bench: Bench, up: boolean): Bench => {
  bench.host.setCarrier(up);
  return bench.run(1);
};

test("I-1 (RFC 3768 6.4.1, RFC 9568 6.4.1 (115)): the owner advertises, announces and is Active", () => {
  for (const changes of both) {
    const bench = new Bench({ ...changes, priority: 255 }).run(1).must("MASTER");
    assert.deepEqual(
      bench.adverts.map(({ priority }) => priority),
      [255],
    );
    assert.equal(bench.frames.length, 2);
    assert.ok(bench.holds);
    bench.run(1000);
    assert.equal(bench.adverts.length, 2);
  }
});

test("I-2 (RFC 9568 6.4.1 (125)): the owner of IPv6 addresses sends unsolicited neighbour advertisements", () => {
  const bench = new Bench({ ...six, priority: 255 }).run(1).must("MASTER");
  assert.equal(bench.adverts.length, 1);
  assert.equal(bench.frames.length, 2);
  for (const { bytes } of bench.frames) assert.deepEqual([...bytes.subarray(12, 14)], [0x86, 0xdd]);
});

test("I-3 (RFC 9568 6.4.1 (155)): anybody else waits a Down interval of its own interval", () => {
  const bench = new Bench().must("BACKUP");
  assert.equal(bench.adverts.length, 0);
  about(bench.untilMaster(), 3609.375);
});

test("I-4 (RFC 3768 6.4.1): the same in version 2", () => {
  const bench = new Bench({ ...v2, advertIntervalCs: 200 }).must("BACKUP");
  about(bench.untilMaster(), 6609.375);
});

test("I-5 (RFC 9568 6.4.1): adverts are ignored before the start", () => {
  for (const changes of both) {
    const tracking = { trackedScripts: [{ script: "chk", weight: 0 }] };
    const bench = new Bench({ ...changes, ...tracking }).must("INIT");
    for (const priority of [0, 50, 200, 255]) bench.hear({ priority });
    bench.must("INIT").run(60_000).must("INIT");
    assert.equal(bench.adverts.length, 0);
  }
});

test("I-6 (RFC 9568 6.4.1): a stop before the start sends nothing and holds nothing", () => {
  const tracking = { trackedScripts: [{ script: "chk", weight: 0 }] };
  const bench = new Bench(tracking).must("INIT");
  bench.engine.stop();
  bench.run(60_000);
  assert.equal(bench.adverts.length, 0);
  assert.ok(bench.outputs.some((output) => output.kind === "stopped"));
});

test("B-1 (RFC 9568 6.4.2 (310)): a Backup that stops says nothing", () => {
  for (const changes of both) {
    const bench = Bench.backup(changes);
    bench.engine.stop();
    bench.run(60_000);
    assert.equal(bench.adverts.length, 0);
    assert.ok(!bench.holds);
  }
});

test("B-2 (RFC 9568 6.4.2 (330)): when the Down timer fires it advertises, announces and is Active", () => {
  for (const changes of both) {
    const bench = Bench.backup(changes).hear({});
    bench.untilMaster();
    bench.run(1).must("MASTER");
    assert.equal(bench.frames.length, 2);
    assert.ok(bench.holds);
    bench.forget().run(5000);
    assert.equal(bench.adverts.length, 5);
  }
});

test("B-3 (RFC 9568 6.4.2 (345)): over IPv6 with neighbour advertisements", () => {
  const bench = Bench.backup(six).hear({});
  bench.untilMaster();
  bench.run(1).must("MASTER");
  assert.equal(bench.frames.length, 2);
  for (const { bytes } of bench.frames) assert.equal(bytes[54], 136);
});

test("B-4 (RFC 9568 6.4.2 (420)): priority 0 leaves the skew, and is counted", () => {
  for (const changes of both) {
    const bench = Bench.backup(changes).hear({}).run(500).hear({ priority: 0 });
    assert.equal(bench.status.counters.priorityZeroReceived, 1);
    about(bench.untilMaster(), 609.375);
  }
});

test("B-5, B-6 (RFC 5798 6.4.2, RFC 9568 6.4.2 (440)): a higher advert teaches its interval and starts the Down timer anew", () => {
  const bench = Bench.backup().run(3000).hear({ intervalCs: 50 });
  about(bench.untilMaster(), 3 * 500 + (156 / 256) * 500);
});

test("B-7 (RFC 3768 6.4.2): in version 2 it starts the Down timer anew", () => {
  const bench = Bench.backup(v2).run(3000).hear({});
  about(bench.untilMaster(), 3609.375);
});

test("B-8 (RFC 9568 6.4.2 (455)): a lower advert does not touch the Down timer of who preempts", () => {
  for (const changes of both) {
    const bench = Bench.backup(changes).hear({});
    for (let i = 0; i < 3; i++) bench.run(1000).hear({ priority: 99 });
    about(bench.untilMaster(), 609.375);
  }
});

test("B-9 (RFC 9568 6.4.2 (430)): an equal advert counts, from whichever address", () => {
  for (const changes of both)
    for (const source of [LOWER4, HIGHER4]) {
      const bench = Bench.backup(changes);
      for (let i = 0; i < 10; i++) bench.run(3000).hear({ priority: 100, source });
      bench.must("BACKUP");
    }
});

test("B-10 (RFC 9568 7.1): an invalid packet does not touch the Down timer", () => {
  for (const changes of both) {
    const bench = Bench.backup(changes).hear({});
    for (let i = 0; i < 35; i++) bench.run(100).hear({ ttl: 254 }).hear({ vrid: 9 });
    about(bench.untilMaster(), 109.375);
  }
});

test("A-1 (RFC 9568 6.4.3 (610)): an Active that stops says priority 0, once", () => {
  for (const changes of both) {
    const bench = Bench.master(changes);
    bench.engine.stop();
    bench.run(10_000);
    assert.deepEqual(
      bench.adverts.map(({ priority }) => priority),
      [0],
    );
    assert.ok(!bench.holds);
    assert.ok(bench.outputs.some((output) => output.kind === "stopped"));
  }
});

test("A-2 (RFC 9568 6.4.3 (635)): it advertises once in an interval", () => {
  for (const changes of both) {
    const bench = Bench.master(changes).run(30_000);
    assert.equal(bench.adverts.length, 30);
    for (const [i, { atMs }] of bench.adverts.entries())
      about(atMs - (bench.adverts[i - 1]?.atMs ?? atMs - 1000), 1000);
  }
});

test("A-3 (RFC 9568 6.4.3 (705)): priority 0 is answered at once, and the interval begins anew", () => {
  for (const changes of both) {
    const bench = Bench.master(changes).run(1000).forget().run(500).hear({ priority: 0 }).run(999);
    assert.equal(bench.adverts.length, 1);
    bench.run(2).must("MASTER");
    assert.equal(bench.adverts.length, 2);
  }
});

test("A-4 (RFC 9568 6.4.3 (725)): a higher advert makes a Backup of it, which waits for the other's interval", () => {
  const bench = Bench.master().hear({ priority: 101, intervalCs: 300 }).must("BACKUP");
  assert.ok(!bench.holds);
  about(bench.run(1).forget().untilMaster(), 3 * 3000 + (156 / 256) * 3000 - 1);
});

test("A-5 (RFC 3768 6.4.3): the same in version 2", () => {
  const bench = Bench.master(v2).hear({ priority: 101 }).must("BACKUP");
  assert.ok(!bench.holds);
  about(bench.run(1).forget().untilMaster(), 3608.375);
});

test("A-6, A-7 (RFC 9568 6.4.3 (725), RFC 3768 6.4.3): the greater address wins between equals, unsigned", () => {
  for (const changes of both) {
    Bench.master(changes).hear({ priority: 100, source: HIGHER4 }).must("BACKUP");
    Bench.master(changes).hear({ priority: 100, source: "192.168.0.1" }).must("BACKUP");
    Bench.master(changes).hear({ priority: 100, source: LOWER4 }).must("MASTER");
  }
});

test("A-8 (RFC 3768 6.4.3, RFC 5798 6.4.3): a lower advert is discarded; version 2 answers it, too [deviation]", () => {
  const bench = Bench.master(v2).run(500).forget().hear({ priority: 99 }).run(1).must("MASTER");
  assert.equal(bench.adverts.length, 1);
});

test("A-9 (RFC 9568 6.4.3 (740)): a lower advert is answered at once", () => {
  const bench = Bench.master().run(500).forget().hear({ priority: 99 }).run(1).must("MASTER");
  assert.equal(bench.adverts.length, 1);
  bench.run(400).forget().hear({ priority: 100, source: LOWER4 }).run(1).must("MASTER");
  assert.equal(bench.adverts.length, 1);
});

test("A-10 (RFC 9568 6.4.3): an advert with our own address as its source never counts", () => {
  for (const changes of both)
    for (const bench of [Bench.master(changes), Bench.backup(changes)])
      for (const priority of [0, 50, 100, 255])
        bench.refuses("own-address", { source: OWN4, priority });
});

test("A-11 (RFC 9568 7.1): an invalid packet does not touch the Adver timer", () => {
  for (const changes of both) {
    const bench = Bench.master(changes);
    for (let i = 0; i < 100; i++) bench.run(100).hear({ ttl: 254 }).hear({ type: 2 });
    assert.equal(bench.adverts.length, 10);
  }
});

test("A-12 (RFC 9568 6.4.3, erratum 8298): of two owners the greater address wins, and it is said", () => {
  const bench = new Bench({ priority: 255 }).run(100);
  bench.hear({ priority: 255, source: HIGHER4 }).must("BACKUP");
  assert.match(bench.status.cause.text, /two routers claim to own/);
  new Bench({ priority: 255 }).hear({ priority: 255, source: LOWER4 }).must("MASTER");
});

test("A-13 (RFC 3768 7.1, RFC 5798 7.1): version 2 resolves two owners in the same way [deviation]", () => {
  new Bench({ ...v2, priority: 255 }).hear({ priority: 255, source: HIGHER4 }).must("BACKUP");
});

test("A-13: owner_ignore_adverts brings back the text's way", () => {
  const options = { ownerIgnoresAdverts: true };
  const bench = new Bench({ ...v2, priority: 255, options });
  bench.hear({ priority: 255, source: HIGHER4 }).must("MASTER");
});

test("FAULT (keepalived): a lost carrier gives the addresses up at once, its return waits a Down interval", () => {
  const bench = link(Bench.master(), false).must("FAULT");
  assert.ok(!bench.holds);
  about(link(bench, true).must("BACKUP").forget().untilMaster(), 3608.375);
});
