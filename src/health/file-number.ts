// The number in a tracked file [track_file].

/** Beyond this a number is cut: no weight makes a difference there. */
const NUMBER_MAX = 2_147_483_647;

/** Reads the number that a file begins with, blanks aside; undefined when there is none. */
export function parseFileNumber(text: string): number | undefined {
  const word = text.trim();
  if (!/^[+-]?\d+$/.test(word)) return undefined;
  return Math.max(-NUMBER_MAX - 1, Math.min(NUMBER_MAX, Number(word)));
}
