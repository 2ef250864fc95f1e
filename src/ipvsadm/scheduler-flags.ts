// The flags of schedulers by their names.

import { fail, ok, type Result } from "../base/result.ts";
import type { SchedulerFlag } from "../model/balancer-table.ts";

const generalNames = ["flag-1", "flag-2", "flag-3"] as const;

/** Names of a scheduler's own flags; the position is the number less one. */
const ownNames: Readonly<Record<string, readonly string[]>> = {
  sh: ["sh-fallback", "sh-port"],
  mh: ["mh-fallback", "mh-port"],
};

/** Names separated by commas -> numbers, sorted; a fault is what ipvsadm says. */
export function flagsOfWords(
  scheduler: string,
  words: string,
): Result<readonly SchedulerFlag[], string> {
  const flags = new Set<SchedulerFlag>();
  for (const name of words.split(",").filter((word) => word !== "")) {
    const owner = Object.keys(ownNames).find((one) => ownNames[one]?.includes(name));
    if (owner !== undefined && owner !== scheduler)
      return fail(`incompatible scheduler flag \`${name}'`);
    const names = owner === undefined ? generalNames : (ownNames[owner] ?? []);
    const number = ([1, 2, 3] as const).find((one) => names[one - 1] === name);
    if (number === undefined) return fail(`invalid scheduler flag \`${name}'`);
    flags.add(number);
  }
  return ok([...flags].sort());
}

/** The names of flags, as ipvsadm prints them: of a scheduler with flags of its own only those. */
export function flagNames(scheduler: string, flags: readonly SchedulerFlag[]): string {
  const names = ownNames[scheduler] ?? generalNames;
  return flags.flatMap((flag) => names[flag - 1] ?? []).join(",");
}
