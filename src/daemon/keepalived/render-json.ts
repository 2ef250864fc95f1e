// The dump in JSON, as keepalived writes it on SIGRTMIN+2: its names, its types, its order.

import type { Model } from "../../model/model.ts";
import type { NotifyPrograms } from "../../model/notification.ts";
import type { TrackProcess } from "../../model/tracking.ts";
import {
  advertInterface,
  type DumpedInstance,
  maskedPassword,
  settingsOf,
  shownAddresses,
  stateNumbers,
  wantedState,
} from "./instance-facts.ts";
import { showCommand, showRoute, showRule } from "./shown-addresses.ts";

/** `keepalived.json`. Passwords are masked. */
export function renderKeepalivedJson(model: Model, instances: readonly DumpedInstance[]): string {
  const commands = new Map(model.vrrpScripts.map((script) => [script.name, showCommand(script)]));
  const vrrp = instances.map((instance) => ({
    data: dataOf(instance, commands),
    stats: instance.counters,
  }));
  if (model.global.options?.traces?.jsonVersion !== 2) return JSON.stringify(vrrp);
  return JSON.stringify({ vrrp, track_process: (model.trackProcesses ?? []).map(processOf) });
}

/** What version 2 says of a tracked process, as far as it is configured. */
function processOf(one: TrackProcess): Readonly<Record<string, unknown>> {
  const [program = "", ...parameters] = one.process;
  return {
    process: program,
    ...(parameters.length === 0 ? {} : { parameters: parameters.join(" ") }),
    param_match: one.match,
    min_processes: one.quorum,
    ...(one.quorumMax === undefined ? {} : { max_processes: one.quorumMax }),
    weight: one.weight,
    terminate_delay: one.terminateDelayMs / 1000,
    fork_delay: one.forkDelayMs / 1000,
    full_command: one.fullCommand,
  };
}

function dataOf(
  instance: DumpedInstance,
  commands: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const { config, status } = instance;
  const { options = {}, garp } = config;
  const settings = settingsOf(config);
  const { name, base } = advertInterface(config);
  return {
    iname: config.name,
    dont_track_primary: bit(options.trackOwnInterface === false),
    skip_check_adv_addr: bit(options.skipCheckOfAddresses === true),
    strict_mode: bit(settings.strict),
    vmac_ifname: base === undefined ? "" : name,
    ifp_ifname: name,
    master_priority: status.master?.priority ?? 0,
    last_transition: status.sinceMs / 1000,
    garp_delay: garp.delayMs / 1000,
    garp_refresh: Math.floor(garp.refreshMs / 1000),
    garp_rep: garp.repeat,
    garp_refresh_rep: garp.refreshRepeat,
    garp_lower_prio_delay: settings.lowerPriorityDelayS,
    garp_lower_prio_rep: settings.lowerPriorityRepeat,
    lower_prio_no_advert: bit(settings.lowerPriorityNoAdvert),
    higher_prio_send_advert: bit(options.higherPrioritySendAdvert === true),
    vrid: config.vrid,
    base_priority: config.priority,
    effective_priority: status.priority,
    vipset: status.heldAddresses.length > 0 && status.state === "MASTER",
    promote_secondaries: options.promoteSecondaries === true,
    adver_int: config.advertIntervalCs / 100,
    master_adver_int: status.advertIntervalCs / 100,
    accept: bit(settings.accept),
    nopreempt: !config.preempt,
    preempt_delay: Math.floor(config.preemptDelayMs / 1000),
    state: stateNumbers[status.state],
    wantstate: stateNumbers[wantedState(instance)],
    version: config.version,
    smtp_alert: options.mail === true,
    notify_deleted: options.notify?.deleted !== undefined,
    ...programsOf(options.notify ?? {}),
    ...list("vips", shownAddresses(instance, config.virtualAddresses)),
    ...list("evips", shownAddresses(instance, config.excludedAddresses)),
    ...list("vroutes", (options.routes ?? []).map(showRoute)),
    ...list("vrules", (options.rules ?? []).map(showRule)),
    ...list("track_ifp", followedInterfaces(instance)),
    ...list(
      "track_script",
      config.trackedScripts.map(({ script }) => commands.get(script) ?? script),
    ),
    ...authenticationOf(config.authentication),
  };
}

/** keepalived leaves the instance's own interface out, because it follows that one in any case. */
function followedInterfaces({ config }: DumpedInstance): readonly string[] {
  const names = config.trackedInterfaces.map((track) => track.interface);
  return names.filter((name) => name !== config.interface);
}

function bit(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** Empty lists are left out. */
function list(name: string, items: readonly string[]): Readonly<Record<string, unknown>> {
  return items.length === 0 ? {} : { [name]: items };
}

function programsOf(notify: NotifyPrograms): Readonly<Record<string, string>> {
  const programs = {
    script_backup: notify.backup,
    script_master: notify.master,
    script_fault: notify.fault,
    script_stop: notify.stop,
    script_deleted: notify.deleted?.program,
    script: notify.change,
    script_master_rx_lower_pri: notify.masterHeardLowerPriority,
  };
  const shown: Record<string, string> = {};
  for (const [name, program] of Object.entries(programs))
    if (program !== undefined) shown[name] = showCommand(program);
  return shown;
}

const authenticationNumbers: Readonly<Record<string, number>> = { none: 0, PASS: 1, AH: 2 };

function authenticationOf({ type }: { readonly type: string }): Readonly<Record<string, unknown>> {
  const number = authenticationNumbers[type] ?? 0;
  return number === 0 ? { auth_type: 0 } : { auth_type: number, auth_data: maskedPassword };
}
