// The table by name: which keyword a word is, and which blocks have it.

import type { ArgumentLists } from "./read-arguments.ts";
import type { ValueOwner } from "./read-values.ts";
import type { BlockSpec, KeywordSpec, OptionSpec } from "./table/keyword-spec.ts";

/** A keyword of a block with what its reading needs each time. */
export interface IndexedKeyword {
  readonly spec: KeywordSpec;
  /** What the specification says, in the same shape for every keyword. */
  readonly lists: ArgumentLists;
  readonly contents: KeywordSpec["contents"] | undefined;
  readonly acts: boolean;
  readonly repeats: boolean;
  readonly isDeprecated: boolean;
  readonly isCommand: boolean;
  readonly isChecked: boolean;
  /** Where the block around acts, and where it does not. */
  readonly owner: ValueOwner;
  readonly idleOwner: ValueOwner;
  readonly options: ReadonlyMap<string, OptionSpec> | undefined;
}

const keywords = new WeakMap<BlockSpec, ReadonlyMap<string, KeywordSpec>>();
const indexed = new WeakMap<BlockSpec, ReadonlyMap<string, IndexedKeyword>>();
const options = new WeakMap<readonly OptionSpec[], ReadonlyMap<string, OptionSpec>>();
const homes = new WeakMap<BlockSpec, ReadonlyMap<string, readonly BlockSpec[]>>();

/** The keywords of a block by name. */
export function keywordsOf(block: BlockSpec): ReadonlyMap<string, KeywordSpec> {
  let index = keywords.get(block);
  if (index === undefined) {
    index = new Map(block.keywords.map((keyword) => [keyword.name, keyword]));
    keywords.set(block, index);
  }
  return index;
}

/** The keywords of a block by name, for reading. */
export function indexedKeywords(block: BlockSpec): ReadonlyMap<string, IndexedKeyword> {
  let index = indexed.get(block);
  if (index === undefined) {
    index = new Map(block.keywords.map((spec) => [spec.name, indexKeyword(spec, block)]));
    indexed.set(block, index);
  }
  return index;
}

function indexKeyword(spec: KeywordSpec, block: BlockSpec): IndexedKeyword {
  const { name, acts } = spec;
  const owner: ValueOwner = { path: block.path, keyword: name, name, acts };
  return {
    spec,
    lists: {
      arguments: spec.arguments,
      variants: spec.variants,
      withoutArgument: spec.withoutArgument,
    },
    contents: spec.contents,
    acts,
    repeats: spec.repeats === true,
    isDeprecated: spec.deprecated !== undefined,
    isCommand: spec.arguments[0]?.value.kind === "command",
    isChecked: spec.check !== undefined,
    owner,
    idleOwner: { ...owner, acts: false },
    options: spec.options === undefined ? undefined : optionsByName(spec.options),
  };
}

/** Options by name. */
export function optionsByName(list: readonly OptionSpec[]): ReadonlyMap<string, OptionSpec> {
  let index = options.get(list);
  if (index === undefined) {
    index = new Map(list.map((option) => [option.name, option]));
    options.set(list, index);
  }
  return index;
}

/** The blocks below `root`, itself among them, that have a keyword; in the order of the table. */
export function blocksThatHave(root: BlockSpec, name: string): readonly BlockSpec[] {
  let index = homes.get(root);
  if (index === undefined) {
    index = indexHomes(root);
    homes.set(root, index);
  }
  return index.get(name) ?? [];
}

function indexHomes(root: BlockSpec): ReadonlyMap<string, readonly BlockSpec[]> {
  const found = new Map<string, BlockSpec[]>();
  const seen = new Set<BlockSpec>([root]);
  // Blocks that are found while others are visited are visited too.
  for (const block of seen) {
    for (const keyword of block.keywords) {
      const blocks = found.get(keyword.name);
      if (blocks === undefined) found.set(keyword.name, [block]);
      else blocks.push(block);
      if (keyword.contents?.kind === "keywords") seen.add(keyword.contents.block);
    }
  }
  return found;
}

/** What people call a block: its last keyword, or `the top level`. */
export function blockName(block: BlockSpec): string {
  return block.path === "/" ? "the top level" : block.path.slice(block.path.lastIndexOf("/") + 1);
}
