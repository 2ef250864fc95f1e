// `make bench-failover [ONLY=words]`: how long clients are without an answer, with Keelson's pair and
// with keepalived's, in the same lab, in the same run, turn by turn, with the same series of phases
// after an advert. ONLY: the parts whose names hold one of the words.

import { existsSync } from "node:fs";
import { keelson, quietKeepalived } from "../src/lab/director.ts";
import { obtainPrivileges } from "../src/lab/privileges.ts";
import {
  type AdvertCase,
  type FailoverEvent,
  FailoverPair,
  type PairPrograms,
} from "./failover-pair.ts";
import type { FailoverOutcome } from "./failover-protocol.ts";
import {
  asFastAsKeepalived,
  atMost,
  printCells,
  type Row,
  rowOf,
  type Target,
} from "./failover-rows.ts";

interface Part {
  readonly event: FailoverEvent | "healing";
  readonly advert: AdvertCase;
  readonly rounds: number;
}

const second: AdvertCase = { version: 2, intervalS: 1 };
const tenth: AdvertCase = { version: 3, intervalS: 0.1 };
const hundredth: AdvertCase = { version: 3, intervalS: 0.01 };
const parts: readonly Part[] = [
  { event: "kill -9", advert: second, rounds: 5 },
  { event: "kill -9", advert: tenth, rounds: 7 },
  { event: "kill -9", advert: hundredth, rounds: 9 },
  { event: "clean stop", advert: second, rounds: 5 },
  { event: "clean stop", advert: tenth, rounds: 7 },
  { event: "clean stop", advert: hundredth, rounds: 9 },
  { event: "failover command", advert: second, rounds: 5 },
  { event: "failover command", advert: tenth, rounds: 7 },
  { event: "link down", advert: second, rounds: 5 },
  { event: "link down", advert: tenth, rounds: 7 },
  { event: "VRRP process killed", advert: second, rounds: 5 },
  { event: "VRRP process killed", advert: tenth, rounds: 7 },
  { event: "healing", advert: second, rounds: 9 },
  { event: "healing", advert: tenth, rounds: 9 },
];
const busySeconds = 60;

const ours: PairPrograms = [keelson, keelson];
const theirs: PairPrograms = [quietKeepalived, quietKeepalived];

/** Three adverts and the longest skew. */
const downIntervals = 4;

/** The lease of a dead MASTER ends before its successor comes, and not after it: decision 210. */
function withinDownInterval({ intervalS }: AdvertCase): Target {
  return atMost(downIntervals * intervalS * 1000, "two routers never answer");
}

/** What clients may miss at each event. */
const lossTargets: Readonly<Record<Exclude<Part["event"], "kill -9">, Target>> = {
  "link down": asFastAsKeepalived,
  "clean stop": atMost(5, "the successor announces before the predecessor withdraws"),
  "failover command": atMost(5, "the successor announces before the predecessor withdraws"),
  "VRRP process killed": atMost(1, "the address stays"),
  healing: atMost(50, "the winner announces at once"),
};

function nameOf({ event, advert }: Part): string {
  return `${event}, advert_int ${advert.intervalS} (v${advert.version})`;
}

/** Runs the rounds of each pair turn by turn. */
async function measure(part: Part, pairs: readonly PairPrograms[]): Promise<FailoverOutcome[][]> {
  const { event, advert, rounds } = part;
  const open: FailoverPair[] = [];
  const outcomes = pairs.map((): FailoverOutcome[] => []);
  try {
    for (const programs of pairs) open.push(await FailoverPair.open(programs, advert));
    for (let round = 0; round < rounds; round++)
      for (const [index, pair] of open.entries()) {
        const phase = (round + 0.5) / rounds;
        const outcome = event === "healing" ? pair.heal(phase) : pair.round(event, phase);
        outcomes[index]?.push(await outcome);
      }
  } finally {
    for (const pair of open) await pair.close();
  }
  return outcomes;
}

async function measureEvent(part: Part, withKeepalived: boolean): Promise<Row[]> {
  // Only Keelson has the command.
  const alone = part.event === "failover command" || !withKeepalived;
  const [our = [], their] = await measure(part, alone ? [ours] : [ours, theirs]);
  const name = nameOf(part);
  const lost = ({ lostMs }: FailoverOutcome): number => lostMs;
  const taken = ({ takenOverMs }: FailoverOutcome): number =>
    takenOverMs ?? Number.POSITIVE_INFINITY;
  const rows: Row[] = [];
  // The time of a command, and a take-over that should not happen, say nothing.
  if (part.event !== "failover command" && part.event !== "VRRP process killed")
    rows.push(
      rowOf({
        case: name,
        metric: "take-over",
        ours: our.map(taken),
        theirs: their?.map(taken),
        target: asFastAsKeepalived,
      }),
    );
  const target =
    part.event === "kill -9" ? withinDownInterval(part.advert) : lossTargets[part.event];
  rows.push(
    rowOf({ case: name, metric: "lost", ours: our.map(lost), theirs: their?.map(lost), target }),
  );
  return rows;
}

/** Keelson's pair, keepalived's, and one of each. The worst round counts: clients are blind or not. */
async function measureHealing(part: Part, withKeepalived: boolean): Promise<Row[]> {
  const mixed: readonly PairPrograms[] = [
    [keelson, quietKeepalived],
    [quietKeepalived, keelson],
  ];
  const pairs = withKeepalived ? [ours, theirs, ...mixed] : [ours];
  const [our = [], their, above, below] = (await measure(part, pairs)).map((outcomes) =>
    outcomes.map(({ lostMs }) => lostMs),
  );
  const name = nameOf(part);
  const target = lossTargets.healing;
  const metric = "blind in the worst round";
  const row = (suffix: string, values: readonly number[], peers: readonly number[] | undefined) =>
    rowOf({ case: name + suffix, metric, ours: values, theirs: peers, target, counts: "worst" });
  const rows = [row("", our, their)];
  if (above !== undefined) rows.push(row(", over keepalived", above, undefined));
  if (below !== undefined) rows.push(row(", under keepalived", below, undefined));
  return rows;
}

async function falseChanges(programs: PairPrograms, seconds: number): Promise<number> {
  const pair = await FailoverPair.open(programs, hundredth);
  try {
    for (let burner = 0; burner < 4; burner++)
      await pair.lab.host("client").start(["sh", "-c", "while :; do :; done"]);
    const { falseChanges: changes, adverts } = await pair.watchIdle(seconds);
    console.log(`  ${programs[0].name}: ${adverts} adverts heard, ${changes} changes of sender`);
    return changes;
  } finally {
    await pair.close();
  }
}

async function measureBusy(pairs: readonly PairPrograms[], seconds: number): Promise<Row> {
  console.log(
    `\n  ${seconds} s with both cores busy (4 loops), advert_int 0.01 (v3), nothing fails:`,
  );
  const counts: number[] = [];
  for (const programs of pairs) counts.push(await falseChanges(programs, seconds));
  const [our = Number.NaN, their] = counts;
  return {
    case: `${seconds} s with both cores busy, advert_int 0.01 (v3)`,
    metric: "false changes of state",
    unit: "count",
    keelson: our,
    peers: their === undefined ? {} : { keepalived: their },
    target: "0",
    met: our === 0,
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

const words = process.argv.slice(2);
const wanted = (name: string): boolean =>
  words.length === 0 || words.some((word) => name.includes(word));
const withKeepalived = existsSync("/usr/sbin/keepalived");
if (!withKeepalived) console.log("keepalived is not installed: Keelson is measured alone");
console.log("\n  Failover: a client asks every millisecond; medians, and the range below them\n");
printCells(["", "Keelson", withKeepalived ? "keepalived" : "", withKeepalived ? "ratio" : ""]);
const rows: Row[] = [];
for (const part of parts.filter((one) => wanted(nameOf(one)))) {
  const measured = part.event === "healing" ? measureHealing : measureEvent;
  rows.push(...(await measured(part, withKeepalived)));
}
if (wanted("busy"))
  rows.push(await measureBusy(withKeepalived ? [ours, theirs] : [ours], busySeconds));
const unmet = rows.filter((row) => !row.met);
for (const row of unmet) console.log(`  not met: ${row.case}, ${row.metric}: ${row.target}`);
console.log(unmet.length === 0 ? "\n  every row is met\n" : "");
console.log(JSON.stringify({ bench: "failover", rows }));
process.exit(unmet.length === 0 ? 0 : 1);
