// What the scenes have reached. A run of many seeds fails when something that it should meet was
// never met: a simulation that tests nothing passes, too.

import { compareAddresses } from "../../../src/base/address.ts";
import type { StepArguments, StepResult } from "./watched-step.ts";

/** Counts by name. */
export class Reached {
  readonly counts: Map<string, number> = new Map();

  note(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  /** Adds what another run has reached. */
  add(counts: Readonly<Record<string, number>>): void {
    for (const [what, times] of Object.entries(counts)) this.note(what, times);
  }
}

/** The row of the transition table that a step took; undefined for our own additions. */
export function rowOfStep([config, state, event]: StepArguments): string | undefined {
  switch (state.role) {
    case "INIT":
      return rowOfInit(config, event);
    case "BACKUP":
      return rowOfBackup(config, state.ready.priority, event);
    case "MASTER":
      return rowOfMaster(config.version, state.ready, event);
    default:
      return undefined;
  }
}

function rowOfInit(config: StepArguments[0], event: StepArguments[2]): string | undefined {
  if (event.kind === "advert-received") return "I-5";
  if (event.kind === "stop") return "I-6";
  if (event.kind !== "started" || event.condition.kind !== "ready") return undefined;
  if (event.condition.priority === 255) return config.family === 4 ? "I-1" : "I-2";
  return config.version === 3 ? "I-3" : "I-4";
}

function rowOfBackup(
  config: StepArguments[0],
  own: number,
  event: StepArguments[2],
): string | undefined {
  if (event.kind === "stop") return "B-1";
  if (event.kind === "clock-reached") return config.family === 4 ? "B-2" : "B-3";
  if (event.kind !== "advert-received") return undefined;
  const { priority } = event.advert;
  if (priority === 0) return "B-4";
  if (priority < own && config.preempt) return "B-8";
  if (priority === own) return "B-9";
  return config.version === 3 ? "B-6" : "B-7";
}

function rowOfMaster(
  version: 2 | 3,
  own: Extract<StepArguments[1], { readonly role: "MASTER" }>["ready"],
  event: StepArguments[2],
): string | undefined {
  if (event.kind === "stop") return "A-1";
  if (event.kind === "clock-reached") return "A-2";
  if (event.kind !== "advert-received") return undefined;
  const { priority, source } = event.advert;
  if (priority === 0) return "A-3";
  if (priority > own.priority) return version === 3 ? "A-4" : "A-5";
  if (priority < own.priority || compareAddresses(source, own.source) < 0) return "A-9";
  if (priority === 255) return "A-12";
  return version === 3 ? "A-6" : "A-7";
}

/** Notes what one step shows. */
export function noteStep(reached: Reached, call: StepArguments, result: StepResult): void {
  const row = rowOfStep(call);
  if (row === undefined) return;
  const [, state, event, nowMs] = call;
  // A clock that comes early is no row.
  if (row === "B-2" && result.state === state) return;
  if (row === "A-2" && state.role === "MASTER" && nowMs < state.advertAtMs) return;
  reached.note(`row ${row}`);
  if (event.kind === "advert-received" && state.role === "MASTER" && result.state.role === "MASTER")
    reached.note(
      result.deeds.some((deed) => deed.kind === "send-advert")
        ? "an assertion at once"
        : "an assertion held back",
    );
}
