// Sync groups as they are written, and who is in them.

import { spanAt } from "../keepalived/reading.ts";
import { type Section, type Setting, settingOf, settingsOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import type { Configuration } from "./rule.ts";
import { instancesOf, type WrittenInstance } from "./vrrp-blocks.ts";

/** A name in a group. */
export interface GroupMember {
  readonly name: string;
  readonly span: Span;
  /** Absent when no instance has the name. */
  readonly instance?: WrittenInstance;
}

/** One vrrp_sync_group block; of two with one name only the first is listed. */
export interface SyncGroup {
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  readonly setting: Setting;
  readonly section: Section;
  readonly members: readonly GroupMember[];
  /** True when weights of its members and its own count. */
  readonly weighted: boolean;
}

const known = new WeakMap<Configuration, readonly SyncGroup[]>();

/** The sync groups of a file, in the order of the text. */
export function syncGroupsOf(configuration: Configuration): readonly SyncGroup[] {
  const before = known.get(configuration);
  if (before !== undefined) return before;
  const groups = readGroups(configuration);
  known.set(configuration, groups);
  return groups;
}

function readGroups(configuration: Configuration): readonly SyncGroup[] {
  const instances = new Map(
    instancesOf(configuration).map((instance) => [instance.name, instance]),
  );
  const found = new Map<string, SyncGroup>();
  for (const setting of settingsOf(configuration.root, "vrrp_sync_group")) {
    const { section } = setting;
    const name = setting.line.words[1]?.text;
    if (section === undefined || name === undefined || found.has(name)) continue;
    found.set(name, {
      name,
      span: spanAt(setting.line, 1),
      setting,
      section,
      members: membersOf(section, instances),
      weighted:
        settingOf(section, "sync_group_tracking_weight") !== undefined ||
        settingOf(section, "global_tracking") !== undefined,
    });
  }
  return [...found.values()];
}

function membersOf(
  section: Section,
  instances: ReadonlyMap<string, WrittenInstance>,
): readonly GroupMember[] {
  const members: GroupMember[] = [];
  for (const setting of settingsOf(section, "group"))
    for (const { line } of setting.entries ?? [])
      for (const [index, word] of line.words.entries()) {
        const instance = instances.get(word.text);
        const member = { name: word.text, span: spanAt(line, index) };
        members.push(instance === undefined ? member : { ...member, instance });
      }
  return members;
}

const groupsByMember = new WeakMap<Configuration, ReadonlyMap<string, SyncGroup>>();

/** The first group that an instance is in: keepalived leaves it out of the others. */
export function groupOf(configuration: Configuration, instance: string): SyncGroup | undefined {
  let groups = groupsByMember.get(configuration);
  if (groups === undefined) {
    const found = new Map<string, SyncGroup>();
    for (const group of syncGroupsOf(configuration))
      for (const { name } of group.members) if (!found.has(name)) found.set(name, group);
    groups = found;
    groupsByMember.set(configuration, groups);
  }
  return groups.get(instance);
}
