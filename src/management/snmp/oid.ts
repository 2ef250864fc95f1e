// Object identifiers: compared, cut, printed.

/** Numbers of 0..2^32-1, in the order of the text. */
export type Oid = readonly number[];

/** Reads `1.3.6.1`; for constants, so that a mistake is a bug. */
export function oid(text: string): Oid {
  return text.split(".").map(Number);
}

/** `1.3.6.1`. */
export function printOid(value: Oid): string {
  return value.join(".");
}

/** Lexicographic: negative, zero or positive; a prefix comes before what it begins. */
export function compareOids(a: Oid, b: Oid): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** True when the first numbers of `value` are `prefix`. */
export function oidStartsWith(value: Oid, prefix: Oid): boolean {
  return value.length >= prefix.length && prefix.every((part, i) => value[i] === part);
}
