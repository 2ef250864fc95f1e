// Programs as KEEPALIVED-MIB shows them: each word in single quotes.

import type { NotifyPrograms } from "../../../model/notification.ts";
import type { Program } from "../../../model/program.ts";
import { octets, type SnmpValue } from "../value.ts";

/** `'/usr/local/bin/tell' 'master'`. */
export function commandText(command: readonly string[]): string {
  return command.map((word) => `'${word}'`).join(" ");
}

/** The text of a program, or nothing. */
export function programValue(program: Program | undefined): SnmpValue | undefined {
  return program === undefined ? undefined : octets(commandText(program.command));
}

/** Whether any program is run at a change. */
export function hasPrograms(programs: NotifyPrograms | undefined): boolean {
  if (programs === undefined) return false;
  const { master, backup, fault, stop, change, deleted, masterHeardLowerPriority } = programs;
  const all = [master, backup, fault, stop, change, deleted?.program, masterHeardLowerPriority];
  return all.some((program) => program !== undefined);
}
