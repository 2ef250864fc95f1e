// One instance in the dump that keepalived writes on SIGUSR1.

import type { TrackedObject } from "../../model/tracking.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { masterDownMs } from "../../vrrp/timers.ts";
import {
  advertInterface,
  type DumpedInstance,
  maskedPassword,
  settingsOf,
  shownAddresses,
  wantedState,
} from "./instance-facts.ts";
import { printKeepalivedTime } from "./printed-time.ts";
import { renderPrograms } from "./render-programs.ts";
import { showRoute, showRule } from "./shown-addresses.ts";

/** The weight of a tracker where who follows it names none. */
export type OwnWeight = (kind: "script" | "file" | "process" | "bfd", name: string) => number;

/** The lines of one instance. */
export function renderInstanceData(
  instance: DumpedInstance,
  ownWeight: OwnWeight,
): readonly string[] {
  const { config } = instance;
  const { options = {} } = config;
  return [
    ` VRRP Instance = ${config.name}`,
    `   VRRP Version = ${config.version}`,
    ...(options.syncGroup === undefined ? [] : [`   Sync group = ${options.syncGroup}`]),
    ...(config.family === 6 ? ["   Using Native IPv6"] : []),
    ...renderState(instance),
    ...renderInterface(config),
    ...renderTimers(instance),
    ...renderAuthentication(config),
    ...renderAddresses(instance),
    ...renderUnicast(config),
    ...listOf(
      "Virtual Routes",
      (options.routes ?? []).map((route) => showRoute(route)),
    ),
    ...listOf(
      "Virtual Rules",
      (options.rules ?? []).map((rule) => showRule(rule)),
    ),
    ...renderTracking(config, ownWeight),
    `   Using smtp notification = ${options.mail === true ? "yes" : "no"}`,
    `   Notify deleted = ${options.notify?.deleted === undefined ? "Fault" : "Deleted"}`,
    ...renderPrograms(options.notify ?? {}),
    `   Notify priority changes = ${options.notifyPriorityChanges === true}`,
  ];
}

function listOf(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`   ${title} :`, ...items.map((item) => `     ${item}`)];
}

function renderState(instance: DumpedInstance): readonly string[] {
  const { config, status } = instance;
  const { version } = config;
  const unicast = config.options?.unicast;
  const masterIntervalMs = status.advertIntervalCs * 10;
  const downMs = masterDownMs(
    version,
    status.priority,
    masterIntervalMs,
    config.options?.downTimerAdverts,
  );
  const backup =
    status.state === "BACKUP"
      ? [
          `   Master router = ${status.master?.address ?? (config.family === 6 ? "::" : "0.0.0.0")}`,
          `   Master priority = ${status.master?.priority ?? 0}`,
          ...(version === 3
            ? [`   Master advert int = ${(masterIntervalMs / 1000).toFixed(2)} sec`]
            : []),
        ]
      : [];
  return [
    `   State = ${status.state}`,
    ...backup,
    ...(unicast === undefined ? ["   Flags: none"] : ["   Flags:", "     Using unicast"]),
    `   Wantstate = ${wantedState(instance)}`,
    `   Number of interface and track script faults = ${status.state === "FAULT" ? 1 : 0}`,
    `   Number of track scripts init = ${status.trackers.filter(({ up }) => up === null).length}`,
    `   Last transition = ${printKeepalivedTime(status.sinceMs)}`,
    `   Cause = ${status.cause.text}`,
    `   Master down timer = ${Math.round(downMs * 1000)} usecs`,
  ];
}

function renderInterface(config: VrrpInstance): readonly string[] {
  const { options = {} } = config;
  const { name, base } = advertInterface(config);
  const what = options.virtualMac === undefined ? "ipvlan" : "vmac";
  const source = config.sourceAddress ?? options.unicast?.source;
  return [
    ...(options.virtualMac === undefined
      ? []
      : [
          `   Use VMAC, i/f name ${name}, xmit_base = ${options.virtualMac.transmitFromBase}`,
          ...(options.virtualMac.mac === undefined ? [] : [`     MAC = ${options.virtualMac.mac}`]),
        ]),
    ...(options.ipvlan === undefined ? [] : [`   Use IPVLAN, i/f ${name}`]),
    `   Interface = ${name}${base === undefined ? "" : `, ${what} on ${base}`}`,
    ...(options.vrf === undefined ? [] : [`   VRF = ${options.vrf}`]),
    ...(options.trackOwnInterface === false ? ["   VRRP interface tracking disabled"] : []),
    ...(options.skipCheckOfAddresses === true ? ["   Skip checking advert IP addresses"] : []),
    ...(options.strict === true ? ["   Enforcing strict VRRP compliance"] : []),
    ...(source === undefined ? [] : [`   Using src_ip = ${source} (from configuration)`]),
    ...(options.unicast === undefined ? [`   Multicast address ${config.multicastGroup}`] : []),
  ];
}

function renderTimers({ config, status }: DumpedInstance): readonly string[] {
  const { garp, options = {}, version } = config;
  const settings = settingsOf(config);
  const onOff = (value: boolean): string => (value ? "enabled" : "disabled");
  const extra = options.garpExtraInterfaces;
  return [
    `   Gratuitous ARP delay = ${Math.floor(garp.delayMs / 1000)}`,
    `   Gratuitous ARP repeat = ${garp.repeat}`,
    `   Gratuitous ARP refresh = ${Math.floor(garp.refreshMs / 1000)}`,
    `   Gratuitous ARP refresh repeat = ${garp.refreshRepeat}`,
    `   Gratuitous ARP lower priority delay = ${settings.lowerPriorityDelayS}`,
    `   Gratuitous ARP lower priority repeat = ${settings.lowerPriorityRepeat}`,
    `   Down timer adverts = ${settings.downTimerAdverts}`,
    ...(extra === undefined || extra.everyMs === 0
      ? []
      : [
          `   Gratuitous ARP for each secondary ${extra.all ? "i/f" : "VMAC"} = ${extra.everyMs / 1000}`,
        ]),
    `   Send advert after receive lower priority advert = ${!settings.lowerPriorityNoAdvert}`,
    `   Send advert after receive higher priority advert = ${options.higherPrioritySendAdvert === true}`,
    `   Virtual Router ID = ${config.vrid}`,
    `   Priority = ${config.priority}`,
    `   Effective priority = ${status.priority}`,
    `   Advert interval = ${interval(version, config.advertIntervalCs)}`,
    ...(version === 3 && status.state === "BACKUP"
      ? [`   Master advert interval = ${interval(version, status.advertIntervalCs)}`]
      : []),
    `   Accept = ${onOff(settings.accept)}`,
    `   Preempt = ${onOff(config.preempt)}`,
    ...(config.preemptDelayMs === 0
      ? []
      : [`   Preempt delay = ${config.preemptDelayMs / 1000} secs`]),
    `   Promote_secondaries = ${onOff(options.promoteSecondaries === true)}`,
  ];
}

function interval(version: 2 | 3, intervalCs: number): string {
  return version === 2 ? `${Math.floor(intervalCs / 100)} sec` : `${intervalCs * 10} milli-sec`;
}

function renderAuthentication({ authentication, version }: VrrpInstance): readonly string[] {
  const type: string = authentication.type;
  if (type === "AH") return ["   Authentication type = IPSEC_AH"];
  if (type === "PASS")
    return ["   Authentication type = SIMPLE_PASSWORD", `   Password = ${maskedPassword}`];
  return version === 2 ? ["   Authentication type = none"] : [];
}

function renderAddresses(instance: DumpedInstance): readonly string[] {
  const { virtualAddresses, excludedAddresses } = instance.config;
  const lines = (addresses: typeof virtualAddresses): readonly string[] =>
    shownAddresses(instance, addresses).map((address) => `     ${address}`);
  return [
    ...(virtualAddresses.length === 0 ? [] : [`   Virtual IP (${virtualAddresses.length}):`]),
    ...lines(virtualAddresses),
    ...(excludedAddresses.length === 0 ? [] : ["   Virtual IP Excluded :"]),
    ...lines(excludedAddresses),
  ];
}

function renderUnicast({ options }: VrrpInstance): readonly string[] {
  const unicast = options?.unicast;
  if (unicast === undefined) return [];
  return [
    `   Unicast TTL = ${unicast.ttl}`,
    `   Check unicast src : ${unicast.checkSource ? "yes" : "no"}`,
    "   Unicast Peer :",
    ...unicast.peers.map(
      ({ address, ttlMin = 0, ttlMax = 255 }) =>
        `     ${address} min_ttl ${ttlMin} max_ttl ${ttlMax}`,
    ),
  ];
}

function renderTracking(config: VrrpInstance, ownWeight: OwnWeight): readonly string[] {
  const { options = {} } = config;
  const weighted = (
    kind: Parameters<OwnWeight>[0],
    objects: readonly TrackedObject[] | undefined,
    between: string,
  ): readonly string[] =>
    (objects ?? []).map(
      ({ name, weight = ownWeight(kind, name), reverse }) =>
        `${name}${between} weight ${weight}${reverse === true ? " reverse" : ""}`,
    );
  const scripts = config.trackedScripts.map(({ script: name, ...rest }) => ({ name, ...rest }));
  return [
    ...listOf(
      "Tracked interfaces",
      config.trackedInterfaces
        .filter((track) => track.interface !== config.interface)
        .map((track) => `${track.interface} weight ${track.weight}`),
    ),
    ...listOf("Tracked scripts", weighted("script", scripts, "")),
    ...listOf("Tracked files", weighted("file", options.trackedFiles, ",")),
    ...listOf("Tracked processes", weighted("process", options.trackedProcesses, ",")),
    ...listOf("Tracked BFDs", weighted("bfd", options.trackedBfdSessions, ":")),
  ];
}
