// The configuration as it counts: every keyword of every block with its value and where that comes from. The data of
// `keelson config show`.

import type { Configuration } from "../rules/rule.ts";
import type { Span } from "../text/diagnostic.ts";
import { inheritedFrom, type Surrounding } from "./inheritance.ts";
import { familyOfSection } from "./lower/instance-family.ts";
import { spanAt } from "./reading.ts";
import { type Entry, keywordOf, type Section, type Setting, settingValue } from "./section.ts";
import type { BlockSpec, KeywordSpec } from "./table/keyword-spec.ts";

/** Where a value comes from. */
export type Origin =
  | { readonly kind: "line"; readonly span: Span }
  /** Another block says it: `virtual_server`, `global_defs`. */
  | { readonly kind: "inherited"; readonly from: string; readonly span: Span }
  | { readonly kind: "default" }
  /** Nothing says it; the text tells in words what counts, where something does. */
  | { readonly kind: "unset" };

/** One keyword of a block; repeated ones stand once for each line. */
export interface EffectiveSetting {
  readonly keyword: string;
  /** The words behind the keyword as they would be written, or what counts in words; empty for a flag. */
  readonly text: string;
  readonly origin: Origin;
  /** False when Keelson does not act on it. */
  readonly acts: boolean;
  /** A line that names the keyword with a value that does not count. */
  readonly instead?: Span;
}

/** One block. */
export interface EffectiveBlock {
  readonly keyword: string;
  /** The words behind the keyword: name, address and port. */
  readonly name: string;
  /** Absent for the file itself, and for global_defs where none is written. */
  readonly span?: Span;
  readonly settings: readonly EffectiveSetting[];
  /** The lines of a block of values. */
  readonly lines: readonly EffectiveSetting[];
  readonly blocks: readonly EffectiveBlock[];
}

/** The whole configuration; its first inner block is global_defs, whether it is written or not. */
export function effectiveSettings(configuration: Configuration): EffectiveBlock {
  const { root } = configuration;
  const defs = globalDefsOf(root);
  const around: Surrounding = { section: defs };
  const inner = root.settings.filter((setting) => keywordOf(setting) !== "global_defs");
  const { settings, blocks } = contentsOf({ spec: root.spec, settings: inner }, around);
  const global = contentsOf(defs, undefined);
  const written = root.settings.find((setting) => keywordOf(setting) === "global_defs");
  return {
    keyword: "",
    name: "",
    settings: settings.filter(({ keyword }) => keyword !== "global_defs"),
    lines: [],
    blocks: [
      {
        keyword: "global_defs",
        name: "",
        ...(written === undefined ? {} : { span: spanAt(written.line, 0) }),
        ...global,
        lines: [],
      },
      ...blocks,
    ],
  };
}

/** All global_defs blocks together. */
function globalDefsOf(root: Section): Section {
  const blocks = root.settings.filter((setting) => keywordOf(setting) === "global_defs");
  const contents = root.spec.keywords.find(({ name }) => name === "global_defs")?.contents;
  const spec: BlockSpec = contents?.kind === "keywords" ? contents.block : root.spec;
  return { spec, settings: blocks.flatMap(({ section }) => section?.settings ?? []) };
}

function contentsOf(
  section: Section,
  around: Surrounding | undefined,
): Pick<EffectiveBlock, "settings" | "blocks"> {
  const settings: EffectiveSetting[] = [];
  const blocks: { readonly block: EffectiveBlock; readonly setting: Setting }[] = [];
  const own: Surrounding = around === undefined ? { section } : { section, around };
  const byKeyword = new Map<string, Setting[]>();
  for (const setting of section.settings) {
    const keyword = keywordOf(setting);
    const before = byKeyword.get(keyword);
    if (before === undefined) byKeyword.set(keyword, [setting]);
    else before.push(setting);
  }
  for (const spec of section.spec.keywords) {
    if (spec.sameAs !== undefined) continue;
    const written = byKeyword.get(spec.name) ?? [];
    if (spec.contents !== undefined)
      blocks.push(...written.map((setting) => ({ block: blockOf(setting, own), setting })));
    else settings.push(...settingsFor(spec, written, section, around));
  }
  // Blocks stand as in the text: what is defined stands before its use.
  const places = new Map(section.settings.map((setting, i) => [setting, i]));
  const placeOf = (one: (typeof blocks)[number]): number => places.get(one.setting) ?? 0;
  const sorted = blocks.toSorted((a, b) => placeOf(a) - placeOf(b));
  return { settings, blocks: sorted.map(({ block }) => block) };
}

function blockOf(setting: Setting, around: Surrounding): EffectiveBlock {
  const { line, spec, section, entries = [] } = setting;
  const contents =
    section === undefined ? { settings: [], blocks: [] } : contentsOf(section, around);
  return {
    keyword: spec.name,
    name: textOf(setting),
    span: spanAt(line, 0),
    ...contents,
    lines: entries.map((entry) => lineOf(entry, spec)),
  };
}

function lineOf({ line }: Entry, spec: KeywordSpec): EffectiveSetting {
  return {
    keyword: "",
    text: line.words.map(({ raw }) => raw).join(" "),
    origin: { kind: "line", span: spanAt(line, 0) },
    acts: spec.acts,
  };
}

function settingsFor(
  spec: KeywordSpec,
  written: readonly Setting[],
  section: Section,
  around: Surrounding | undefined,
): readonly EffectiveSetting[] {
  const usable = written.filter(isUsable);
  const counting = spec.repeats === true ? usable : usable.slice(-1);
  const { name: keyword, acts } = spec;
  if (counting.length > 0)
    return counting.map((setting) => ({
      keyword,
      text: textOf(setting),
      origin: { kind: "line", span: spanAt(setting.line, 0) },
      acts,
    }));
  const unusable = written.at(-1);
  const instead = unusable === undefined ? {} : { instead: spanAt(unusable.line, 0) };
  const inherited = inheritedFrom(section, keyword, around, isUsable);
  if (inherited !== undefined) {
    const { setting, from } = inherited;
    const origin: Origin = { kind: "inherited", from, span: spanAt(setting.line, 0) };
    // What Keelson does not act on there does not count here either.
    return [
      { keyword, text: textOf(setting), origin, acts: acts && setting.spec.acts, ...instead },
    ];
  }
  const special = specialDefault(spec, section);
  if (special !== undefined)
    return [{ keyword, acts, text: special, origin: { kind: "default" }, ...instead }];
  return [{ keyword, acts, ...withoutLine(spec), ...instead }];
}

/** Defaults that follow from other lines of the block: keepalived's owner of the address, and what IPv6 needs. */
function specialDefault(spec: KeywordSpec, section: Section): string | undefined {
  if (section.spec.path !== "vrrp_instance") return undefined;
  switch (spec.name) {
    case "priority":
      return settingValue(section, "state") === "MASTER" ? "255" : undefined;
    case "state":
      return settingValue(section, "priority") === 255 ? "MASTER" : undefined;
    case "version":
      return familyOfSection(section) === 6 ? "3" : undefined;
    default:
      return undefined;
  }
}

/** What counts when no line says it. */
function withoutLine(spec: KeywordSpec): Pick<EffectiveSetting, "text" | "origin"> {
  if (spec.default !== undefined) return { text: spec.default, origin: { kind: "default" } };
  // What another block would say is not said there: the rest of the sentence counts.
  const otherwise = /^what .*, else (.+)$/.exec(spec.unset ?? "")?.[1];
  if (otherwise !== undefined) return { text: otherwise, origin: { kind: "default" } };
  return { text: spec.unset ?? "", origin: { kind: "unset" } };
}

/** False for a line whose value cannot be read: another one counts in its stead. */
function isUsable({ spec, values, line }: Setting): boolean {
  const needed = spec.arguments.findIndex(({ optional }) => optional === true);
  const count = needed < 0 ? spec.arguments.length : needed;
  if (line.words.length > 1 && values.length > 0 && values[0] === undefined && count > 0)
    return false;
  return values.length >= Math.min(count, 1);
}

function textOf({ line }: Setting): string {
  return line.words
    .slice(1)
    .map(({ raw }) => raw)
    .join(" ");
}
