// Rules about structure and words [S01..S49], and what Keelson does not do [K01, K02].

import type { Rule } from "./rule.ts";

/** In the order of their ids. */
export const sRules: readonly Rule[] = [];
