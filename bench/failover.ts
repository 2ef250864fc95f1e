// `make bench-failover`: how long a pair is without a MASTER, Keelson's and keepalived's, in the
// same lab, in the same run, turn by turn, with the same series of phases after an advert.

import { existsSync } from "node:fs";
import { type DirectorProgram, keelson, quietKeepalived } from "../src/lab/director.ts";
import { obtainPrivileges } from "../src/lab/privileges.ts";
import { type AdvertCase, type FailoverEvent, FailoverPair } from "./failover-pair.ts";
import type { FailoverOutcome } from "./failover-protocol.ts";

interface Row {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly keelson: number | null;
  readonly peers: { readonly keepalived?: number | null };
  readonly target: string;
  readonly met: boolean;
}

const cases: readonly { readonly advert: AdvertCase; readonly rounds: number }[] = [
  { advert: { version: 2, intervalS: 1 }, rounds: 5 },
  { advert: { version: 3, intervalS: 0.1 }, rounds: 7 },
  { advert: { version: 3, intervalS: 0.01 }, rounds: 9 },
];
const events: readonly FailoverEvent[] = ["kill -9", "clean stop"];
const busySeconds = 60;
/** The probes are a millisecond apart: what is closer than that is equal. */
const resolutionMs = 1;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** One decimal; null for what did not happen. */
function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : null;
}

function notSlower(ours: number, theirs: number | undefined): boolean {
  return Number.isFinite(ours) && (theirs === undefined || !(ours > theirs + resolutionMs));
}

function printRow(cells: readonly string[]): void {
  const [name = "", ...numbers] = cells;
  console.log(`  ${name.padEnd(42)}${numbers.map((cell) => cell.padStart(18)).join("")}`);
}

function printMeasured(
  name: string,
  ours: readonly number[],
  theirs: readonly number[] | undefined,
): void {
  const text = (values: readonly number[]): string => median(values).toFixed(1);
  const ratio =
    theirs === undefined || median(theirs) < 0.05 ? "" : (median(ours) / median(theirs)).toFixed(2);
  printRow([name, text(ours), theirs === undefined ? "" : text(theirs), ratio]);
  const range = (values: readonly number[]): string =>
    `${Math.min(...values).toFixed(1)}..${Math.max(...values).toFixed(1)}`;
  printRow(["", range(ours), theirs === undefined ? "" : range(theirs), ""]);
}

function rowsOf(
  name: string,
  ours: readonly FailoverOutcome[],
  theirs: readonly FailoverOutcome[] | undefined,
): Row[] {
  const metrics = [
    ["take-over", (outcome: FailoverOutcome) => outcome.takenOverMs ?? Number.POSITIVE_INFINITY],
    ["lost", (outcome: FailoverOutcome) => outcome.lostMs],
  ] as const;
  return metrics.map(([metric, pick]) => {
    const our = ours.map(pick);
    const their = theirs?.map(pick);
    printMeasured(`${name}: ${metric}, ms`, our, their);
    return {
      case: name,
      metric,
      unit: "ms",
      keelson: rounded(median(our)),
      peers: their === undefined ? {} : { keepalived: rounded(median(their)) },
      target: `<= keepalived (+${resolutionMs} ms: the interval of the probes)`,
      met: notSlower(median(our), their === undefined ? undefined : median(their)),
    };
  });
}

async function measureCase(
  advert: AdvertCase,
  rounds: number,
  programs: readonly DirectorProgram[],
): Promise<Row[]> {
  const pairs: FailoverPair[] = [];
  const rows: Row[] = [];
  try {
    for (const program of programs) pairs.push(await FailoverPair.open(program, advert));
    for (const event of events) {
      const outcomes = pairs.map((): FailoverOutcome[] => []);
      for (let round = 0; round < rounds; round++)
        for (const [index, pair] of pairs.entries())
          outcomes[index]?.push(await pair.round(event, (round + 0.5) / rounds));
      const name = `${event}, advert_int ${advert.intervalS} (v${advert.version})`;
      rows.push(...rowsOf(name, outcomes[0] ?? [], outcomes[1]));
    }
  } finally {
    for (const pair of pairs) await pair.close();
  }
  return rows;
}

async function falseChanges(program: DirectorProgram, seconds: number): Promise<number> {
  const pair = await FailoverPair.open(program, { version: 3, intervalS: 0.01 });
  try {
    for (let burner = 0; burner < 4; burner++)
      await pair.lab.host("client").start(["sh", "-c", "while :; do :; done"]);
    const { falseChanges: changes, adverts } = await pair.watchIdle(seconds);
    console.log(`  ${program.name}: ${adverts} adverts heard, ${changes} changes of sender`);
    return changes;
  } finally {
    await pair.close();
  }
}

async function measureBusy(programs: readonly DirectorProgram[], seconds: number): Promise<Row> {
  console.log(
    `\n  ${seconds} s with both cores busy (4 loops), advert_int 0.01 (v3), nothing fails:`,
  );
  const counts: number[] = [];
  for (const program of programs) counts.push(await falseChanges(program, seconds));
  const [ours = Number.NaN, theirs] = counts;
  return {
    case: `${seconds} s with both cores busy, advert_int 0.01 (v3)`,
    metric: "false changes of state",
    unit: "count",
    keelson: ours,
    peers: theirs === undefined ? {} : { keepalived: theirs },
    target: "0",
    met: ours === 0,
  };
}

const privileges = obtainPrivileges();
if (privileges.kind === "refused") {
  for (const line of privileges.lines) console.error(line);
  process.exit(1);
}
if (privileges.kind === "entered") process.exit(await privileges.status);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => process.exit(130));

const withKeepalived = existsSync("/usr/sbin/keepalived");
const programs = withKeepalived ? [keelson, quietKeepalived] : [keelson];
if (!withKeepalived) console.log("keepalived is not installed: Keelson is measured alone");
console.log("\n  Failover: a client asks every millisecond; medians, and the range below them\n");
printRow(["", "Keelson", withKeepalived ? "keepalived" : "", withKeepalived ? "ratio" : ""]);
const rows: Row[] = [];
for (const { advert, rounds } of cases) rows.push(...(await measureCase(advert, rounds, programs)));
rows.push(await measureBusy(programs, busySeconds));
const unmet = rows.filter((row) => !row.met);
for (const row of unmet) console.log(`  not met: ${row.case}, ${row.metric}`);
console.log(unmet.length === 0 ? "\n  every row is met\n" : "");
console.log(JSON.stringify({ bench: "failover", rows }));
process.exit(unmet.length === 0 ? 0 : 1);
