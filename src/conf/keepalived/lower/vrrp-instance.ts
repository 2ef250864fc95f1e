// vrrp_instance: what is written. What it means together is in finish-vrrp-instance.ts.

import type { IpAddress } from "../../../base/address.ts";
import type { InitialState } from "../../../model/vrrp-instance.ts";
import type { Span } from "../../text/diagnostic.ts";
import { spanAt } from "../reading.ts";
import {
  type Entry,
  keywordOf,
  type Section,
  type Setting,
  settingOf,
  settingsOf,
} from "../section.ts";
import { lowerAddresses, type PlacedAddress } from "./address-lines.ts";
import { type AuthenticationDraft, lowerAuthentication } from "./authentication.ts";
import { type GarpDraft, garpOf } from "./garp.ts";
import { addressOf, numberOf, textOf } from "./setting-values.ts";
import { lowerTracks, type TrackLine } from "./track-lines.ts";

/** A vrrp_instance as written. */
export interface InstanceDraft extends GarpDraft {
  readonly section: Section;
  readonly name: string;
  readonly nameSpan: Span;
  /** True when a priority is written, even one that cannot be used. */
  readonly namesPriority: boolean;
  readonly state?: InitialState | undefined;
  readonly interface?: string | undefined;
  readonly vrid?: number | undefined;
  readonly version?: 2 | 3 | undefined;
  readonly priority?: number | undefined;
  /** As written, in seconds. */
  readonly advertIntervalS?: number | undefined;
  readonly authentication?: AuthenticationDraft | undefined;
  readonly nopreempt: boolean;
  readonly preemptDelayMs?: number | undefined;
  readonly sourceAddress?: IpAddress | undefined;
  readonly multicastGroup?: IpAddress | undefined;
  readonly addresses: readonly PlacedAddress[];
  readonly excluded: readonly PlacedAddress[];
  readonly trackedScripts: readonly TrackLine[];
  readonly trackedInterfaces: readonly TrackLine[];
}

/** Reads one vrrp_instance; undefined when it has no name. */
export function lowerInstance(setting: Setting): InstanceDraft | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  if (section === undefined || name === undefined) return undefined;
  const authentication = settingOf(section, "authentication");
  const advertMs = numberOf(section, "advert_int");
  return {
    section,
    name,
    nameSpan: spanAt(line, 1),
    namesPriority: settingOf(section, "priority") !== undefined,
    state: stateOf(textOf(section, "state")),
    interface: textOf(section, "interface"),
    vrid: numberOf(section, "virtual_router_id"),
    version: versionOf(textOf(section, "version")),
    priority: numberOf(section, "priority"),
    advertIntervalS: advertMs === undefined ? undefined : advertMs / 1000,
    authentication: authentication === undefined ? undefined : lowerAuthentication(authentication),
    nopreempt: nopreemptOf(section),
    preemptDelayMs: numberOf(section, "preempt_delay"),
    sourceAddress: addressOf(section, "mcast_src_ip"),
    multicastGroup: addressOf(section, "mcast_dst_ip"),
    addresses: lowerAddresses(entriesOf(section, "virtual_ipaddress")),
    excluded: lowerAddresses(entriesOf(section, "virtual_ipaddress_excluded")),
    trackedScripts: lowerTracks(entriesOf(section, "track_script")),
    trackedInterfaces: lowerTracks(entriesOf(section, "track_interface")),
    ...garpOf(section, ""),
  };
}

/** The lines of all blocks of one keyword. */
export function entriesOf(section: Section, keyword: string): readonly Entry[] {
  return settingsOf(section, keyword).flatMap(({ entries }) => entries ?? []);
}

/** The version of a `version` or `vrrp_version`. */
export function versionOf(text: string | undefined): 2 | 3 | undefined {
  if (text === undefined) return undefined;
  return text === "3" ? 3 : 2;
}

function stateOf(text: string | undefined): InitialState | undefined {
  return text === "MASTER" || text === "BACKUP" ? text : undefined;
}

/** `preempt` and `nopreempt` undo each other: the last one counts. */
function nopreemptOf(section: Section): boolean {
  let nopreempt = false;
  for (const setting of section.settings) {
    const keyword = keywordOf(setting);
    if (keyword === "nopreempt") nopreempt = true;
    else if (keyword === "preempt") nopreempt = false;
  }
  return nopreempt;
}
