// Runs the tracking scripts on their intervals and reports what they say.

import type { VrrpScript } from "../../model/vrrp-instance.ts";
import type { Clock } from "../../world/clock.ts";
import type { ProcessRunner, RunningProcess } from "../../world/process.ts";
import type { Alarm } from "../../world/vrrp-network.ts";
import {
  type ScriptEvent,
  type ScriptState,
  type ScriptVerdict,
  scriptWakeAtMs,
  startScript,
  stepScript,
} from "../script-tracker.ts";

/** What a script supervisor needs of the world. */
export interface ScriptWorld {
  readonly clock: Clock;
  readonly processes: ProcessRunner;
  openAlarm(onAlarm: () => void): Alarm;
}

/** `up` is null until the first exit. */
export type OnScriptResult = (script: VrrpScript, up: ScriptVerdict, text: string) => void;

interface ScriptRunner {
  readonly script: VrrpScript;
  state: ScriptState;
  process: RunningProcess | undefined;
}

export class ScriptSupervisor {
  readonly #world: ScriptWorld;
  readonly #onResult: OnScriptResult;
  readonly #alarm: Alarm;
  #runners: ReadonlyMap<string, ScriptRunner> = new Map();

  /** `onResult` is called once when a script is configured and then whenever its verdict changes. */
  constructor(world: ScriptWorld, onResult: OnScriptResult) {
    this.#world = world;
    this.#onResult = onResult;
    this.#alarm = world.openAlarm(() => this.#onAlarm());
  }

  /**
   * Takes over a list of scripts. Those that are in it as before go on undisturbed; a script whose
   * settings changed keeps its verdict and runs at once.
   */
  configure(scripts: readonly VrrpScript[]): void {
    const nowMs = this.#world.clock.nowMs();
    const old = this.#runners;
    const runners = new Map<string, ScriptRunner>();
    for (const script of scripts) {
      const before = old.get(script.name);
      if (before !== undefined && JSON.stringify(before.script) === JSON.stringify(script)) {
        runners.set(script.name, before);
        continue;
      }
      before?.process?.cancel();
      const fresh = startScript(script, nowMs);
      const sameCommand =
        before !== undefined && before.script.command.join("\0") === script.command.join("\0");
      const state = sameCommand
        ? { ...fresh, up: before.state.up ?? fresh.up, text: before.state.text }
        : fresh;
      runners.set(script.name, { script, state, process: undefined });
    }
    for (const [name, runner] of old) if (!runners.has(name)) runner.process?.cancel();
    this.#runners = runners;
    for (const [name, runner] of runners) if (old.get(name) !== runner) this.#report(runner);
    this.#setAlarm();
  }

  /** Every script with what is known of it, in the order of the configuration. */
  view(): readonly {
    readonly name: string;
    readonly up: ScriptVerdict;
    readonly text: string;
    /** It runs at this moment. */
    readonly running: boolean;
  }[] {
    return [...this.#runners.values()].map(({ script, state, process }) => ({
      name: script.name,
      up: state.up,
      text: state.text,
      running: process !== undefined,
    }));
  }

  /** Ends all running scripts. */
  stop(): void {
    for (const runner of this.#runners.values()) runner.process?.cancel();
    this.#runners = new Map();
    this.#alarm.close();
  }

  #onAlarm(): void {
    const nowMs = this.#world.clock.nowMs();
    for (const runner of this.#runners.values())
      this.#step(runner, { kind: "clock-reached" }, nowMs);
    this.#setAlarm();
  }

  #step(runner: ScriptRunner, event: ScriptEvent, nowMs: number): void {
    const before = runner.state;
    const { state, run } = stepScript(runner.script, before, event, nowMs);
    runner.state = state;
    if (run) this.#run(runner);
    if (before.up !== state.up) this.#report(runner);
  }

  #run(runner: ScriptRunner): void {
    const { command, timeoutMs, user, group } = runner.script;
    const account = user === undefined ? {} : { user, ...(group === undefined ? {} : { group }) };
    const request = { command, timeoutMs, ...account };
    runner.process = this.#world.processes.run(request, (outcome) => {
      if (this.#runners.get(runner.script.name) !== runner) return;
      runner.process = undefined;
      const event: ScriptEvent = { kind: "run-ended", ...outcome };
      this.#step(runner, event, this.#world.clock.nowMs());
      this.#setAlarm();
    });
  }

  #report(runner: ScriptRunner): void {
    this.#onResult(runner.script, runner.state.up, runner.state.text);
  }

  #setAlarm(): void {
    let earliest: number | undefined;
    for (const { state } of this.#runners.values()) {
      const wakeAtMs = scriptWakeAtMs(state);
      if (wakeAtMs !== undefined && (earliest === undefined || wakeAtMs < earliest))
        earliest = wakeAtMs;
    }
    this.#alarm.set(earliest);
  }
}
