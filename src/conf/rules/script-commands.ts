// Every command that a configuration runs, and the names by which its parts refer to each other: what the rules about
// scripts look through.

import { spanAt } from "../keepalived/reading.ts";
import { type Entry, keywordOf, type Section, type Setting } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { notableSettings } from "./notable-settings.ts";
import type { Configuration } from "./rule.ts";

/** One keyword whose first argument is a program with its arguments. */
export interface ScriptCommand {
  readonly setting: Setting;
  /** The block in which it stands. */
  readonly section: Section;
  /** As written, without its quotes. */
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/** Calls `see` for every setting, with the block that it stands in; in the order of the text. */
export function eachSetting(
  section: Section,
  see: (setting: Setting, section: Section) => void,
): void {
  for (const setting of section.settings) {
    see(setting, section);
    if (setting.section !== undefined) eachSetting(setting.section, see);
  }
}

/** What several rules look for. */
interface Found {
  readonly commands: readonly ScriptCommand[];
  /** By keyword. */
  readonly tracked: ReadonlyMap<string, readonly TrackedName[]>;
}

const found = new WeakMap<Section, Found>();

function findIn(root: Section): Found {
  const before = found.get(root);
  if (before !== undefined) return before;
  const commands: ScriptCommand[] = [];
  const tracked = new Map<string, TrackedName[]>();
  for (const { setting, section, owner, index } of notableSettings(root)) {
    seeCommand(setting, section, commands);
    if (setting === owner) continue;
    if (setting.entries !== undefined && setting.spec.name.startsWith("track_"))
      seeTracked(setting, owner, index, tracked);
  }
  const result = { commands, tracked };
  found.set(root, result);
  return result;
}

function seeCommand(setting: Setting, section: Section, commands: ScriptCommand[]): void {
  if (setting.spec.arguments[0]?.value.kind !== "command") return;
  const word = setting.line.words[1];
  if (word === undefined) return;
  const { text, quoted } = word;
  commands.push({ setting, section, text, quoted, span: spanAt(setting.line, 1) });
}

function seeTracked(
  setting: Setting,
  owner: Setting,
  index: number,
  tracked: Map<string, TrackedName[]>,
): void {
  const names = tracked.get(keywordOf(setting)) ?? [];
  tracked.set(keywordOf(setting), names);
  for (const entry of setting.entries ?? []) {
    const name = entry.line.words[0]?.text;
    if (name === undefined) continue;
    names.push({ name, span: spanAt(entry.line, 0), entry, setting, owner, index });
  }
}

/** The commands of a configuration, in the order of the text. */
export function commandsOf(configuration: Configuration): readonly ScriptCommand[] {
  return findIn(configuration.root).commands;
}

/** A block that others refer to by its name. */
export interface NamedBlock {
  readonly name: string;
  readonly span: Span;
  readonly setting: Setting;
  /** Where it stands among the blocks of the file, includes and all. */
  readonly index: number;
}

/** A line of a `track_*` block. */
export interface TrackedName {
  readonly name: string;
  readonly span: Span;
  readonly entry: Entry;
  /** `track_script` and the like. */
  readonly setting: Setting;
  /** The block of the file in which it stands. */
  readonly owner: Setting;
  readonly index: number;
}

/** A keyword that lists names, and the keywords of the blocks that have them. */
export interface TrackKind {
  readonly list: string;
  readonly definitions: readonly string[];
  /** The keyword by which such a block says what it watches. */
  readonly target: string;
  /** For people. */
  readonly what: string;
}

/** What can be tracked by name. */
export const trackKinds: readonly TrackKind[] = [
  { list: "track_script", definitions: ["vrrp_script"], target: "script", what: "script" },
  {
    list: "track_process",
    definitions: ["vrrp_track_process"],
    target: "process",
    what: "process",
  },
  {
    list: "track_file",
    definitions: ["track_file", "vrrp_track_file"],
    target: "file",
    what: "file",
  },
  {
    list: "track_bfd",
    definitions: ["bfd_instance"],
    target: "neighbor_ip",
    what: "BFD session",
  },
];

/** The blocks of the file with one of these keywords, by name; of two with one name the first. */
export function namedBlocks(
  configuration: Configuration,
  keywords: readonly string[],
): ReadonlyMap<string, NamedBlock> {
  const { root } = configuration;
  const known = blocksByKeywords.get(root) ?? new Map<string, ReadonlyMap<string, NamedBlock>>();
  blocksByKeywords.set(root, known);
  const wanted = keywords.join(" ");
  const blocks = known.get(wanted) ?? findBlocks(configuration, keywords);
  known.set(wanted, blocks);
  return blocks;
}

/** Asked for by each instance of a file, of which there may be tens of thousands. */
const blocksByKeywords = new WeakMap<Section, Map<string, ReadonlyMap<string, NamedBlock>>>();

function findBlocks(
  configuration: Configuration,
  keywords: readonly string[],
): ReadonlyMap<string, NamedBlock> {
  const blocks = new Map<string, NamedBlock>();
  for (const [index, setting] of configuration.root.settings.entries()) {
    if (!keywords.includes(keywordOf(setting)) && !keywords.includes(setting.spec.name)) continue;
    const name = setting.line.text(1);
    if (name === undefined || blocks.has(name)) continue;
    blocks.set(name, { name, span: spanAt(setting.line, 1), setting, index });
  }
  return blocks;
}

/** The names that instances, groups and real servers track under a keyword. */
export function trackedNames(configuration: Configuration, list: string): readonly TrackedName[] {
  return findIn(configuration.root).tracked.get(list) ?? [];
}
