// "Did you mean": the nearest word of a list.

/**
 * The candidate with the smallest edit distance to `word`, when it is near enough to be meant: one
 * edit for words up to 4 letters, two up to 9, three beyond. Else the one that begins with `word`, or with which
 * `word` begins, from 5 letters on. Letter case does not count.
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted.length > 64) return undefined;
  let best: string | undefined;
  let bestDistance = editsAllowed(wanted.length) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best ?? wordWithSameBeginning(wanted, candidates);
}

function wordWithSameBeginning(wanted: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const shorter = Math.min(other.length, wanted.length);
    const same = shorter >= 5 && other.slice(0, shorter) === wanted.slice(0, shorter);
    if (same && (best === undefined || candidate.length > best.length)) best = candidate;
  }
  return best;
}

function editsAllowed(length: number): number {
  if (length <= 4) return 1;
  return length <= 9 ? 2 : 3;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`. From `limit` on the number is
 * not exact: that there are as many is all that counts.
 */
export function editDistance(
  a: string,
  b: string,
  limit: number = Number.POSITIVE_INFINITY,
): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    // A swap looks back two rows, and adds one edit to what stands there.
    if (least > limit) return least;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
