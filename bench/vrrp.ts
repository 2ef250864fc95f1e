// `make bench-vrrp`: hundreds of instances on one node: how long until all are MASTER, what they cost
// when nothing happens, and what a reload of the same file does. Keelson and keepalived, turn by turn.

import { existsSync } from "node:fs";
import { type DirectorProgram, keelson, quietKeepalived } from "../src/lab/director.ts";
import { obtainPrivileges } from "../src/lab/privileges.ts";
import { median } from "./failover-rows.ts";
import { measureNode, type NodeFigures } from "./vrrp-node.ts";

interface Row {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly keelson: number;
  readonly peers: { readonly keepalived?: number };
  readonly target?: string;
  readonly met?: boolean;
}

interface Metric {
  readonly name: string;
  readonly unit: string;
  pick(figures: NodeFigures): number;
  readonly target?: { readonly text: string; met(ours: number): boolean };
}

const sizes = [255, 1000];
const rounds = 3;
const metrics: readonly Metric[] = [
  { name: "start to all MASTER", unit: "ms", pick: ({ startMs }) => startMs },
  { name: "processor when idle", unit: "% of a core", pick: ({ cpuPercent }) => cpuPercent },
  { name: "memory of its own", unit: "MB", pick: ({ ownMb }) => ownMb },
  { name: "resident memory", unit: "MB", pick: ({ rssMb }) => rssMb },
  {
    name: "changes at an unchanged reload",
    unit: "count",
    pick: ({ reloadChanges }) => reloadChanges,
    target: { text: "0", met: (ours) => ours === 0 },
  },
  {
    name: "longest gap of adverts at a reload",
    unit: "ms",
    pick: ({ longestGapMs }) => longestGapMs,
    target: { text: "< 3 intervals", met: (ours) => ours < 3000 },
  },
];

function print(cells: readonly string[]): void {
  const [name = "", ...values] = cells;
  console.log(`  ${name.padEnd(52)}${values.map((value) => value.padStart(20)).join("")}`);
}

function rowOf(
  instances: number,
  metric: Metric,
  ours: readonly NodeFigures[],
  theirs: readonly NodeFigures[],
): Row {
  const values = (runs: readonly NodeFigures[]): number[] => runs.map(metric.pick);
  const middle = (runs: readonly NodeFigures[]): number =>
    Math.round(median(values(runs)) * 100) / 100;
  const range = (runs: readonly NodeFigures[]): string => {
    const all = values(runs);
    return `(${Math.min(...all).toFixed(1)}..${Math.max(...all).toFixed(1)})`;
  };
  const keelsonValue = middle(ours);
  const peers = theirs.length === 0 ? {} : { keepalived: middle(theirs) };
  const cell = (runs: readonly NodeFigures[]): string =>
    runs.length === 0 ? "" : `${middle(runs)} ${range(runs)}`;
  print([`${instances} instances: ${metric.name}, ${metric.unit}`, cell(ours), cell(theirs)]);
  const { name, unit, target } = metric;
  const row = { case: `${instances} instances`, metric: name, unit, keelson: keelsonValue, peers };
  if (target === undefined) return row;
  return { ...row, target: target.text, met: target.met(keelsonValue) };
}

const privileges = obtainPrivileges();
if (privileges.kind === "refused") {
  for (const line of privileges.lines) console.error(line);
  process.exit(1);
}
if (privileges.kind === "entered") process.exit(await privileges.status);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => process.exit(130));

const withPeer = existsSync("/usr/sbin/keepalived");
if (!withPeer) console.log("keepalived is not installed: Keelson is measured alone");
const programs: readonly DirectorProgram[] = withPeer ? [keelson, quietKeepalived] : [keelson];
console.log(
  `\n  One node, advert_int 1; medians of ${rounds} runs, turn by turn, and their range\n`,
);
print(["", "Keelson", withPeer ? "keepalived" : ""]);
const rows: Row[] = [];
for (const instances of sizes) {
  const runs = programs.map((): NodeFigures[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, program] of programs.entries())
      runs[index]?.push(await measureNode(program, instances));
  for (const metric of metrics) rows.push(rowOf(instances, metric, runs[0] ?? [], runs[1] ?? []));
}
const unmet = rows.filter(({ met }) => met === false);
for (const row of unmet) console.log(`  not met: ${row.case}, ${row.metric}: ${row.target}`);
console.log(unmet.length === 0 ? "\n  every target is met\n" : "");
console.log(JSON.stringify({ bench: "vrrp", rows }));
process.exit(unmet.length === 0 ? 0 : 1);
