// Two hosts, one link, virtual time.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import type { BfdSession } from "../../src/model/bfd-session.ts";
import { VirtualTime } from "../../src/simulated/virtual-time.ts";
import { encodeBfdPacket } from "../../src/wire/bfd-packet.ts";
import { BfdHost, BfdLink, bfdSession } from "./bfd-network.ts";

const A = "10.0.0.1" as IpAddress;
const B = "10.0.0.2" as IpAddress;

class Pair {
  readonly time = new VirtualTime();
  readonly link: BfdLink;
  readonly a: BfdHost;
  b: BfdHost;

  constructor(seed: number, changes: Partial<BfdSession> = {}, ofB = changes) {
    this.link = new BfdLink(this.time, seed);
    this.a = new BfdHost(this.link, A);
    this.b = new BfdHost(this.link, B);
    this.a.engine.configure([bfdSession(B, changes)]);
    this.b.engine.configure([bfdSession(A, ofB)]);
  }

  run(forMs: number): this {
    this.time.run(this.time.nowMs + forMs);
    return this;
  }

  get both(): readonly (boolean | null | undefined)[] {
    return [this.a.up(), this.b.up()];
  }
}

test("two hosts come up within three idle intervals and stay up", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const pair = new Pair(seed).run(3000);
    assert.deepEqual(pair.both, [true, true], `seed ${seed}`);
    pair.run(10_000);
    assert.equal(pair.a.engine.report()[0]?.counters.wentDown, 0, `seed ${seed}`);
    assert.equal(pair.a.engine.report()[0]?.detectionMs, 50);
  }
});

test("a killed neighbour is detected after its multiplier, no sooner and hardly later", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const pair = new Pair(seed).run(5000);
    pair.run(pair.link.prng.next() * 20);
    pair.b.crash();
    const atMs = pair.time.nowMs;
    pair.run(60);
    const down = pair.a.told.at(-1);
    assert.equal(down?.up, false, `seed ${seed}`);
    const tookMs = (down?.atMs ?? 0) - atMs;
    // The last packet left up to an interval ago and was under way for a while.
    assert.ok(tookMs > 50 - 10 && tookMs <= 50 + 1, `seed ${seed}: ${tookMs} ms`);
    assert.match(down?.text ?? "", /no packet from 10.0.0.2 within the detection time/);
  }
});

test("one direction cut takes both ends down, and mended they come up again", () => {
  const pair = new Pair(7).run(5000);
  pair.link.muted.add(B);
  pair.run(200);
  assert.deepEqual(pair.both, [false, false]);
  assert.match(pair.b.told.at(-1)?.text ?? "", /says that the session is down: no packet within/);
  pair.run(10_000);
  assert.deepEqual(pair.both, [false, false]);
  pair.link.muted.clear();
  pair.run(5000);
  assert.deepEqual(pair.both, [true, true]);
});

test("moderate loss takes no session down that can stand it, heavy loss always comes back", () => {
  // 5 packets in a row at 5 %: one in 3 million; 12,000 packets here.
  const calm = new Pair(11);
  calm.link.loss = 0.05;
  calm.run(60_000);
  assert.ok((calm.a.engine.report()[0]?.counters.wentDown ?? 9) <= 1);
  for (let seed = 1; seed <= 10; seed++) {
    const pair = new Pair(seed);
    pair.link.loss = 0.6;
    pair.run(20_000);
    pair.link.loss = 0;
    pair.run(10_000);
    assert.deepEqual(pair.both, [true, true], `seed ${seed}`);
  }
});

test("an end that is taken down says so, and the other one believes it at once", () => {
  const pair = new Pair(3).run(5000);
  const lingerMs = pair.b.engine.stop();
  assert.ok(lingerMs >= 50, `a detection time: ${lingerMs}`);
  pair.run(1);
  assert.equal(pair.a.up(), false);
  assert.match(pair.a.told.at(-1)?.text ?? "", /administratively down: taken down by its administ/);
  assert.equal(pair.a.engine.report()[0]?.remoteState, "AdminDown");
});

test("a reload without changes is none, other intervals are agreed while the session stays up", () => {
  const pair = new Pair(5).run(5000);
  const sent = pair.link.carried;
  assert.deepEqual(pair.a.engine.configure([bfdSession(B)]), []);
  assert.equal(pair.link.carried, sent, "not a packet");
  const slower = bfdSession(B, { minReceiveMs: 100, minTransmitMs: 100, multiplier: 3 });
  assert.deepEqual(pair.a.engine.configure([slower]), ["change BFD session peer"]);
  pair.run(2000);
  assert.deepEqual(pair.both, [true, true]);
  const [a] = pair.a.engine.report();
  const [b] = pair.b.engine.report();
  assert.equal(a?.counters.wentDown, 0);
  assert.equal(a?.detectionMs, 5 * 100);
  assert.equal(b?.detectionMs, 3 * 100);
  assert.equal(b?.transmitIntervalMs, 100);
});

test("a reload with another neighbour starts only that session anew", () => {
  const pair = new Pair(6);
  const other = bfdSession("10.0.0.9" as IpAddress, { name: "other" });
  pair.a.engine.configure([bfdSession(B), other]);
  pair.run(5000);
  const moved = { ...other, neighbor: "10.0.0.8" as IpAddress };
  assert.deepEqual(pair.a.engine.configure([bfdSession(B), moved]), ["restart BFD session other"]);
  pair.run(5000);
  assert.equal(pair.a.engine.report()[0]?.counters.wentDown, 0);
  assert.deepEqual(pair.a.engine.configure([bfdSession(B)]), ["remove BFD session other"]);
});

test("of two passive ends none begins, and nothing is said", () => {
  const pair = new Pair(8, { passive: true }).run(20_000);
  assert.deepEqual(pair.both, [false, false]);
  assert.equal(pair.link.carried, 0);
  const mixed = new Pair(8, { passive: true }, {}).run(5000);
  assert.deepEqual(mixed.both, [true, true]);
});

test("a new session is unknown at first, and down only when nobody has answered for a while", () => {
  const time = new VirtualTime();
  const alone = new BfdHost(new BfdLink(time, 9), A);
  alone.engine.configure([bfdSession(B)]);
  assert.equal(alone.up(), null);
  time.run(3900);
  assert.equal(alone.up(), null);
  time.run(4100);
  assert.equal(alone.up(), false);
  assert.match(alone.told.at(-1)?.text ?? "", /no packet from 10.0.0.2 yet/);
});

test("a host that was paused reads what waited before it believes that its neighbour is dead", () => {
  const pair = new Pair(10).run(5000);
  pair.a.pausedUntilMs = pair.time.nowMs + 40;
  pair.run(2000);
  assert.equal(pair.a.engine.report()[0]?.counters.wentDown, 0);
  // Longer than the neighbour's patience: the neighbour gives up, and says why.
  pair.a.pausedUntilMs = pair.time.nowMs + 300;
  pair.run(400);
  assert.match(pair.b.told.at(-2)?.text ?? "", /no packet from 10.0.0.1 within/);
  pair.run(5000);
  assert.deepEqual(pair.both, [true, true]);
});

test("across routers a session needs multihop and max_hops", () => {
  const near = new Pair(12);
  near.link.hops = 2;
  near.run(5000);
  assert.deepEqual(near.both, [false, false]);
  assert.ok((near.a.engine.report()[0]?.counters.rejected["ttl-wrong"] ?? 0) > 0);
  const far = new Pair(12, { multihop: true, hopsMax: 2 });
  far.link.hops = 2;
  far.run(5000);
  assert.deepEqual(far.both, [true, true]);
});

test("hostile packets move nothing but counters that add up", () => {
  const pair = new Pair(13).run(5000);
  const before = pair.a.engine.report()[0];
  assert.ok(before !== undefined);
  const good = encodeBfdPacket({
    diagnostic: 0,
    state: "Down",
    poll: false,
    final: false,
    independent: false,
    authenticated: false,
    demand: false,
    multiplier: 3,
    discriminator: 1,
    remoteDiscriminator: 0,
    desiredTransmitUs: 1,
    requiredReceiveUs: 1,
    requiredEchoReceiveUs: 0,
  });
  const { prng } = pair.link;
  for (let i = 0; i < 5000; i++) {
    const bytes = good.slice();
    for (let k = prng.integer(1, 4); k > 0; k--) bytes[prng.integer(0, 23)] = prng.integer(0, 255);
    const source = prng.chance(0.5) ? B : ("10.6.6.6" as IpAddress);
    // What comes from the neighbour's address has crossed a router.
    pair.link.carry({ address: A, port: 3784 }, { bytes, source, ttl: source === B ? 254 : 255 });
  }
  // Nothing periodic falls between.
  pair.run(pair.link.delayMs + 0.01);
  const after = pair.a.engine.report()[0];
  assert.equal(after?.state, "Up");
  assert.equal(after?.counters.wentDown, 0);
  assert.equal(after?.detectionMs, before.detectionMs);
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const rejected = sum(after?.counters.rejected ?? {}) + sum(pair.a.engine.strays());
  const accepted = (after?.counters.received ?? 0) - before.counters.received;
  assert.ok(rejected >= 5000 && accepted <= 1, `${rejected} rejected, ${accepted} accepted`);
  pair.run(5000);
  assert.deepEqual(pair.both, [true, true]);
});

test("detection follows the slower side, whatever both want", () => {
  const pair = new Pair(
    14,
    { minReceiveMs: 50, minTransmitMs: 20, multiplier: 4 },
    { minReceiveMs: 30, minTransmitMs: 80, multiplier: 3 },
  );
  pair.run(6000);
  assert.deepEqual(pair.both, [true, true]);
  assert.equal(pair.a.engine.report()[0]?.detectionMs, 3 * 80);
  assert.equal(pair.b.engine.report()[0]?.detectionMs, 4 * 30);
});
