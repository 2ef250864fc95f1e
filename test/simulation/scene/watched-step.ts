// Stands in the place of the machine's `step.ts` (see `machine-hook.ts`): lets a test look at every
// step, or put a mutant in the machine's place. Without either it is the machine.

import { stepVrrp as machine } from "../../../src/vrrp/step.ts";

export type Machine = typeof machine;
export type StepArguments = Parameters<Machine>;
export type StepResult = ReturnType<Machine>;

let current: Machine = machine;
let observer: ((call: StepArguments, result: StepResult) => void) | undefined;

/** Puts a mutant in the machine's place, until it is called with `undefined`. */
export function replaceMachine(mutant: ((machine: Machine) => Machine) | undefined): void {
  current = mutant === undefined ? machine : mutant(machine);
}

/** Calls `look` after each step. */
export function observeMachine(look: typeof observer): void {
  observer = look;
}

/** The machine as the engine calls it. */
export function stepVrrp(...call: StepArguments): StepResult {
  const result = current(...call);
  observer?.(call, result);
  return result;
}
