// Every program that a configuration lets run because something happened, with words for where it stands.

import type { Model } from "../model/model.ts";
import type { NotifyPrograms } from "../model/notification.ts";
import type { Program } from "../model/program.ts";

export interface NamedProgram {
  /** `notify_master /etc/keepalived/up.sh of VI_1`. */
  readonly title: string;
  readonly program: Program;
}

/** All of them, in the order of the configuration. */
export function programsOf(model: Model): readonly NamedProgram[] {
  const { fifos, startup, shutdown } = model.global.options ?? {};
  return [
    ...named("startup_script", startup),
    ...named("shutdown_script", shutdown),
    ...named("notify_fifo_script", fifos?.all?.program),
    ...named("vrrp_notify_fifo_script", fifos?.vrrp?.program),
    ...named("lvs_notify_fifo_script", fifos?.balancer?.program),
    ...model.vrrpInstances.flatMap(({ name, options }) => notifyPrograms(options?.notify, name)),
    ...(model.syncGroups ?? []).flatMap(({ name, notify }) => notifyPrograms(notify, name)),
  ];
}

function notifyPrograms(programs: NotifyPrograms | undefined, of: string): readonly NamedProgram[] {
  if (programs === undefined) return [];
  return [
    ...named("notify_master", programs.master, of),
    ...named("notify_backup", programs.backup, of),
    ...named("notify_fault", programs.fault, of),
    ...named("notify_stop", programs.stop, of),
    ...named("notify_deleted", programs.deleted?.program, of),
    ...named("notify", programs.change, of),
    ...named("notify_master_rx_lower_pri", programs.masterHeardLowerPriority, of),
  ];
}

function named(
  keyword: string,
  program: Program | undefined,
  of?: string,
): readonly NamedProgram[] {
  if (program === undefined) return [];
  const place = of === undefined ? "" : ` of ${of}`;
  return [{ title: `${keyword} ${program.command[0] ?? ""}${place}`, program }];
}
