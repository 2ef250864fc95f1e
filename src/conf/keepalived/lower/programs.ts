// Keywords that name a program, perhaps with the account it runs as.

import type { NotifyPrograms } from "../../../model/notification.ts";
import type { Program } from "../../../model/program.ts";
import { type Section, type Setting, settingOf } from "../section.ts";
import { asText, commandOf, given } from "./setting-values.ts";

/** The program of a setting; undefined without one. */
export function programOf(setting: Setting | undefined): Program | undefined {
  if (setting === undefined) return undefined;
  const command = commandOf(setting);
  if (command.length === 0) return undefined;
  return { command, ...accountOf(setting, 1) };
}

/** User and group, the first of them at `index` of the values. */
export function accountOf(
  setting: Setting,
  index: number,
): { readonly user?: string; readonly group?: string } {
  return given({ user: asText(setting.values[index]), group: asText(setting.values[index + 1]) });
}

/** The program that counts for a keyword of a block. */
export function programFor(section: Section, keyword: string): Program | undefined {
  return programOf(settingOf(section, keyword));
}

/** The programs of an instance or a sync group. */
export function notifyProgramsOf(section: Section): NotifyPrograms {
  const deleted = settingOf(section, "notify_deleted");
  return {
    ...given({
      master: programFor(section, "notify_master"),
      backup: programFor(section, "notify_backup"),
      fault: programFor(section, "notify_fault"),
      stop: programFor(section, "notify_stop"),
      change: programFor(section, "notify"),
      masterHeardLowerPriority: programFor(section, "notify_master_rx_lower_pri"),
    }),
    ...(deleted === undefined ? {} : { deleted: given({ program: programOf(deleted) }) }),
  };
}
