// What virtual servers and real servers say beyond what Keelson acts on.

import type {
  RealServerOptions,
  TunnelSettings,
  VirtualServerOptions,
} from "../../../model/virtual-server.ts";
import { keywordOf, type Section, type Setting, settingOf } from "../section.ts";
import { programFor } from "./programs.ts";
import { asNumber, flagOf, given, textOf } from "./setting-values.ts";

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
  ...["persistence_engine", "ha_suspend", "quorum_up", "quorum_down", "smtp_alert", "snmp_name"],
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
  const flags = section.settings.flatMap(({ spec }) => schedulerFlags[spec.name] ?? []);
  return filled({
    ...given({
      group,
      schedulerFlags: flags.length === 0 ? undefined : [...new Set(flags)].sort(),
      persistenceEngine: textOf(section, "persistence_engine"),
      tunnel: tunnelOf(settingOf(section, "lb_kind")),
      sorryTunnel: tunnelOf(settingOf(section, "sorry_server_lvs_method")),
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
      tunnel: tunnelOf(settingOf(section, "lvs_method")),
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
