// The table by name: which keyword a word is, and which blocks have it.

import type { BlockSpec, KeywordSpec, OptionSpec } from "./table/keyword-spec.ts";

const keywords = new WeakMap<BlockSpec, ReadonlyMap<string, KeywordSpec>>();
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
