// Differences that are meant, each with its reason. What stands here is checked off; everything else is a defect.

import type { Difference } from "./facts.ts";

/** Why a kind of difference is right. */
export interface Justification {
  readonly id: string;
  readonly reason: string;
  readonly applies: (difference: Difference, file: string) => boolean;
}

/** In the order in which they are tried. */
export const justifications: readonly Justification[] = [];
