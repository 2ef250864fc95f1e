// Where the text of files comes from: this room opens none.

import type { Result } from "../../../base/result.ts";

/** Why a file could not be read; `text` is for people. */
export interface ReadFault {
  readonly kind: string;
  readonly text?: string;
}

/** The outside of a configuration. */
export interface FileReader {
  readonly readFile: (path: string) => Result<string, ReadFault>;
  /** Paths that match a pattern of glob(3), sorted; without it patterns match nothing. */
  readonly listFiles?: (pattern: string) => readonly string[];
  /** For `${_ENV NAME}`; without it no variable has a value. */
  readonly environment?: (name: string) => string | undefined;
  /** The seed of `${_RANDOM}`: the same one gives the same numbers. */
  readonly randomSeed?: number;
}
