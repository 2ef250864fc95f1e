// Which keywords of a configuration Keelson acts on: the data of `keelson check --coverage`.

import type { Span } from "../text/diagnostic.ts";
import { optionsByName } from "./keyword-index.ts";
import { spanAt } from "./reading.ts";
import type { EntryOption, Section, Setting } from "./section.ts";
import type { OptionSpec } from "./table/keyword-spec.ts";

/** One keyword of one kind of block, or one option of its lines, as often as it is written. */
export interface CoveredKeyword {
  readonly keyword: string;
  /** The path of the block, `virtual_server/real_server`; for options the keyword of the line is its last part. */
  readonly block: string;
  readonly acts: boolean;
  /** What not acting on it means at run time. */
  readonly missing?: string;
  readonly lines: readonly Span[];
}

/** The keywords and options of a configuration, each once, in the order in which they first stand in the text. */
export function coverage(root: Section): readonly CoveredKeyword[] {
  const found = new Map<string, MutableKeyword>();
  visitSection(root, true, found);
  return [...found.values()];
}

type MutableKeyword = Omit<CoveredKeyword, "lines"> & { readonly lines: Span[] };

function visitSection(
  section: Section,
  blockActs: boolean,
  found: Map<string, MutableKeyword>,
): void {
  const { path } = section.spec;
  for (const setting of section.settings) {
    const { spec, line } = setting;
    const acts = blockActs && spec.acts;
    add({ keyword: spec.name, block: path, acts, missing: spec.missing }, spanAt(line, 0), found);
    visitOptions(setting, path === "/" ? spec.name : `${path}/${spec.name}`, acts, found);
    if (setting.section !== undefined) visitSection(setting.section, acts, found);
  }
}

function visitOptions(
  setting: Setting,
  block: string,
  blockActs: boolean,
  found: Map<string, MutableKeyword>,
): void {
  const { spec, options, entries = [] } = setting;
  if (options !== undefined)
    for (const option of options)
      addOption(option, setting, spec.options ?? [], block, blockActs, found);
  for (const entry of entries)
    for (const option of entry.options)
      addOption(option, entry, entry.spec.options, block, blockActs, found);
}

function addOption(
  option: EntryOption,
  { line }: Pick<Setting, "line">,
  list: readonly OptionSpec[],
  block: string,
  blockActs: boolean,
  found: Map<string, MutableKeyword>,
): void {
  const keyword = line.words[option.wordIndex]?.text ?? option.name;
  const spec = specOf(keyword, list);
  const acts = blockActs && spec?.acts === true;
  add({ keyword, block, acts, missing: spec?.missing }, spanAt(line, option.wordIndex), found);
}

/** An option, or an option of an option. */
function specOf(name: string, list: readonly OptionSpec[]): OptionSpec | undefined {
  const own = optionsByName(list).get(name);
  if (own !== undefined) return own;
  for (const { options } of list) {
    const inner = options === undefined ? undefined : specOf(name, options);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function add(
  keyword: Omit<CoveredKeyword, "lines" | "missing"> & { readonly missing: string | undefined },
  span: Span,
  found: Map<string, MutableKeyword>,
): void {
  const { missing, ...rest } = keyword;
  const id = `${rest.block} ${rest.keyword} ${rest.acts}`;
  const before = found.get(id);
  if (before !== undefined) before.lines.push(span);
  else {
    const said = rest.acts || missing === undefined ? {} : { missing };
    found.set(id, { ...rest, ...said, lines: [span] });
  }
}
