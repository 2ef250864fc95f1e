/** Reads `n` (the seeds 1 to n) or `a..b`. */
export function seedsOf(
  text: string | undefined,
  otherwise: number,
): { readonly first: number; readonly last: number } {
  if (text === undefined || text === "") return { first: 1, last: otherwise };
  const range = /^(?:(\d+)\.\.)?(\d+)$/.exec(text);
  if (range === null) throw new Error(`SEEDS is a number or a..b, not ${text}`);
  return { first: Number(range[1] ?? 1), last: Number(range[2]) };
}
