// Section numbers are those of RFC 5880.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { BfdSession } from "../model/bfd-session.ts";
import type { BfdPacket, BfdState } from "../wire/bfd-packet.ts";
import { remoteDetectionMs } from "./intervals.ts";
import { type BfdEvent, type BfdMachineState, bfdWakeAtMs, NEVER } from "./state.ts";
import { startBfd, stepBfd } from "./step.ts";

const config: BfdSession = {
  name: "b",
  neighbor: "10.0.0.2" as IpAddress,
  minReceiveMs: 20,
  minTransmitMs: 10,
  idleTransmitMs: 1000,
  multiplier: 5,
  passive: false,
  hopsMax: 0,
  multihop: false,
  weight: 0,
  reverse: false,
  forVrrp: true,
  forCheckers: true,
};

const heard: BfdPacket = {
  diagnostic: 0,
  state: "Down",
  poll: false,
  final: false,
  independent: false,
  authenticated: false,
  demand: false,
  multiplier: 3,
  discriminator: 99,
  remoteDiscriminator: 7,
  desiredTransmitUs: 30_000,
  requiredReceiveUs: 40_000,
  requiredEchoReceiveUs: 0,
};

/** A session in the hands of a test. */
class Subject {
  settings: BfdSession;
  state: BfdMachineState;
  random = 1;
  sent: BfdPacket[] = [];
  moves: string[] = [];

  constructor(changes: Partial<BfdSession> = {}) {
    this.settings = { ...config, ...changes };
    this.state = startBfd(this.settings, 7);
  }

  do(event: BfdEvent, nowMs: number): this {
    const step = stepBfd(this.settings, this.state, event, nowMs, this.random);
    this.state = step.state;
    this.sent = [];
    this.moves = [];
    for (const deed of step.deeds) {
      if (deed.kind === "send") this.sent.push(deed.packet);
      else this.moves.push(`${deed.from} -> ${deed.to}`);
    }
    return this;
  }

  hear(state: BfdState, nowMs: number, changes: Partial<BfdPacket> = {}): this {
    const packet = { ...heard, state, ...changes };
    return this.do({ kind: "packet-received", packet, atMs: nowMs }, nowMs);
  }

  tick(nowMs: number): this {
    return this.do({ kind: "clock-reached" }, nowMs);
  }

  /** In a state, by the way that the table names; the time is 0. */
  static in(role: "Down" | "Init" | "Up", changes: Partial<BfdSession> = {}): Subject {
    const subject = new Subject(changes).do({ kind: "started" }, 0);
    if (role === "Init") subject.hear("Down", 0);
    if (role === "Up") subject.hear("Init", 0);
    assert.equal(subject.state.role, role);
    return subject;
  }
}

test("6.8.6: the table of states, each cell", () => {
  const table: Readonly<Record<"Down" | "Init" | "Up", Readonly<Record<BfdState, BfdState>>>> = {
    Down: { AdminDown: "Down", Down: "Init", Init: "Up", Up: "Down" },
    Init: { AdminDown: "Down", Down: "Init", Init: "Up", Up: "Up" },
    Up: { AdminDown: "Down", Down: "Down", Init: "Up", Up: "Up" },
  };
  for (const role of ["Down", "Init", "Up"] as const)
    for (const state of ["AdminDown", "Down", "Init", "Up"] as const) {
      const subject = Subject.in(role).hear(state, 5);
      assert.equal(subject.state.role, table[role][state], `${role} hears ${state}`);
      const moved = table[role][state] !== role;
      assert.deepEqual(subject.moves, moved ? [`${role} -> ${table[role][state]}`] : []);
      assert.equal(subject.sent.length, moved ? 1 : 0, "news go out at once (6.8.7)");
      if (moved && table[role][state] === "Down") assert.equal(subject.state.diagnostic, 3);
      if (table[role][state] === "Up") assert.equal(subject.state.diagnostic, 0);
    }
});

test("6.8.6: a session that is administratively down hears nothing", () => {
  const subject = Subject.in("Up").do({ kind: "disabled" }, 1);
  assert.deepEqual(subject.moves, ["Up -> AdminDown"]);
  assert.equal(subject.sent[0]?.state, "AdminDown");
  assert.equal(subject.sent[0]?.diagnostic, 7);
  for (const state of ["AdminDown", "Down", "Init", "Up"] as const) {
    subject.hear(state, 2, { poll: true });
    assert.equal(subject.state.role, "AdminDown");
    assert.deepEqual(subject.sent, [], "not even a Final");
  }
});

test("6.8.1: the neighbour's discriminator is learned, and forgotten with its silence", () => {
  const subject = Subject.in("Up");
  assert.equal(subject.state.remoteDiscriminator, 99);
  assert.equal(subject.sent[0]?.remoteDiscriminator, 99);
  subject.tick(subject.state.detectAtMs);
  assert.equal(subject.state.remoteDiscriminator, 0);
  const down = Subject.in("Down").hear("Up", 5);
  assert.equal(down.state.remoteDiscriminator, 99);
  assert.equal(down.tick(down.state.detectAtMs).state.remoteDiscriminator, 0);
});

test("6.8.3: before it is up a session offers a second or more, afterwards its own interval", () => {
  assert.equal(Subject.in("Down").sent[0]?.desiredTransmitUs, 1_000_000);
  assert.equal(Subject.in("Init").sent[0]?.desiredTransmitUs, 1_000_000);
  assert.equal(Subject.in("Down", { idleTransmitMs: 3000 }).sent[0]?.desiredTransmitUs, 3_000_000);
  const up = Subject.in("Up");
  assert.equal(up.sent[0]?.desiredTransmitUs, 10_000);
  assert.equal(up.sent[0]?.poll, true, "the change is told in a poll");
  const down = up.hear("Down", 5);
  assert.equal(down.sent[0]?.desiredTransmitUs, 1_000_000);
  assert.equal(down.sent[0]?.poll, false);
});

test("6.8.4: detection is the neighbour's multiplier times the slower of its pace and ours", () => {
  const subject = Subject.in("Up");
  assert.equal(subject.state.detectAtMs, 3 * 30);
  subject.hear("Up", 10, { desiredTransmitUs: 5_000, multiplier: 4 });
  assert.equal(subject.state.detectAtMs, 10 + 4 * 20);
  assert.equal(subject.tick(89.9).state.role, "Up", "a moment before it is too early");
  subject.tick(90);
  assert.deepEqual(subject.moves, ["Up -> Down"]);
  assert.equal(subject.state.diagnostic, 1);
  assert.equal(subject.sent[0]?.diagnostic, 1);
  const init = Subject.in("Init");
  assert.equal(init.tick(90).state.role, "Down");
});

test("6.8.4: time counts from the kernel's receipt, not from the reading", () => {
  const subject = Subject.in("Up");
  const packet = { ...heard, state: "Up" as const };
  subject.do({ kind: "packet-received", packet, atMs: 50 }, 80);
  assert.equal(subject.state.detectAtMs, 50 + 90);
});

test("6.8.2, 6.8.7: packets keep to the slower of both paces, less up to a quarter", () => {
  const subject = Subject.in("Up").hear("Up", 0, { final: true });
  assert.equal(subject.state.intervalUs, 40_000);
  for (const [random, gapMs] of [
    [0, 30],
    [1, 40],
  ] as const) {
    subject.random = random;
    const atMs = subject.state.transmitAtMs;
    subject.tick(atMs - 0.01);
    assert.equal(subject.sent.length, 0);
    subject.tick(atMs);
    assert.equal(subject.sent.length, 1);
    assert.equal(subject.state.transmitAtMs, atMs + gapMs);
    subject.hear("Up", atMs);
  }
});

test("6.8.7: with multiplier 1 a packet comes at least a tenth early", () => {
  const subject = Subject.in("Up", { multiplier: 1 });
  assert.equal(subject.state.transmitAtMs, 0.9 * 40);
  subject.random = 0;
  assert.equal(subject.tick(subject.state.transmitAtMs).state.transmitAtMs, 36 + 0.75 * 40);
});

test("6.8.7: a neighbour that wants no packets gets none but answers", () => {
  const subject = Subject.in("Up").hear("Up", 1, { requiredReceiveUs: 0 });
  assert.equal(subject.state.transmitAtMs, NEVER);
  subject.hear("Up", 2, { requiredReceiveUs: 0, poll: true });
  assert.equal(subject.sent.length, 1);
  subject.hear("Up", 3, { requiredReceiveUs: 40_000 });
  assert.notEqual(subject.state.transmitAtMs, NEVER);
});

test("6.8.7: passive, it is silent until it hears and again after a silence", () => {
  const subject = new Subject({ passive: true }).do({ kind: "started" }, 0);
  assert.equal(subject.sent.length, 0);
  assert.equal(bfdWakeAtMs(subject.state), undefined);
  subject.hear("Down", 10);
  assert.equal(subject.sent[0]?.state, "Init");
  subject.hear("Up", 20);
  assert.equal(subject.state.role, "Up");
  subject.tick(subject.state.detectAtMs);
  assert.equal(subject.state.role, "Down");
  assert.deepEqual(subject.sent, []);
  assert.equal(bfdWakeAtMs(subject.state), undefined);
});

test("6.8.6, 6.8.7: in the neighbour's demand mode periodic packets end, polls do not", () => {
  const subject = Subject.in("Up");
  subject.hear("Up", 1, { demand: true });
  assert.notEqual(subject.state.transmitAtMs, NEVER, "the poll of coming up is not over");
  subject.hear("Up", 2, { demand: true, final: true });
  assert.equal(subject.state.transmitAtMs, NEVER);
  const other = Subject.in("Init").hear("Down", 1, { demand: true });
  assert.notEqual(other.state.transmitAtMs, NEVER, "demand counts only when both are up");
});

test("6.5: a poll is answered at once with a Final, in any state that hears", () => {
  for (const role of ["Down", "Init", "Up"] as const) {
    const subject = Subject.in(role);
    const quiet = role === "Down" ? "Up" : role === "Init" ? "Down" : "Up";
    subject.hear(quiet, 1, { poll: true });
    assert.equal(subject.sent.length, 1, role);
    assert.equal(subject.sent[0]?.final, true);
    assert.equal(subject.sent[0]?.poll, false, "never both");
  }
  assert.deepEqual(Subject.in("Up").hear("Up", 1).sent, []);
});

test("6.5: a poll lasts until the Final, which nothing else replaces", () => {
  const subject = Subject.in("Up").hear("Up", 1);
  assert.equal(subject.tick(subject.state.transmitAtMs).sent[0]?.poll, true);
  subject.hear("Up", subject.state.sentAtMs, { final: true });
  assert.equal(subject.state.poll, "none");
  assert.equal(subject.tick(subject.state.transmitAtMs).sent[0]?.poll, false);
});

test("6.8.3: slower sending and faster detection wait for the Final", () => {
  const subject = Subject.in("Up").hear("Up", 0, {
    final: true,
    requiredReceiveUs: 1000,
    desiredTransmitUs: 1000,
  });
  subject.settings = { ...config, minTransmitMs: 100, minReceiveMs: 5 };
  subject.do({ kind: "config-changed" }, 1);
  assert.equal(subject.sent[0]?.poll, true);
  assert.equal(subject.sent[0]?.desiredTransmitUs, 100_000);
  assert.equal(subject.state.intervalUs, 10_000, "it goes on sending as before");
  assert.equal(subject.state.detectAtMs, 3 * 20);
  subject.hear("Up", 2, { final: true, requiredReceiveUs: 1000, desiredTransmitUs: 1000 });
  assert.equal(subject.state.intervalUs, 100_000);
  assert.equal(subject.state.detectAtMs, 2 + 3 * 5);
});

test("6.8.3: faster sending and slower detection count at once", () => {
  const subject = Subject.in("Up").hear("Up", 0, {
    final: true,
    requiredReceiveUs: 1000,
    desiredTransmitUs: 1000,
  });
  subject.settings = { ...config, minTransmitMs: 2, minReceiveMs: 500 };
  subject.do({ kind: "config-changed" }, 1);
  assert.equal(subject.state.intervalUs, 2_000);
  assert.equal(subject.state.detectAtMs, 3 * 500);
  assert.equal(subject.state.role, "Up");
});

test("6.5: a change during a poll is polled for again", () => {
  const subject = Subject.in("Up").hear("Up", 0, { final: true });
  subject.settings = { ...config, minTransmitMs: 100 };
  subject.do({ kind: "config-changed" }, 1);
  subject.settings = { ...config, minTransmitMs: 200 };
  subject.do({ kind: "config-changed" }, 2);
  subject.hear("Up", 3, { final: true });
  assert.equal(subject.state.poll, "active", "the Final may have answered the first change");
  subject.hear("Up", 4, { final: true });
  assert.equal(subject.state.poll, "none");
  assert.equal(subject.state.actingTransmitUs, 200_000);
});

test("a change that the wire does not show disturbs nothing, another multiplier is told at once", () => {
  const subject = Subject.in("Up").hear("Up", 0, { final: true });
  subject.settings = { ...config, multiplier: 9 };
  subject.do({ kind: "config-changed" }, 1);
  assert.equal(subject.sent[0]?.multiplier, 9);
  assert.equal(subject.sent[0]?.poll, false);
  assert.equal(subject.state.role, "Up");
});

test("6.8.16: the neighbour's patience says for how long the end is told", () => {
  const subject = Subject.in("Up");
  assert.equal(remoteDetectionMs(subject.settings, subject.state), 5 * 40);
});

test("an early clock changes nothing", () => {
  const subject = Subject.in("Up");
  const before = subject.state;
  assert.deepEqual(subject.tick(1).state, before);
  assert.deepEqual(subject.sent, []);
});
