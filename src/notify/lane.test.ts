import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../base/prng.ts";
import type { Job } from "./job.ts";
import {
  emptyLane,
  type LaneDeed,
  type LaneEntry,
  type LaneEvent,
  type LaneSettings,
  laneLength,
  laneWakeAtMs,
  stepLane,
} from "./lane.ts";

const job: Job = { kind: "line", lane: "test", fifo: "all", text: "line\n" };
const settings: LaneSettings = { waitingMax: 3, retryDelaysMs: [100, 1000] };

function submitted(id: number, expiresAtMs?: number): LaneEvent {
  const entry: LaneEntry = { id, job, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) };
  return { kind: "submitted", entry };
}

function ended(id: number, outcome: "done" | "again" = "done"): LaneEvent {
  return { kind: "ended", id, outcome };
}

function describe(deed: LaneDeed): string {
  const how = deed.kind === "finish" && !deed.done ? "expire" : deed.kind;
  return `${how} ${deed.entry.id}`;
}

/** Plays events at times, and gives the deeds of each. */
function play(...events: readonly (readonly [number, LaneEvent])[]): readonly string[][] {
  let state = emptyLane;
  return events.map(([nowMs, event]) => {
    const step = stepLane(settings, state, event, nowMs);
    state = step.state;
    return step.deeds.map(describe);
  });
}

test("one job after the other, in their order", () => {
  assert.deepEqual(
    play([0, submitted(1)], [0, submitted(2)], [0, submitted(3)], [5, ended(1)], [6, ended(2)]),
    [["begin 1"], [], [], ["finish 1", "begin 2"], ["finish 2", "begin 3"]],
  );
});

test("an end that belongs to no job under way changes nothing", () => {
  assert.deepEqual(play([0, submitted(1)], [1, ended(7)], [2, ended(1)], [3, ended(1)]), [
    ["begin 1"],
    [],
    ["finish 1"],
    [],
  ]);
});

test("what cannot be done now is tried again, later each time, and holds the others back", () => {
  const clock: LaneEvent = { kind: "clock-reached" };
  assert.deepEqual(
    play(
      [0, submitted(1)],
      [0, submitted(2)],
      [0, ended(1, "again")],
      [99, clock],
      [100, clock],
      [100, ended(1, "again")],
      [1099, clock],
      [1100, clock],
      [1100, ended(1, "again")],
      [2100, clock],
      [2100, ended(1)],
    ),
    [
      ["begin 1"],
      [],
      [],
      [],
      ["begin 1"],
      [],
      [],
      ["begin 1"],
      [],
      ["begin 1"],
      ["finish 1", "begin 2"],
    ],
  );
});

test("a job that waits for its next attempt wakes the lane then, and only then", () => {
  const first = stepLane(settings, emptyLane, submitted(1), 0).state;
  assert.equal(laneWakeAtMs(first), undefined);
  const waiting = stepLane(settings, first, ended(1, "again"), 50).state;
  assert.equal(laneWakeAtMs(waiting), 150);
});

test("a job whose time is over is given up, and the next one begins", () => {
  assert.deepEqual(play([0, submitted(1, 60)], [0, submitted(2)], [0, ended(1, "again")]), [
    ["begin 1"],
    [],
    ["expire 1", "begin 2"],
  ]);
});

test("more than fit do not wait: the oldest makes room, and never the one under way", () => {
  assert.deepEqual(
    play(
      [0, submitted(1)],
      [0, submitted(2)],
      [0, submitted(3)],
      [0, submitted(4)],
      [0, submitted(5)],
    ),
    [["begin 1"], [], [], [], ["drop 2"]],
  );
});

test("whatever happens, every job is finished or dropped exactly once, in order, one at a time", () => {
  const prng = new Prng(20_261_121);
  for (let round = 0; round < 300; round++) {
    let state = emptyLane;
    let running: number | undefined;
    let nowMs = 0;
    let lastBegun = 0;
    const over: number[] = [];
    const perform = (event: LaneEvent): void => {
      const step = stepLane(settings, state, event, nowMs);
      state = step.state;
      for (const deed of step.deeds) {
        const { id } = deed.entry;
        if (deed.kind === "begin") {
          assert.equal(running, undefined, "one at a time");
          assert.ok(id >= lastBegun, "in order");
          lastBegun = id;
          running = id;
        } else over.push(id);
      }
    };
    const step = (id: number, outcome: "done" | "again"): void => {
      running = undefined;
      perform(ended(id, outcome));
    };
    const jobs = 30;
    for (let id = 1; id <= jobs; id++) {
      perform(submitted(id));
      while (prng.next() < 0.5) {
        nowMs += Math.floor(prng.next() * 2000);
        if (running !== undefined) step(running, prng.next() < 0.3 ? "again" : "done");
        else perform({ kind: "clock-reached" });
      }
    }
    while (laneLength(state) > 0) {
      nowMs += 10_000;
      if (running !== undefined) step(running, "done");
      else perform({ kind: "clock-reached" });
    }
    assert.deepEqual(
      over.toSorted((a, b) => a - b),
      Array.from({ length: jobs }, (_, i) => i + 1),
    );
  }
});
