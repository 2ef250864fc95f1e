// What two programs hold of one configuration, as flat facts that can be compared: `instance VI_1: priority` -> `100`.

/** Facts by name. */
export type Facts = ReadonlyMap<string, string>;

/** One fact that differs; an absent side is `undefined`. */
export interface Difference {
  readonly fact: string;
  readonly keepalived: string | undefined;
  readonly keelson: string | undefined;
}

/** Differences between what both could say; `ours` decides which facts are looked at. */
export function compareFacts(theirs: Facts, ours: Facts): readonly Difference[] {
  const differences: Difference[] = [];
  for (const fact of new Set([...theirs.keys(), ...ours.keys()])) {
    const difference = { fact, keepalived: theirs.get(fact), keelson: ours.get(fact) };
    if (difference.keepalived !== difference.keelson) differences.push(difference);
  }
  return differences.toSorted((a, b) => (a.fact < b.fact ? -1 : 1));
}
