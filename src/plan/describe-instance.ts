// Changes of VRRP instances as lines of text, in the words of keepalived.conf. Passwords are not told.

import type { TrackedScript, VirtualAddress, VrrpInstance } from "../model/vrrp-instance.ts";
import { describeOptions } from "./describe-options.ts";
import type { InstanceOperation, InstanceSetting } from "./diff-instances.ts";

/** One line for each thing that the operation changes: `VI_1: priority 100 -> 90`. */
export function describeInstanceOperation(operation: InstanceOperation): readonly string[] {
  switch (operation.kind) {
    case "add-instance": {
      const { name, vrid, interface: device } = operation.instance;
      return [`${name}: added, VRID ${vrid} on ${device}`];
    }
    case "remove-instance":
      return [`${operation.before.name}: removed`];
    case "change-instance": {
      const { before, instance, settings } = operation;
      return settings
        .flatMap((setting) => describeSetting(setting, before, instance))
        .map((text) => `${instance.name}: ${text}`);
    }
  }
}

function describeSetting(
  setting: InstanceSetting,
  before: VrrpInstance,
  after: VrrpInstance,
): readonly string[] {
  switch (setting) {
    case "virtualAddresses":
    case "excludedAddresses":
    case "trackedScripts":
    case "trackedInterfaces":
      return describeList(setting, before, after);
    case "garp":
      return describeGarp(before, after);
    case "authentication":
      return [describeAuthentication(before, after)];
    case "options":
      return describeOptions(before.options, after.options);
    default:
      return [`${keywords[setting]} ${plainText(setting, before)} -> ${plainText(setting, after)}`];
  }
}

type ListSetting =
  | "virtualAddresses"
  | "excludedAddresses"
  | "trackedScripts"
  | "trackedInterfaces";
type PlainSetting = Exclude<InstanceSetting, ListSetting | "garp" | "authentication" | "options">;

const keywords: Readonly<Record<PlainSetting | ListSetting, string>> = {
  name: "name",
  interface: "interface",
  vrid: "virtual_router_id",
  version: "version",
  family: "native_ipv6",
  initialState: "state",
  priority: "priority",
  advertIntervalCs: "advert_int",
  preempt: "preempt",
  preemptDelayMs: "preempt_delay",
  sourceAddress: "mcast_src_ip",
  multicastGroup: "vrrp_mcast_group",
  virtualAddresses: "virtual_ipaddress",
  excludedAddresses: "virtual_ipaddress_excluded",
  trackedScripts: "track_script",
  trackedInterfaces: "track_interface",
};

function plainText(setting: PlainSetting, instance: VrrpInstance): string {
  const value = instance[setting];
  switch (setting) {
    case "advertIntervalCs":
      return `${instance.advertIntervalCs / 100} s`;
    case "preemptDelayMs":
      return `${instance.preemptDelayMs / 1000} s`;
    case "preempt":
      return instance.preempt ? "on" : "off";
    default:
      return value === undefined ? "none" : String(value);
  }
}

/** `virtual_ipaddress + 10.0.0.5/24, - 10.0.0.4/24`: what comes and what goes. */
function describeList(
  setting: ListSetting,
  before: VrrpInstance,
  after: VrrpInstance,
): readonly string[] {
  const old = listTexts(setting, before);
  const fresh = listTexts(setting, after);
  const changes = [
    ...fresh.filter((text) => !old.includes(text)).map((text) => `+ ${text}`),
    ...old.filter((text) => !fresh.includes(text)).map((text) => `- ${text}`),
  ];
  return [`${keywords[setting]} ${changes.length === 0 ? "in another order" : changes.join(", ")}`];
}

function listTexts(setting: ListSetting, instance: VrrpInstance): readonly string[] {
  switch (setting) {
    case "virtualAddresses":
    case "excludedAddresses":
      return instance[setting].map(addressText);
    case "trackedScripts":
      return instance.trackedScripts.map(scriptText);
    case "trackedInterfaces":
      return instance.trackedInterfaces.map((one) => `${one.interface} weight ${one.weight}`);
  }
}

function addressText(one: VirtualAddress): string {
  const words = [`${one.address}/${one.prefixLength}`];
  if (one.interface !== undefined) words.push(`dev ${one.interface}`);
  if (one.label !== undefined) words.push(`label ${one.label}`);
  if (one.broadcast !== undefined) words.push(`brd ${one.broadcast}`);
  if (one.scope !== undefined) words.push(`scope ${one.scope}`);
  return words.join(" ");
}

function scriptText(one: TrackedScript): string {
  return one.weight === undefined ? one.script : `${one.script} weight ${one.weight}`;
}

function describeGarp(before: VrrpInstance, after: VrrpInstance): readonly string[] {
  const lines: string[] = [];
  const tell = (keyword: string, old: number, fresh: number, unit: string): void => {
    if (old !== fresh) lines.push(`${keyword} ${old}${unit} -> ${fresh}${unit}`);
  };
  const a = before.garp;
  const b = after.garp;
  tell("garp_master_delay", a.delayMs / 1000, b.delayMs / 1000, " s");
  tell("garp_master_repeat", a.repeat, b.repeat, "");
  tell("garp_master_refresh", a.refreshMs / 1000, b.refreshMs / 1000, " s");
  tell("garp_master_refresh_repeat", a.refreshRepeat, b.refreshRepeat, "");
  return lines;
}

function describeAuthentication(before: VrrpInstance, after: VrrpInstance): string {
  const old = before.authentication.type;
  const fresh = after.authentication.type;
  return old === fresh
    ? `authentication ${fresh}: another password`
    : `authentication ${old} -> ${fresh}`;
}
