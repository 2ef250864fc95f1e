// Our model -> the same facts as the dumps of keepalived give.

import { familyOf } from "../../src/base/address.ts";
import { type Section, settingOf, settingsOf } from "../../src/conf/keepalived/section.ts";
import type { Configuration } from "../../src/conf/rules/rule.ts";
import type { PlannedCheck } from "../../src/model/check.ts";
import {
  endpointName,
  type HealthCheck,
  type RealServer,
  type VirtualServer,
} from "../../src/model/virtual-server.ts";
import type { VirtualAddress, VrrpInstance, VrrpScript } from "../../src/model/vrrp-instance.ts";
import type { Facts } from "./facts.ts";

/** The facts of a configuration, in keepalived's terms. */
export function factsOfConfiguration(configuration: Configuration): Facts {
  const facts = new Map<string, string>();
  const groups = groupsOf(configuration.root);
  const weights = new Map(configuration.scripts.map(({ value }) => [value.name, value.weight]));
  for (const { value } of configuration.instances) readInstance(value, groups, weights, facts);
  for (const script of configuration.scripts) readScript(script.value, facts);
  for (const [name, members] of groups)
    set(facts, `sync group ${name}: members`, members.toSorted().join(", "));
  for (const { value } of configuration.virtualServers)
    readVirtualServer(value, namesOf(value), facts);
  for (const { group, server } of configuration.model.groupServers ?? []) {
    const name = `[${group}]:0`;
    readVirtualServer(server, { name: `group ${name}`, checked: name, port: 0 }, facts);
  }
  return facts;
}

function set(facts: Map<string, string>, fact: string, value: string | number | undefined): void {
  if (value !== undefined && value !== "") facts.set(fact, String(value));
}

function groupsOf(root: Section): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const group of settingsOf(root, "vrrp_sync_group")) {
    const members = group.section && settingOf(group.section, "group");
    const names = (members?.entries ?? []).map((entry) => String(entry.leading[0]));
    groups.set(String(group.values[0]), names);
  }
  return groups;
}

function readInstance(
  value: VrrpInstance,
  groups: ReadonlyMap<string, readonly string[]>,
  weights: ReadonlyMap<string, number>,
  facts: Map<string, string>,
): void {
  const instance = `instance ${value.name}`;
  set(facts, `${instance}: version`, value.version);
  set(facts, `${instance}: interface`, value.interface);
  set(facts, `${instance}: virtual_router_id`, value.vrid);
  set(facts, `${instance}: priority`, value.priority);
  set(facts, `${instance}: advert_int`, value.advertIntervalCs * 10);
  set(facts, `${instance}: preempt`, value.preempt ? "enabled" : "disabled");
  set(facts, `${instance}: preempt_delay`, value.preemptDelayMs || undefined);
  if (value.version === 2) {
    const types = { none: "none", PASS: "SIMPLE_PASSWORD", AH: "IPSEC_AH" };
    set(facts, `${instance}: auth_type`, types[value.authentication.type]);
  }
  if (value.authentication.type === "PASS")
    set(facts, `${instance}: auth_pass`, value.authentication.password);
  const group = [...groups].find(([, members]) => members.includes(value.name));
  set(facts, `${instance}: sync group`, group?.[0]);
  set(facts, `${instance}: source address`, value.options?.unicast?.source ?? value.sourceAddress);
  set(facts, `${instance}: garp_master_delay`, value.garp.delayMs / 1000);
  set(facts, `${instance}: garp_master_repeat`, value.garp.repeat);
  set(facts, `${instance}: garp_master_refresh`, value.garp.refreshMs / 1000);
  set(facts, `${instance}: garp_master_refresh_repeat`, value.garp.refreshRepeat);
  const shown = (address: VirtualAddress): string => addressFact(address, value.interface);
  set(facts, `${instance}: addresses`, value.virtualAddresses.map(shown).toSorted().join(", "));
  const excluded = value.excludedAddresses.map(shown).toSorted().join(", ");
  set(facts, `${instance}: excluded addresses`, excluded);
  const scripts = value.trackedScripts.map(({ script, weight }) =>
    trackFact(script, weight ?? weights.get(script)),
  );
  set(facts, `${instance}: tracked scripts`, scripts.toSorted().join(", "));
  // keepalived leaves the instance's own interface out, because it follows that one in any case.
  const interfaces = value.trackedInterfaces
    .filter((track) => track.interface !== value.interface)
    .map((track) => trackFact(track.interface, track.weight));
  set(facts, `${instance}: tracked interfaces`, interfaces.toSorted().join(", "));
  const peers = (value.options?.unicast?.peers ?? []).map(({ address }) => address);
  set(facts, `${instance}: unicast peers`, peers.toSorted().join(", "));
}

function addressFact(address: VirtualAddress, ownInterface: string): string {
  const { prefixLength, scope, label, broadcast } = address;
  const whole = prefixLength === (familyOf(address.address) === 4 ? 32 : 128);
  const scopes: Readonly<Record<number, string>> = { 200: "site", 253: "link", 254: "host" };
  return [
    whole ? address.address : `${address.address}/${prefixLength}`,
    ...(broadcast === undefined ? [] : [`brd ${broadcast}`]),
    `dev ${address.interface ?? ownInterface}`,
    ...(isPlainScope(address) ? [] : [`scope ${scopes[scope ?? 0] ?? scope}`]),
    ...(label === undefined ? [] : [`label ${label}`]),
  ].join(" ");
}

/** keepalived's dump shows scopes of IPv4 addresses only. */
function isPlainScope({ address, scope = 0 }: VirtualAddress): boolean {
  return scope === 0 || familyOf(address) === 6;
}

function trackFact(name: string, weight: number | undefined): string {
  return weight === undefined || weight === 0 ? name : `${name} weight ${weight}`;
}

function readScript(value: VrrpScript, facts: Map<string, string>): void {
  const script = `script ${value.name}`;
  set(facts, `${script}: command`, value.command.join(" "));
  set(facts, `${script}: interval`, value.intervalMs);
  set(facts, `${script}: weight`, value.weight);
  set(facts, `${script}: rise`, value.rise);
  set(facts, `${script}: fall`, value.fall);
}

/** What a virtual server is called in the two kinds of facts, and its port. */
interface ServerNames {
  readonly name: string;
  readonly checked: string;
  readonly port: number;
}

function namesOf({ key }: VirtualServer): ServerNames {
  if (key.kind === "fwmark")
    return { name: `FWM ${key.fwmark}`, checked: `FWM ${key.fwmark}`, port: 0 };
  const { address, port, protocol } = key;
  return {
    name: `${protocol} ${endpointName(address, port)}`,
    checked: `${protocol.toLowerCase()} ${address}:${port}`,
    port,
  };
}

function readVirtualServer(
  value: VirtualServer,
  { name, checked, port }: ServerNames,
  facts: Map<string, string>,
): void {
  const server = `virtual server ${name}`;
  set(facts, `${server}: lvs_sched`, value.scheduler);
  set(facts, `${server}: persistence`, value.persistenceTimeoutS || undefined);
  set(facts, `${server}: alpha`, value.alpha ? "ON" : "OFF");
  set(facts, `${server}: omega`, value.omega ? "ON" : "OFF");
  set(facts, `${server}: quorum`, value.quorum);
  set(facts, `${server}: hysteresis`, value.hysteresis);
  set(facts, `${server}: ops`, value.onePacket ? "enabled" : "disabled");
  const sorry = value.sorryServer;
  if (sorry !== undefined)
    set(facts, `${server}: sorry server`, endpointName(sorry.address, sorry.port || port));
  for (const real of value.realServers) readRealServer(real, { server, checked, port }, facts);
}

interface Around {
  /** Names of the virtual server in both kinds of facts, and its port. */
  readonly server: string;
  readonly checked: string;
  readonly port: number;
}

function readRealServer(real: RealServer, around: Around, facts: Map<string, string>): void {
  const { server, checked, port } = around;
  const at = endpointName(real.address, real.port || port);
  const said = [
    `weight ${real.weight}`,
    real.forwarding,
    ...(real.upperThreshold === 0 ? [] : [`uthreshold ${real.upperThreshold}`]),
    ...(real.lowerThreshold === 0 ? [] : [`lthreshold ${real.lowerThreshold}`]),
    ...(real.inhibitOnFailure ? ["inhibit_on_failure"] : []),
  ];
  set(facts, `${server}: real server ${at}`, said.join(" "));
  [...real.checks, ...(real.plannedChecks ?? [])].forEach((written, i) => {
    const { kind, timing } = written;
    const check = `check of ${checked} -> ${at}${i === 0 ? "" : ` (${i + 1})`}`;
    set(facts, `${check}: kind`, kind);
    set(facts, `${check}: delay_loop`, timing.delayLoopMs);
    set(facts, `${check}: retry`, timing.retries);
    set(facts, `${check}: delay_before_retry`, timing.delayBeforeRetryMs);
    // keepalived shows no time limit of programs here.
    if (kind !== "MISC_CHECK") set(facts, `${check}: connect_timeout`, timing.connectTimeoutMs);
    set(facts, `${check}: target`, targetOf(written, port));
  });
}

function targetOf(check: HealthCheck | PlannedCheck, port: number): string | undefined {
  if (check.kind === "PING_CHECK") return endpointName(check.address, port);
  if (!("target" in check)) return undefined;
  return endpointName(check.target.address, check.target.port || port);
}
