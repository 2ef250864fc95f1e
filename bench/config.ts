// `make bench-config`: how long a large configuration takes. Keelson reads it, judges it by all rules and compares it with
// itself as for a reload; keepalived reads it (`keepalived -t`). Turn by turn, in the same run.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type WatchedRun, watchRun } from "./watched-run.ts";

interface Row {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly keelson: number;
  readonly peers: { readonly keepalived?: number };
  readonly target?: string;
  readonly met?: boolean;
}

const virtualServers = 10_000;
const realServersEach = 10;
const rounds = 7;
const factorMax = 1.5;
const keepalived = "/usr/sbin/keepalived";

/** The file: 66 lines a virtual server. */
function configurationText(): string {
  const blocks: string[] = [];
  for (let i = 0; i < virtualServers; i++) {
    const real = Array.from(
      { length: realServersEach },
      (_, j) => `    real_server 192.168.${i & 255}.${j + 1} 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
        }
    }
`,
    );
    blocks.push(`virtual_server 10.${(i >> 8) & 255}.${i & 255}.1 80 {
    delay_loop 6
    lb_algo rr
    lb_kind DR
    protocol TCP
${real.join("")}}
`);
  }
  return blocks.join("");
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function measureOurs(path: string): Promise<WatchedRun> {
  const program = fileURLToPath(new URL("./config-run.js", import.meta.url));
  // As bin/keelson sets it, before anything is loaded.
  return watchRun(process.execPath, ["--semi-space-growth-factor=8", program, path]);
}

/** keepalived looks at the interfaces of the host, so it gets a host without any where that is allowed. */
function measureTheirs(path: string): Promise<WatchedRun> {
  const test = ["-t", "-f", path];
  return process.getuid?.() === 0
    ? watchRun("unshare", ["-n", keepalived, ...test])
    : watchRun(keepalived, test);
}

function rowOf(
  metric: string,
  unit: string,
  ours: readonly WatchedRun[],
  theirs: readonly WatchedRun[],
  pick: (run: WatchedRun) => number,
  factor?: number,
): Row {
  const keelson = Math.round(median(ours.map(pick)));
  const peer = theirs.length === 0 ? undefined : Math.round(median(theirs.map(pick)));
  const range = (runs: readonly WatchedRun[]): string => {
    const values = runs.map(pick);
    return values.length === 0
      ? ""
      : `${Math.min(...values).toFixed(0)}..${Math.max(...values).toFixed(0)}`;
  };
  const ratio = peer === undefined ? "" : (keelson / peer).toFixed(2);
  const cells = [`${keelson}`, range(ours), `${peer ?? ""}`, range(theirs), ratio];
  console.log(
    `  ${`${metric}, ${unit}`.padEnd(24)}${cells.map((cell) => cell.padStart(14)).join("")}`,
  );
  const row = {
    case: `${virtualServers} virtual servers x ${realServersEach} real servers`,
    metric,
    unit,
    keelson,
    peers: peer === undefined ? {} : { keepalived: peer },
  };
  if (factor === undefined || peer === undefined) return row;
  return { ...row, target: `<= ${factor} x keepalived`, met: keelson <= factor * peer };
}

function assertRead(run: WatchedRun): void {
  const { virtualServers: read, errors, steps } = JSON.parse(run.output);
  if (run.status !== 0 || read !== virtualServers || errors !== 0 || steps !== 0)
    throw new Error(`the file was not read as it is written: ${run.output}`);
}

const folder = mkdtempSync(join(tmpdir(), "keelson-bench-"));
try {
  const path = join(folder, "keepalived.conf");
  writeFileSync(path, configurationText());
  const withPeer = existsSync(keepalived);
  if (!withPeer) console.log("keepalived is not installed: Keelson is measured alone");
  const ours: WatchedRun[] = [];
  const theirs: WatchedRun[] = [];
  await measureOurs(path);
  if (withPeer) await measureTheirs(path);
  for (let round = 0; round < rounds; round++) {
    const run = await measureOurs(path);
    assertRead(run);
    ours.push(run);
    if (withPeer) theirs.push(await measureTheirs(path));
  }
  console.log(
    `\n  A configuration of ${virtualServers} x ${realServersEach}: Keelson reads, judges and compares it; keepalived reads it.\n  Medians of ${rounds} runs, turn by turn, and their range\n`,
  );
  const heads = ["Keelson", "", withPeer ? "keepalived" : "", "", withPeer ? "ratio" : ""];
  console.log(`  ${"".padEnd(24)}${heads.map((head) => head.padStart(14)).join("")}`);
  const rows = [
    rowOf("time", "ms", ours, theirs, ({ wallMs }) => wallMs, factorMax),
    rowOf("processor time", "ms", ours, theirs, ({ cpuMs }) => cpuMs),
    rowOf("largest memory", "MB", ours, theirs, ({ peakMb }) => peakMb),
  ];
  const unmet = rows.filter(({ met }) => met === false);
  for (const row of unmet) console.log(`  not met: ${row.metric}, ${row.target}`);
  console.log(unmet.length === 0 ? "\n  every row is met\n" : "");
  console.log(JSON.stringify({ bench: "config", rows }));
  process.exitCode = unmet.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
