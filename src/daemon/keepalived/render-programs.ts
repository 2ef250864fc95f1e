// Notification programs as keepalived's dump writes them.

import type { NotifyPrograms } from "../../model/notification.ts";
import type { Program } from "../../model/program.ts";
import { showCommand } from "./shown-addresses.ts";

/** One line a program; the account behind it only where one is named. */
export function renderPrograms(notify: NotifyPrograms): readonly string[] {
  const lines: string[] = [];
  const add = (name: string, program: Program | undefined): void => {
    if (program === undefined) return;
    const { user, group = user } = program;
    const account = user === undefined ? "" : `, user:group ${user}:${group}`;
    lines.push(`   ${name} state transition script = ${showCommand(program)}${account}`);
  };
  add("Backup", notify.backup);
  add("Master", notify.master);
  add("Fault", notify.fault);
  add("Stop", notify.stop);
  add("Deleted", notify.deleted?.program);
  add("Generic", notify.change);
  add("Master rx lower pri", notify.masterHeardLowerPriority);
  return lines;
}
