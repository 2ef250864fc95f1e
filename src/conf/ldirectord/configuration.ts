// ldirectord.cf as a value: what is written, validated, with its places. What it asks of a director is said in
// `translate.ts`.

import type { Family, IpAddress } from "../../base/address.ts";
import type { SchedulerName } from "../../model/virtual-server.ts";
import type { Span } from "../text/diagnostic.ts";
import type { ServiceName } from "./services.ts";

/** A host by address, or by a name that is looked up when the file is loaded. */
export type Host =
  | { readonly kind: "address"; readonly address: IpAddress }
  | { readonly kind: "name"; readonly name: string };

/** ldirectord's words: `gate` is DR, `masq` is NAT, `ipip` is TUN. */
export type ForwardingWord = "gate" | "masq" | "ipip";

/** What stands behind `virtual=`. */
export type VirtualTarget =
  | { readonly kind: "endpoint"; readonly host: Host; readonly port: number }
  | { readonly kind: "fwmark"; readonly fwmark: number };

/** What stands behind `real=`: one server, or all from `host` to `last`. */
export interface RealLine {
  readonly host: Host;
  /** Inclusive end of a range; IPv4 only. */
  readonly last?: Host;
  /** 0: not written. */
  readonly port: number;
  readonly forwarding: ForwardingWord;
  /** Absent: not written, 1 counts. */
  readonly weight?: number;
  readonly request?: string;
  readonly receive?: string;
  readonly lowerThreshold?: number;
  readonly upperThreshold?: number;
}

/** What stands behind `fallback=`. */
export interface FallbackLine {
  readonly host: Host;
  /** Absent: the port of the virtual server. */
  readonly port?: number;
  readonly forwarding?: ForwardingWord;
}

/** How servers are checked; `combined`: connects, and negotiates at every n-th time. */
export type CheckType =
  | { readonly kind: CheckTypeWord }
  | { readonly kind: "combined"; readonly negotiateEvery: number };

export type CheckTypeWord =
  | "connect"
  | "negotiate"
  | "ping"
  | "off"
  | "on"
  | "external"
  | "external-perl";

/** What each directive says. Times are in seconds, as written. */
export interface DirectiveValues {
  readonly checktimeout: number;
  readonly negotiatetimeout: number;
  readonly checkinterval: number;
  readonly checkcount: number;
  readonly failurecount: number;
  readonly autoreload: boolean;
  readonly callback: string;
  readonly fallback: FallbackLine;
  readonly fallback6: FallbackLine;
  readonly fallbackcommand: string;
  readonly logfile: string;
  readonly emailalert: string;
  readonly emailalertfrom: string;
  readonly emailalertfreq: number;
  readonly emailalertstatus: readonly string[];
  readonly smtp: string;
  readonly execute: string;
  readonly supervised: boolean;
  readonly fork: boolean;
  readonly quiescent: boolean;
  readonly readdquiescent: boolean;
  readonly cleanstop: boolean;
  readonly maintenancedir: string;
  readonly real: RealLine;
  readonly real6: RealLine;
  readonly checktype: CheckType;
  readonly service: ServiceName;
  readonly checkcommand: string;
  readonly checkport: number;
  readonly request: string;
  readonly receive: string;
  readonly httpmethod: "GET" | "HEAD";
  readonly virtualhost: string;
  readonly login: string;
  readonly passwd: string;
  readonly database: string;
  readonly secret: string;
  readonly load: string;
  readonly scheduler: SchedulerName;
  readonly schedflags: readonly string[];
  readonly persistent: number;
  /** `255.255.255.0`, or the length of a prefix. */
  readonly netmask: string;
  readonly protocol: "tcp" | "udp" | "fwm";
  readonly monitorfile: string;
  readonly ops: boolean;
  readonly servicename: string;
  readonly comment: string;
}

export type DirectiveName = keyof DirectiveValues;

/** Comments around a line, without their `#`. */
export interface Comments {
  /** Lines of comment in front of it. */
  readonly above: readonly string[];
  /** Behind it on its line. */
  readonly beside?: string;
}

/** One line `name = value`. */
export interface SettingOf<Name extends DirectiveName> {
  readonly name: Name;
  /** Absent where the value cannot be used; that is reported by then. */
  readonly value?: DirectiveValues[Name];
  readonly nameSpan: Span;
  readonly span: Span;
  readonly comments: Comments;
}

export type Setting = { [Name in DirectiveName]: SettingOf<Name> }[DirectiveName];

/** One `virtual=` with the indented lines under it. */
export interface VirtualSection {
  readonly family: Family;
  /** Absent where it cannot be told whom clients talk to. */
  readonly target?: VirtualTarget;
  /** The text behind `virtual=`. */
  readonly span: Span;
  readonly settings: readonly Setting[];
  readonly comments: Comments;
}

/** A whole file. */
export interface LdirectordConfiguration {
  readonly file: string;
  readonly settings: readonly Setting[];
  readonly virtuals: readonly VirtualSection[];
  /** Comments behind the last line. */
  readonly commentsBelow: readonly string[];
}

/** The line of a directive that counts: the last one with a value. */
export function settingOf<Name extends DirectiveName>(
  settings: readonly Setting[],
  name: Name,
): SettingOf<Name> | undefined {
  return countingLines(settings).get(name) as SettingOf<Name> | undefined;
}

/** Global lines are asked for by every virtual server: they are sorted out once. */
const countingBySettings = new WeakMap<readonly Setting[], ReadonlyMap<DirectiveName, Setting>>();

function countingLines(settings: readonly Setting[]): ReadonlyMap<DirectiveName, Setting> {
  const known = countingBySettings.get(settings);
  if (known !== undefined) return known;
  const counting = new Map<DirectiveName, Setting>();
  for (const setting of settings)
    if (setting.value !== undefined) counting.set(setting.name, setting);
  countingBySettings.set(settings, counting);
  return counting;
}

/** All lines of a directive that have a value. */
export function settingsOf<Name extends DirectiveName>(
  settings: readonly Setting[],
  name: Name,
): readonly SettingOf<Name>[] {
  const isIt = (setting: Setting): boolean => setting.name === name && setting.value !== undefined;
  return settings.filter(isIt) as unknown as readonly SettingOf<Name>[];
}

/** The value that counts. */
export function settingValue<Name extends DirectiveName>(
  settings: readonly Setting[],
  name: Name,
): DirectiveValues[Name] | undefined {
  return settingOf(settings, name)?.value;
}

/** A host as it is written. */
export function nameOf(host: Host): string {
  return host.kind === "address" ? host.address : host.name;
}
