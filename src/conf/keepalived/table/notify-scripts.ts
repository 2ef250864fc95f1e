// Programs that run when an instance or a sync group changes its state.

import { keyword } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { commandWithUser } from "./kinds.ts";

/** The notify keywords that instances and sync groups share. */
export function notifyKeywordsOf(what: "instance" | "group"): readonly KeywordSpec[] {
  return [
    keyword("notify_master", `Runs when the ${what} becomes MASTER.`, commandWithUser),
    keyword("notify_backup", `Runs when the ${what} becomes BACKUP.`, commandWithUser),
    keyword("notify_fault", `Runs when the ${what} goes to FAULT.`, commandWithUser),
    keyword(
      "notify_stop",
      `Runs when the ${what} stops, at the end of the daemon.`,
      commandWithUser,
    ),
    keyword(
      "notify",
      `Runs at each change of the ${what}, with four arguments added: ${what.toUpperCase()}, its name, the new state and the priority.`,
      commandWithUser,
    ),
  ];
}
