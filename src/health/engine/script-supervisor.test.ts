import assert from "node:assert/strict";
import { test } from "node:test";
import type { VrrpScript } from "../../model/vrrp-instance.ts";
import type { ProcessOutcome } from "../../world/process.ts";
import { ScriptSupervisor } from "./script-supervisor.ts";

const script: VrrpScript = {
  name: "check_web",
  command: ["/usr/bin/check-web"],
  intervalMs: 2000,
  timeoutMs: 2000,
  rise: 1,
  fall: 1,
  weight: 50,
  initFail: false,
};
const success: ProcessOutcome = { success: true, text: "exit status 0" };
const failure: ProcessOutcome = { success: false, text: "exit status 2" };

/** Virtual time; runs end when the test says so. */
class World {
  atMs = 0;
  alarmAtMs: number | undefined;
  cancelled = 0;
  readonly running: {
    readonly command: string;
    readonly end: (outcome: ProcessOutcome) => void;
  }[] = [];
  readonly results: string[] = [];
  readonly supervisor: ScriptSupervisor;
  #onAlarm = (): void => {};

  constructor() {
    this.supervisor = new ScriptSupervisor(
      {
        clock: { nowMs: () => this.atMs, wallMs: () => 0 },
        processes: {
          run: (request, onEnd) => {
            this.running.push({ command: request.command.join(" "), end: onEnd });
            return { cancel: () => this.cancelled++ };
          },
        },
        openAlarm: (onAlarm) => {
          this.#onAlarm = onAlarm;
          const set = (atMs: number | undefined): void => {
            this.alarmAtMs = atMs;
          };
          return { set, close: () => set(undefined) };
        },
      },
      (of, up, text) => this.results.push(`${of.name} ${up}: ${text}`),
    );
  }

  advance(toMs: number): void {
    this.atMs = toMs;
    if (this.alarmAtMs !== undefined && this.alarmAtMs <= toMs) this.#onAlarm();
  }

  end(outcome: ProcessOutcome): void {
    this.running.shift()?.end(outcome);
  }
}

test("a script runs at once and on its interval; only changes are reported", () => {
  const world = new World();
  world.supervisor.configure([script]);
  for (const [atMs, outcome] of [
    [0, success],
    [2000, success],
    [4000, failure],
  ] as const) {
    world.advance(atMs);
    world.end(outcome);
  }
  assert.deepEqual(world.results, [
    "check_web null: has not ended yet",
    "check_web true: exit status 0",
    "check_web false: exit status 2",
  ]);
  assert.deepEqual(world.supervisor.view(), [
    { name: "check_web", up: false, text: "exit status 2", running: false },
  ]);
});

test("no run overlaps another", () => {
  const world = new World();
  world.supervisor.configure([script]);
  for (const atMs of [0, 2000, 4000, 6000]) world.advance(atMs);
  assert.equal(world.running.length, 1);
});

test("a reload leaves an unchanged script alone, even while it runs", () => {
  const world = new World();
  world.supervisor.configure([script]);
  world.advance(0);
  world.supervisor.configure([structuredClone(script)]);
  assert.equal(world.cancelled, 0);
  assert.equal(world.results.length, 1);
  world.end(success);
  assert.equal(world.results[1], "check_web true: exit status 0");
});

test("a changed setting ends the run but keeps the verdict; a changed command does not", () => {
  const world = new World();
  world.supervisor.configure([script]);
  world.advance(0);
  world.end(failure);
  world.advance(2000);
  world.supervisor.configure([{ ...script, weight: 10 }]);
  assert.equal(world.cancelled, 1);
  assert.equal(world.results[world.results.length - 1], "check_web false: exit status 2");
  world.end(success);
  assert.equal(world.supervisor.view()[0]?.up, false, "the cancelled run counts no more");
  world.supervisor.configure([{ ...script, command: ["/usr/bin/other"] }]);
  assert.equal(world.results[world.results.length - 1], "check_web null: has not ended yet");
});

test("a script that leaves the configuration is ended", () => {
  const world = new World();
  world.supervisor.configure([script]);
  world.advance(0);
  world.supervisor.configure([]);
  assert.equal(world.cancelled, 1);
  assert.equal(world.alarmAtMs, undefined);
});
