// global_defs: what holds for the whole director. keepalived.conf(5), "Global definitions".

import type { IpAddress } from "../../../base/address.ts";
import type { AttachChoice, EngineChoice, GlobalSettings } from "../../../model/model.ts";
import { type Section, settingOf } from "../section.ts";
import { type GarpDraft, garpOf } from "./garp.ts";
import { addressOf, flagOf, given, numberOf, textOf } from "./setting-values.ts";
import { versionOf } from "./vrrp-instance.ts";

/** What instances take from global_defs. */
export interface GlobalDraft extends GarpDraft {
  readonly version?: 2 | 3 | undefined;
  readonly multicastGroup4?: IpAddress | undefined;
  readonly multicastGroup6?: IpAddress | undefined;
  readonly strict?: boolean | undefined;
}

/** Enough for a million clients; an entry takes about 100 bytes of kernel memory. */
const connectionsDefault = 1_048_576;

/** Reads the defaults of instances. */
export function lowerGlobal(section: Section): GlobalDraft {
  return {
    version: versionOf(textOf(section, "vrrp_version")),
    multicastGroup4: addressOf(section, "vrrp_mcast_group4"),
    multicastGroup6: addressOf(section, "vrrp_mcast_group6"),
    strict: flagOf(section, "vrrp_strict"),
    ...garpOf(section, "vrrp_"),
  };
}

/** The settings with their defaults. */
export function globalSettingsOf(section: Section): GlobalSettings {
  const interfaces = settingOf(section, "lb_interfaces")?.line.words.slice(1);
  return {
    ...given({ routerId: textOf(section, "router_id") }),
    engine: engineOf(textOf(section, "lb_engine")),
    attach: attachOf(textOf(section, "lb_attach")),
    ...(interfaces === undefined ? {} : { interfaces: interfaces.map(({ text }) => text) }),
    connectionsMax: numberOf(section, "lb_connections") ?? connectionsDefault,
    ...given({
      vrrpRealtimePriority: numberOf(section, "vrrp_rt_priority"),
      vrrpNice: numberOf(section, "vrrp_priority"),
    }),
  };
}

function engineOf(text: string | undefined): EngineChoice {
  return text === "ipvs" || text === "xdp" || text === "model" ? text : "auto";
}

function attachOf(text: string | undefined): AttachChoice {
  return text === "native" || text === "tc" || text === "generic" ? text : "auto";
}
