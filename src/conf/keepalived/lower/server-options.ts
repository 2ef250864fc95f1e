// What virtual servers and real servers say beside their scheduling and weights.

import type {
  ForwardingMethod,
  FullNatSettings,
  RealServerOptions,
  TunnelSettings,
  VirtualServerOptions,
} from "../../../model/virtual-server.ts";
import { keywordOf, type Section, type Setting, settingOf } from "../section.ts";
import { programFor } from "./programs.ts";
import {
  asAddress,
  asForwarding,
  asNumber,
  flagOf,
  given,
  numberOf,
  textOf,
} from "./setting-values.ts";

const schedulerFlags: Readonly<Record<string, number>> = {
  "flag-1": 1,
  "sh-fallback": 1,
  "mh-fallback": 1,
  "flag-2": 2,
  "sh-port": 2,
  "mh-port": 2,
  "flag-3": 3,
};

/** Keywords of virtual servers that have options; others need not be looked for. */
const ofVirtualServers: ReadonlySet<string> = new Set([
  ...Object.keys(schedulerFlags),
  ...["persistence_engine", "persistence_across_group", "ha_suspend", "quorum_up", "quorum_down"],
  ...["smtp_alert", "snmp_name", "drain_time"],
]);

const ofRealServers: ReadonlySet<string> = new Set([
  ...["alpha", "notify_up", "notify_down", "smtp_alert", "snmp_name"],
]);

/** The options of a virtual server; undefined when it has none. */
export function virtualServerOptionsOf(
  section: Section,
  group?: string,
): VirtualServerOptions | undefined {
  if (group === undefined && !hasAny(section, ofVirtualServers)) return undefined;
  const flags = schedulerFlagsOf(section);
  return filled({
    ...given({
      group,
      schedulerFlags: flags.length === 0 ? undefined : [...new Set(flags)].sort(),
      persistenceEngine: textOf(section, "persistence_engine"),
      drainTimeMs: numberOf(section, "drain_time") || undefined,
      persistenceAcrossGroup: flagOf(section, "persistence_across_group"),
      tunnel: tunnelOf(settingOf(section, "lb_kind")),
      suspendWithoutAddress: flagOf(section, "ha_suspend"),
      quorumUp: programFor(section, "quorum_up"),
      quorumDown: programFor(section, "quorum_down"),
      mail: flagOf(section, "smtp_alert"),
      snmpName: textOf(section, "snmp_name"),
    }),
  });
}

/** The options of a real server; undefined when it has none. */
export function realServerOptionsOf(section: Section): RealServerOptions | undefined {
  if (!hasAny(section, ofRealServers)) return undefined;
  return filled({
    ...given({
      alpha: flagOf(section, "alpha"),
      up: programFor(section, "notify_up"),
      down: programFor(section, "notify_down"),
      mail: flagOf(section, "smtp_alert"),
      snmpName: textOf(section, "snmp_name"),
    }),
  });
}

/** True for a section with one of these keywords, or with a method that says more than its name. */
function hasAny(section: Section, keywords: ReadonlySet<string>): boolean {
  return section.settings.some(
    (setting) => setting.options !== undefined || keywords.has(keywordOf(setting)),
  );
}

/** Flags by the number; those of `sh` and `mh` count below their scheduler only, as with keepalived (rule L51). */
function schedulerFlagsOf(section: Section): readonly number[] {
  const flags = new Set<number>();
  let scheduler = "wlc";
  for (const setting of section.settings) {
    const name = keywordOf(setting);
    if (name === "lb_algo" || name === "lvs_sched") {
      const value = setting.values[0];
      if (typeof value === "string") scheduler = value;
    }
    const flag = schedulerFlags[name];
    if (flag !== undefined && (name.startsWith("flag-") || name.startsWith(`${scheduler}-`)))
      flags.add(flag);
  }
  return [...flags].toSorted();
}

/**
 * How a method speaks to the server: what stands behind it where it is written last, at the server or at the virtual
 * server.
 */
export function methodOptionsOf(
  forwarding: ForwardingMethod,
  ...written: readonly (Setting | undefined)[]
): { readonly tunnel?: TunnelSettings; readonly fullNat?: FullNatSettings } {
  const setting = written.find((one) => asForwarding(one?.values[0]) !== undefined);
  if (setting === undefined || setting.values[0] !== forwarding) return {};
  if (forwarding === "TUN") return given({ tunnel: tunnelOf(setting) });
  return forwarding === "FULLNAT" ? given({ fullNat: fullNatOf(setting) }) : {};
}

function fullNatOf({ options = [] }: Setting): FullNatSettings | undefined {
  const sources = options.flatMap(({ name, values }) =>
    name === "source" ? (asAddress(values[0]) ?? []) : [],
  );
  const way = options.find(({ name }) => name === "client")?.values[0];
  const tellsClient = way === "tcp-option" || way === "proxy-protocol" ? way : "nothing";
  if (sources.length === 0 && tellsClient === "nothing") return undefined;
  return { sources, tellsClient };
}

/** How a TUN method wraps packets; undefined when nothing but the method is written. */
function tunnelOf(setting: Setting | undefined): TunnelSettings | undefined {
  const options = setting?.options;
  if (options === undefined || options.length === 0 || setting?.values[0] !== "TUN")
    return undefined;
  const option = (name: string): (typeof options)[number] | undefined =>
    options.find((candidate) => candidate.name === name);
  const type = option("type")?.values[0];
  const sum = option("csum") ? "full" : option("remcsum") ? "remote" : "none";
  return {
    type: type === "gue" || type === "gre" ? type : "ipip",
    ...given({ port: asNumber(option("port")?.values[0]) }),
    checksum: sum,
  };
}

function filled<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
