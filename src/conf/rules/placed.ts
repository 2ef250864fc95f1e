// A value of the model together with where it is written.

import type { Span } from "../text/diagnostic.ts";

/** A value and its place. */
export interface Placed<Value> {
  readonly value: Value;
  readonly span: Span;
}
