// The benchmark's table for people, and its rows.

import { type Figures, measuredCpu, type Series } from "./packets.ts";

/** One row of the last line's JSON. */
export interface Row {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly keelson: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly target?: string;
  readonly met?: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const perSecond = (series: Series | undefined): number =>
  Math.round(1e9 / median(series?.ns ?? []));

const loadName = (load: number | "new"): string =>
  load === "new" ? "new flows" : `${load.toLocaleString("en")} flow${load === 1 ? "" : "s"}`;

/** A line for each path: ns a packet, and how much arrived. */
export function printLoads(title: string, figures: Figures): void {
  const loads = [...([...figures.values()][0]?.keys() ?? [])];
  const name = (text: string): string => text.padEnd(20);
  console.log(`\n${title}, 60-byte UDP, one core (CPU ${measuredCpu}), generator included:`);
  console.log("ns a packet, median (min..max)");
  console.log(`${name("")}${loads.map((one) => loadName(one).padStart(24)).join("")}   arrived`);
  for (const [path, series] of figures) {
    const cells = loads.map((one) => {
      const { ns } = series.get(one) ?? { ns: [] };
      if (ns.length === 0) return "-".padStart(24);
      const range = `(${Math.min(...ns).toFixed(0)}..${Math.max(...ns).toFixed(0)})`;
      return `${median(ns).toFixed(0)} ${range}`.padStart(24);
    });
    const arrived = Math.min(...[...series.values()].flatMap(({ shares }) => shares));
    console.log(`${name(path)}${cells.join("")}     ${arrived.toFixed(3)}`);
  }
}

/** What a path has to reach: a multiple of what another carries. */
export interface Target {
  readonly factor: number;
  readonly peer: string;
}

/** Packets a second of each of our paths beside every other path, for each load. */
export function loadRows(
  where: string,
  figures: Figures,
  targets: Readonly<Record<string, Target>>,
): Row[] {
  const rows: Row[] = [];
  const others = [...figures].filter(([name]) => !name.startsWith("keelson"));
  for (const [name, series] of figures) {
    if (!name.startsWith("keelson")) continue;
    const target = targets[name];
    for (const [load, ours] of series) {
      const peers = Object.fromEntries(
        others.map(([other, theirs]) => [other, perSecond(theirs.get(load))]),
      );
      const keelson = perSecond(ours);
      const wanted = target === undefined ? undefined : target.factor * (peers[target.peer] ?? 0);
      rows.push({
        case: `${where}: ${name.replace("keelson ", "")}, ${loadName(load)}`,
        metric: "packets a second and core, generator included",
        unit: "packets/s",
        keelson,
        peers,
        ...(target !== undefined &&
          wanted !== undefined &&
          load !== "new" && {
            target: `>= ${target.factor} x ${target.peer}`,
            met: keelson >= wanted,
          }),
      });
    }
  }
  return rows;
}

/** A row with an upper bound. */
export function boundRow(row: Omit<Row, "target" | "met">, most: number): Row {
  return { ...row, target: `<= ${most} ${row.unit}`, met: row.keelson <= most };
}

/** The verdicts for people, then the line for programs. */
export function closeWith(rows: readonly Row[]): void {
  console.log("");
  for (const row of rows)
    if (row.target !== undefined)
      console.log(
        `${row.case}: ${row.keelson} ${row.unit}; target ${row.target}: ${row.met ? "met" : "MISSED"}`,
      );
  console.log(JSON.stringify({ bench: "dataplane", rows }));
}
