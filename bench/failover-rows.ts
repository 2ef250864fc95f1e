// Rows of the failover benchmark: printed while they are measured, and kept for the line of JSON.

/** One measured value beside its peers. */
export interface Row {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly keelson: number | null;
  readonly peers: { readonly keepalived?: number | null };
  readonly target: string;
  readonly met: boolean;
}

/** The probes are a millisecond apart: what is closer than that is equal. */
export const resolutionMs = 1;

/** What a row must reach. */
export interface Target {
  readonly text: string;
  met(ours: number, theirs: number | undefined): boolean;
}

/** Not slower than keepalived in the same run. */
export const asFastAsKeepalived: Target = {
  text: `<= keepalived (+${resolutionMs} ms: the interval of the probes)`,
  met: (ours, theirs) => theirs === undefined || !(ours > theirs + resolutionMs),
};

/** At most this many milliseconds, whatever others need. */
export function atMost(limitMs: number, words: string): Target {
  return { text: `${words}: <= ${limitMs} ms`, met: (ours) => ours <= limitMs };
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Prints a name and what stands beside it. */
export function printCells(cells: readonly string[]): void {
  const [name = "", ...numbers] = cells;
  console.log(`  ${name.padEnd(56)}${numbers.map((cell) => cell.padStart(16)).join("")}`);
}

/** Values of one metric: of Keelson, and of keepalived where it was measured. */
export interface Measured {
  readonly case: string;
  readonly metric: string;
  readonly ours: readonly number[];
  readonly theirs: readonly number[] | undefined;
  readonly target: Target;
  /** The median counts unless said. */
  readonly counts?: "worst";
}

/** Prints medians and ranges, and judges them. */
export function rowOf({ case: name, metric, ours, theirs, target, counts }: Measured): Row {
  const pick = (values: readonly number[]): number =>
    counts === "worst" ? Math.max(...values) : median(values);
  const our = pick(ours);
  const their = theirs === undefined ? undefined : pick(theirs);
  const ratio = their === undefined || their < 0.05 ? "" : (our / their).toFixed(2);
  const text = (value: number | undefined): string => value?.toFixed(1) ?? "";
  printCells([`${name}: ${metric}, ms`, text(our), text(their), ratio]);
  const range = (values: readonly number[] | undefined): string =>
    values === undefined
      ? ""
      : `${Math.min(...values).toFixed(1)}..${Math.max(...values).toFixed(1)}`;
  printCells(["", range(ours), range(theirs), ""]);
  return {
    case: name,
    metric,
    unit: "ms",
    keelson: rounded(our),
    peers: their === undefined ? {} : { keepalived: rounded(their) },
    target: target.text,
    met: Number.isFinite(our) && target.met(our, their),
  };
}

/** One decimal; null for what did not happen. */
function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : null;
}
