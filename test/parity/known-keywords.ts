// The words that keepalived.conf knows, for mistakes that put one in the place of another.

import { blocksIn } from "../../src/conf/keepalived/table/blocks.ts";
import { fileBlock } from "../../src/conf/keepalived/table/root.ts";

/** Keywords that keepalived 2.2.7 does not have. */
export const youngKeywords: ReadonlySet<string> = new Set(
  blocksIn(fileBlock).flatMap(({ keywords }) =>
    keywords.filter(({ since, ours }) => since !== undefined || ours).map(({ name }) => name),
  ),
);

/** Keywords of all blocks, each once. */
export const allKeywords: readonly string[] = [
  ...new Set(blocksIn(fileBlock).flatMap(({ keywords }) => keywords.map(({ name }) => name))),
];
