// Broken invariants end the process: the kernel goes on forwarding, the next start repairs.

/** Throws when `condition` is false. `sentence` says what must hold. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${sentence}`);
}

/** Returns `value`, or throws when it is absent. `sentence` says why it must be there. */
export function present<Value>(value: Value | undefined | null, sentence: string): Value {
  if (value === undefined || value === null) throw new Error(`invariant broken: ${sentence}`);
  return value;
}

/** Marks a branch that the type system has shown to be unreachable. */
export function unreachable(value: never): never {
  throw new Error(`invariant broken: unexpected ${JSON.stringify(value)}`);
}
