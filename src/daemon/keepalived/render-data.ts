// The dump of configuration and states, as keepalived writes it on SIGUSR1: `Name = value`, objects at one blank, their
// properties at three, items of lists at five.

import type { GlobalOptions } from "../../model/global-options.ts";
import type { Model } from "../../model/model.ts";
import type { VrrpState } from "../../model/status.ts";
import type { SyncGroup } from "../../model/sync-group.ts";
import type { TrackedObject } from "../../model/tracking.ts";
import type { DumpedInstance } from "./instance-facts.ts";
import { type OwnWeight, renderInstanceData } from "./render-instance-data.ts";
import { renderPrograms } from "./render-programs.ts";
import { renderTrackers, type ScriptProgress } from "./render-trackers.ts";
import { showAddress, showRoute, showRule } from "./shown-addresses.ts";

/** What a dump shows. */
export interface DumpedState {
  readonly model: Model;
  readonly instances: readonly DumpedInstance[];
  readonly scripts: readonly ScriptProgress[];
}

/** `keepalived.data`. Passwords are masked. */
export function renderKeepalivedData(state: DumpedState): string {
  const { model, instances } = state;
  const { addresses = [], routes = [], rules = [] } = model.staticObjects ?? {};
  const lines = [
    ...renderGlobals(model),
    ...section(
      "Static Addresses",
      addresses.map((one) => {
        const place = { interface: one.interface ?? "(none)", set: false };
        return `     ${showAddress(one, place)}${one.tracked ? "" : " no_track"}`;
      }),
    ),
    ...section(
      "Static Routes",
      routes.map((route) => `     ${showRoute(route)}`),
    ),
    ...section(
      "Static Rules",
      rules.map((rule) => `     ${showRule(rule)}`),
    ),
    ...section(
      "VRRP Topology",
      instances.flatMap((instance) => renderInstanceData(instance, ownWeights(model))),
    ),
    ...section(
      "VRRP Sync groups",
      (model.syncGroups ?? []).flatMap((group) => renderGroup(group, instances)),
    ),
    ...renderTrackers(state),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function ownWeights(model: Model): OwnWeight {
  const trackers = {
    script: model.vrrpScripts,
    file: model.trackFiles ?? [],
    process: model.trackProcesses ?? [],
    bfd: model.bfdSessions ?? [],
  };
  return (kind, name) => trackers[kind].find((one) => one.name === name)?.weight ?? 0;
}

/** The head of every dump. */
export function renderKeepalivedGlobals(model: Model): string {
  return renderGlobals(model)
    .map((line) => `${line}\n`)
    .join("");
}

/** A section with its title; none when it is empty. */
export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`------< ${title} >------`, ...lines];
}

function renderGlobals({ global }: Model): readonly string[] {
  const options: GlobalOptions = global.options ?? {};
  const { mail, scripts, snmp, vrrp = {}, fifos } = options;
  const yesNo = (value: boolean | undefined): string => (value === true ? "true" : "false");
  const alert = (value: boolean | undefined): string =>
    value === undefined ? "unset" : value ? "on" : "off";
  const served = (value: boolean | undefined): string => (value === true ? "enabled" : "disabled");
  return [
    "------< Global definitions >------",
    ` Network namespace = ${options.netNamespace ?? "(default)"}`,
    ...(options.instanceName === undefined ? [] : [` Instance name = ${options.instanceName}`]),
    ...(global.routerId === undefined ? [] : [` Router ID = ${global.routerId}`]),
    ...(mail?.server === undefined
      ? []
      : [` Smtp server = ${mail.server.host}`, ` Smtp server port = ${mail.server.port}`]),
    ...(mail?.from === undefined ? [] : [` Email notification from = ${mail.from}`]),
    ...(mail === undefined || mail.to.length === 0
      ? []
      : [" Email notification to:", ...mail.to.map((address) => `   ${address}`)]),
    ` Default smtp_alert = ${alert(mail?.alerts.all)}`,
    ` Default smtp_alert_vrrp = ${alert(mail?.alerts.vrrp)}`,
    ` Default smtp_alert_checker = ${alert(mail?.alerts.checkers)}`,
    ` Dynamic interfaces = ${yesNo(options.dynamicInterfaces !== undefined)}`,
    ...(options.defaultInterface === undefined
      ? []
      : [` Default interface = ${options.defaultInterface}`]),
    ` LVS flush = ${yesNo(options.flushAtStart)}`,
    ` VRRP notify priority changes = ${yesNo(fifos?.priorityChanges)}`,
    ` Gratuitous ARP interval = ${((options.garpIntervalMs ?? 0) / 1000).toFixed(6)}`,
    ` Gratuitous NA interval = ${((options.gnaIntervalMs ?? 0) / 1000).toFixed(6)}`,
    ` VRRP skip check advert addresses = ${yesNo(vrrp.skipCheckOfAddresses)}`,
    ` VRRP strict mode = ${yesNo(vrrp.strict)}`,
    ` VRRP process priority = ${global.vrrpNice ?? 0}`,
    ` VRRP realtime priority = ${global.vrrpRealtimePriority ?? 0}`,
    ` SNMP vrrp ${served(snmp?.vrrp)}`,
    ` SNMP checker ${served(snmp?.checkers)}`,
    ` SNMP RFCv2 ${served(snmp?.rfcVersion2)}`,
    ` SNMP RFCv3 ${served(snmp?.rfcVersion3)}`,
    ` SNMP traps ${served(snmp?.traps)}`,
    ` DBus ${served(options.dbus !== undefined)}`,
    ` Script security ${scripts?.security === true ? "enabled" : "disabled"}`,
  ];
}

function renderGroup(group: SyncGroup, instances: readonly DumpedInstance[]): readonly string[] {
  const members = instances.filter(({ config }) => group.members.includes(config.name));
  const { tracking } = group;
  return [
    ` VRRP Sync Group = ${group.name}, ${stateOfGroup(members)}`,
    `   Num member fault ${countOf(members, "FAULT")}, num member init ${countOf(members, "INIT")}`,
    "   VRRP member instances :",
    ...group.members.map((name) => `     ${name}`),
    ...(group.weights ? ["   sync group tracking weight set"] : []),
    `   Using smtp notification = ${group.mail === true ? "yes" : "no"}`,
    ...tracked("Tracked interfaces", tracking.interfaces),
    ...tracked("Tracked scripts", tracking.scripts),
    ...tracked("Tracked files", tracking.files),
    ...tracked("Tracked process", tracking.processes),
    ...tracked("Tracked BFDs", tracking.bfdSessions),
    ...renderPrograms(group.notify),
  ];
}

function tracked(title: string, objects: readonly TrackedObject[]): readonly string[] {
  if (objects.length === 0) return [];
  const items = objects.map(
    ({ name, weight = 0, reverse }) =>
      `     ${name} weight ${weight}${reverse === true ? " reverse" : ""}`,
  );
  return [`   ${title} :`, ...items];
}

function countOf(members: readonly DumpedInstance[], state: VrrpState): number {
  return members.filter(({ status }) => status.state === state).length;
}

/** Members are MASTER together; otherwise the worst state counts. */
function stateOfGroup(members: readonly DumpedInstance[]): VrrpState {
  for (const state of ["FAULT", "INIT", "BACKUP"] as const)
    if (countOf(members, state) > 0) return state;
  return members.length === 0 ? "INIT" : "MASTER";
}
