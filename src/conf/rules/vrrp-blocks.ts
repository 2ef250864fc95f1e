// VRRP as it is written: instances, their addresses and peers, sync groups. What the rules about VRRP look through.

import { familyOf, type IpAddress, parseIpAddress } from "../../base/address.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { hasParameter, spanAt } from "../keepalived/reading.ts";
import {
  type Entry,
  type Section,
  type Setting,
  settingOf,
  settingsOf,
  settingValue,
} from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import type { Configuration } from "./rule.ts";

/** One vrrp_instance block; of two with one name only the first is listed. */
export interface WrittenInstance {
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  readonly setting: Setting;
  readonly section: Section;
  /** What it means; absent where it lacks what it cannot run without. */
  readonly value?: VrrpInstance;
}

const known = new WeakMap<Configuration, readonly WrittenInstance[]>();

/** The instances of a file, in the order of the text. */
export function instancesOf(configuration: Configuration): readonly WrittenInstance[] {
  const before = known.get(configuration);
  if (before !== undefined) return before;
  const instances = readInstances(configuration);
  known.set(configuration, instances);
  return instances;
}

function readInstances(configuration: Configuration): readonly WrittenInstance[] {
  const values = new Map(configuration.instances.map(({ value }) => [value.name, value]));
  const found = new Map<string, WrittenInstance>();
  for (const setting of settingsOf(configuration.root, "vrrp_instance")) {
    const { section } = setting;
    const name = setting.line.words[1]?.text;
    if (section === undefined || name === undefined || found.has(name)) continue;
    const value = values.get(name);
    const instance = { name, span: spanAt(setting.line, 1), setting, section };
    found.set(name, value === undefined ? instance : { ...instance, value });
  }
  return [...found.values()];
}

/** Where the keyword of a section stands, or else another place. */
export function placeOf(section: Section, keyword: string, otherwise: Span): Span {
  const setting = settingOf(section, keyword);
  return setting === undefined ? otherwise : spanAt(setting.line, 0);
}

/** True when the keyword does not stand there, or has a value that can be read. */
export function isKnown(section: Section, keyword: string): boolean {
  const setting = settingOf(section, keyword);
  return setting === undefined || setting.values[0] !== undefined;
}

/** True for a keyword that is a switch: it stands there, and not with `off`. */
export function isOn(section: Section, keyword: string): boolean {
  const setting = settingOf(section, keyword);
  return setting !== undefined && setting.values[0] !== false;
}

/** The setting of global_defs that counts. */
export function globalSetting(configuration: Configuration, keyword: string): Setting | undefined {
  for (const { section } of settingsOf(configuration.root, "global_defs").toReversed()) {
    const setting = section === undefined ? undefined : settingOf(section, keyword);
    if (setting !== undefined) return setting;
  }
  return undefined;
}

/** The setting that makes an instance strict: its own, or the global one. */
export function strictSetting(configuration: Configuration, section: Section): Setting | undefined {
  const setting = settingOf(section, "strict_mode") ?? globalSetting(configuration, "vrrp_strict");
  return setting?.values[0] === false ? undefined : setting;
}

/** An address in a block of addresses, as written. */
export interface WrittenAddress {
  readonly address: IpAddress;
  /** Absent where the text names none. */
  readonly prefixLength?: number;
  readonly entry: Entry;
  /** Of the first word. */
  readonly span: Span;
}

/** The addresses of a block keyword, such as `virtual_ipaddress` or `unicast_peer`; what cannot be read is left out. */
export function addressesOf(section: Section, keyword: string): readonly WrittenAddress[] {
  const found: WrittenAddress[] = [];
  for (const setting of settingsOf(section, keyword))
    for (const entry of setting.entries ?? []) {
      const [text = "", length] = String(entry.leading[0] ?? "").split("/");
      const parsed = parseIpAddress(text);
      if (!parsed.ok) continue;
      const written = { address: parsed.value, entry, span: spanAt(entry.line, 0) };
      const named = length !== undefined && /^\d+$/.test(length);
      // A value in canonical form may carry a length that nobody has written.
      const own = entry.line.words[0]?.text.includes("/") ?? false;
      found.push(named && own ? { ...written, prefixLength: Number(length) } : written);
    }
  return found;
}

/** The address that a keyword names. */
export function addressOf(section: Section, keyword: string): IpAddress | undefined {
  const parsed = parseIpAddress(String(settingValue(section, keyword) ?? ""));
  return parsed.ok ? parsed.value : undefined;
}

/** What an instance sends its adverts from, where the file says it. */
export function sourceOf(section: Section): IpAddress | undefined {
  return addressOf(section, "unicast_src_ip") ?? addressOf(section, "mcast_src_ip");
}

/** True for an instance that has a block of peers with something in it. */
export function isUnicast(section: Section): boolean {
  return settingsOf(section, "unicast_peer").some(({ entries = [] }) => entries.length > 0);
}

/** True when a word of the block could be anything: nothing may be said about what is missing. */
export function hasUnknownEntry(section: Section, keyword: string): boolean {
  return settingsOf(section, keyword).some(({ entries = [] }) =>
    entries.some(
      ({ line, leading }) =>
        leading[0] === undefined || line.words.some(({ text }) => hasParameter(text)),
    ),
  );
}

/** The version of VRRP that an instance speaks. */
export function versionOf(configuration: Configuration, instance: WrittenInstance): 2 | 3 {
  const { value, section } = instance;
  if (value !== undefined) return value.version;
  const [first] = addressesOf(section, "virtual_ipaddress");
  if (first !== undefined && familyOf(first.address) === 6) return 3;
  const written =
    settingValue(section, "version") ?? globalSetting(configuration, "vrrp_version")?.values[0];
  return String(written) === "3" ? 3 : 2;
}

/** What counts as its priority; undefined when the text leaves that open. */
export function priorityOf(instance: WrittenInstance): number | undefined {
  return isKnown(instance.section, "priority") ? instance.value?.priority : undefined;
}

/** Where its priority stands: at the keyword, or at the instance that leaves it out. */
export function priorityPlace(instance: WrittenInstance): Span {
  return placeOf(instance.section, "priority", instance.span);
}
