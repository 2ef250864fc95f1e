// A configuration after validation and before its meaning: blocks with the keywords that count, their values read by
// the table, their places kept. Rules, the printers of values and lower/ work on this.

import type { Line } from "./language/expand.ts";
import type { BlockSpec, KeywordSpec, LineSpec, SettingValue } from "./table/keyword-spec.ts";

/** One line of a block whose keyword the table knows. */
export interface Setting {
  readonly spec: KeywordSpec;
  readonly line: Line;
  /** By argument; undefined where a word is missing or cannot be used (reported by then). */
  readonly values: readonly (SettingValue | undefined)[];
  /** The options behind the arguments, in the order of the text, those of an option right after it. */
  readonly options?: readonly EntryOption[];
  /** Of a block of keywords. */
  readonly section?: Section;
  /** Of a block of values. */
  readonly entries?: readonly Entry[];
}

/** One block of keywords. */
export interface Section {
  readonly spec: BlockSpec;
  /** In the order of the text, repeated ones and all; deprecated and other spellings stand as written. */
  readonly settings: readonly Setting[];
}

/** One line of a block of values. */
export interface Entry {
  readonly spec: LineSpec;
  readonly line: Line;
  readonly leading: readonly (SettingValue | undefined)[];
  readonly options: readonly EntryOption[];
}

/** One option of an entry, with its place: the index of its word in the line. */
export interface EntryOption {
  readonly name: string;
  readonly values: readonly (SettingValue | undefined)[];
  readonly wordIndex: number;
}

/** The keyword under which a setting counts, whatever its spelling. */
export function keywordOf(setting: Setting): string {
  return setting.spec.sameAs ?? setting.spec.name;
}

/** Sections with more settings than this are looked up by an index: rules ask the file itself for each instance. */
const settingsWithoutIndexMax = 64;

const indexes = new WeakMap<Section, ReadonlyMap<string, readonly Setting[]>>();

function indexOf(section: Section): ReadonlyMap<string, readonly Setting[]> {
  const before = indexes.get(section);
  if (before !== undefined) return before;
  const index = new Map<string, Setting[]>();
  for (const setting of section.settings) {
    const keyword = keywordOf(setting);
    const settings = index.get(keyword);
    if (settings === undefined) index.set(keyword, [setting]);
    else settings.push(setting);
  }
  indexes.set(section, index);
  return index;
}

const noSettings: readonly Setting[] = [];

/** The setting of a keyword that counts: the last one. */
export function settingOf(section: Section, keyword: string): Setting | undefined {
  if (section.settings.length > settingsWithoutIndexMax)
    return indexOf(section).get(keyword)?.at(-1);
  for (let i = section.settings.length - 1; i >= 0; i--) {
    const setting = section.settings[i];
    if (setting !== undefined && keywordOf(setting) === keyword) return setting;
  }
  return undefined;
}

/** All settings of a keyword, in the order of the text. */
export function settingsOf(section: Section, keyword: string): readonly Setting[] {
  if (section.settings.length > settingsWithoutIndexMax)
    return indexOf(section).get(keyword) ?? noSettings;
  return section.settings.filter((setting) => keywordOf(setting) === keyword);
}

/** The first value of the setting that counts. */
export function settingValue(section: Section, keyword: string): SettingValue | undefined {
  return settingOf(section, keyword)?.values[0];
}
