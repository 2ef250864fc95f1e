// What remains of a configuration when includes, parameters, conditions and repetitions are written out.

import type { Word } from "./tree.ts";

/** One keyword with its arguments, as it counts. */
export interface Line {
  readonly file: string;
  /** At least one. */
  readonly words: readonly Word[];
  /** The lines of its block; absent when it has none. */
  readonly block?: readonly Line[];
}
