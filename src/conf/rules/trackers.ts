// What instances track, with the weight that counts and the place where it is written.

import { spanAt } from "../keepalived/reading.ts";
import {
  type Entry,
  type Section,
  type Setting,
  settingOf,
  settingsOf,
} from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import type { Configuration } from "./rule.ts";
import { type NamedBlock, namedBlocks } from "./script-commands.ts";
import { groupOf } from "./sync-groups.ts";
import type { WrittenInstance } from "./vrrp-blocks.ts";

/** What a line of a track_* block watches. */
export type TrackerKind = "script" | "interface" | "process" | "file" | "bfd";

/** One line of a track_* block. */
export interface Tracker {
  readonly kind: TrackerKind;
  readonly name: string;
  /** Of the name in the track_* block. */
  readonly span: Span;
  /** 0: failure means FAULT. Undefined when the text leaves it open. */
  readonly weight: number | undefined;
  /** True when failure does what success would do. */
  readonly reverse: boolean;
  /** The keyword `weight` that counts; absent where none is written. */
  readonly weightSpan?: Span;
}

const kinds: readonly {
  readonly kind: TrackerKind;
  readonly keyword: string;
  readonly definitions: readonly string[];
  /** What counts when no weight is written. */
  readonly weight: number;
}[] = [
  { kind: "script", keyword: "track_script", definitions: ["vrrp_script"], weight: 0 },
  { kind: "interface", keyword: "track_interface", definitions: [], weight: 0 },
  { kind: "process", keyword: "track_process", definitions: ["vrrp_track_process"], weight: 0 },
  {
    kind: "file",
    keyword: "track_file",
    definitions: ["track_file", "vrrp_track_file"],
    weight: 1,
  },
  { kind: "bfd", keyword: "track_bfd", definitions: ["bfd_instance"], weight: 0 },
];

/** The trackers of an instance or a sync group, without those that name nothing. */
export function trackersOf(configuration: Configuration, section: Section): readonly Tracker[] {
  const found: Tracker[] = [];
  for (const { kind, keyword, definitions, weight } of kinds) {
    const names = new Set<string>();
    const settings = settingsOf(section, keyword);
    if (settings.length === 0) continue;
    const blocks = definitions.length === 0 ? undefined : namedBlocks(configuration, definitions);
    for (const setting of settings)
      for (const entry of setting.entries ?? []) {
        const name = entry.line.words[0]?.text ?? "";
        const block = blocks?.get(name);
        if (blocks !== undefined && block === undefined) continue;
        if (names.has(name)) continue;
        names.add(name);
        found.push({ kind, name, span: spanAt(entry.line, 0), ...weightOf(entry, block, weight) });
      }
  }
  return found;
}

function weightOf(
  entry: Entry,
  block: NamedBlock | undefined,
  otherwise: number,
): Pick<Tracker, "weight" | "reverse" | "weightSpan"> {
  const written = block?.setting.section && settingOf(block.setting.section, "weight");
  const own = entry.options.find(({ name }) => name === "weight");
  const reverse = isReversed(entry, written);
  if (own !== undefined)
    return {
      weight: numberOf(own.values[0]),
      reverse,
      weightSpan: spanAt(entry.line, own.wordIndex),
    };
  if (written === undefined) return { weight: otherwise, reverse };
  return { weight: numberOf(written.values[0]), reverse, weightSpan: spanAt(written.line, 0) };
}

function isReversed(entry: Entry, written: Setting | undefined): boolean {
  if (entry.options.some(({ name }) => name === "reverse")) return true;
  if (entry.options.some(({ name }) => name === "noreverse")) return false;
  return written?.line.words.some(({ text }) => text === "reverse") ?? false;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/**
 * The trackers that change an instance: its own and its group's. keepalived leaves out the instance's own interface, and
 * in a sync group the weighted ones unless the group has `sync_group_tracking_weight`.
 */
export function activeTrackersOf(
  configuration: Configuration,
  instance: WrittenInstance,
): readonly Tracker[] {
  const group = groupOf(configuration, instance.name);
  const own = trackersOf(configuration, instance.section);
  const all = group === undefined ? own : [...own, ...trackersOf(configuration, group.section)];
  return all.filter(
    ({ kind, name, weight }) =>
      !(kind === "interface" && name === instance.value?.interface) &&
      (group === undefined || group.weighted || weight === 0),
  );
}

/** True when a tracker changes the priority and does not mean FAULT. */
export function isWeighted(tracker: Tracker): boolean {
  return tracker.weight !== undefined && tracker.weight !== 0;
}

/** How people call a tracker: `the script chk`. */
export function trackerName({ kind, name }: Pick<Tracker, "kind" | "name">): string {
  const what = kind === "bfd" ? "BFD session" : kind;
  return `the ${what} \`${name}\``;
}

/** When a tracker counts as failed, for people. */
export function whenFailed({ kind, name }: Pick<Tracker, "kind" | "name">): string {
  if (kind === "interface" || kind === "bfd") return `when \`${name}\` goes down`;
  return kind === "process" ? `when \`${name}\` is not running` : `when \`${name}\` fails`;
}
