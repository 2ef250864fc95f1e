// The declarative table of ldirectord.cf: one entry a directive. Validation and the reference come from it; what a
// directive means is in translate/.

import type { DirectiveName, DirectiveValues } from "./configuration.ts";
import type { ValueForm } from "./value-form.ts";

/** Where a directive may stand: at the beginning of a line, or indented under `virtual=` and `virtual6=`. */
export type Scope = "global" | "virtual" | "virtual6";

/** One directive. */
export interface DirectiveSpec<Value> {
  readonly scopes: readonly Scope[];
  /** One or two whole sentences of our own: what it does. */
  readonly summary: string;
  readonly value: ValueForm<Value>;
  /** What counts without it, as it would be written; absent: nothing. */
  readonly default?: string;
  /** True when every line counts. Otherwise the last one does. */
  readonly repeats?: true;
  /** Said where it stands: why not to write it any longer. */
  readonly deprecated?: string;
  /** Set as long as Keelson reads it and does nothing: what that means at run time. */
  readonly missing?: string;
  /** True where `missing` does not hold for this value. */
  readonly harmless?: (value: Value) => boolean;
}

/** The table; every directive has exactly one entry. */
export type DirectiveTable = {
  readonly [Name in DirectiveName]: DirectiveSpec<DirectiveValues[Name]>;
};

export const everywhere: readonly Scope[] = ["global", "virtual", "virtual6"];
export const inSections: readonly Scope[] = ["virtual", "virtual6"];
export const onTop: readonly Scope[] = ["global"];
