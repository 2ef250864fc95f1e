// Rules about virtual servers [L01..] and about VRRP together with them [X01..].

import type { Rule } from "./rule.ts";

/** In the order of their ids. */
export const lRules: readonly Rule[] = [];
