// Walks over the table.

import type { BlockSpec, KeywordSpec, LineSpec, OptionSpec } from "./keyword-spec.ts";

/** A block and all blocks inside it, from the outside inwards, in the order of the table. */
export function blocksIn(root: BlockSpec): readonly BlockSpec[] {
  const found = new Set<BlockSpec>([root]);
  // Blocks that are found while others are visited are visited too.
  for (const block of found)
    for (const keyword of block.keywords)
      if (keyword.contents?.kind === "keywords") found.add(keyword.contents.block);
  return [...found];
}

/** The block at a path below `root`; undefined when there is none. */
export function blockAt(root: BlockSpec, path: string): BlockSpec | undefined {
  return blocksIn(root).find((block) => block.path === path);
}

/** The lines of a keyword's block of values. */
export function linesOf(keyword: KeywordSpec): LineSpec | undefined {
  return keyword.contents?.kind === "lines" ? keyword.contents.lines : undefined;
}

/** Options, and the options of those. */
export function optionsIn(options: readonly OptionSpec[]): readonly OptionSpec[] {
  return options.flatMap((option) => [option, ...optionsIn(option.options ?? [])]);
}
