// CPU nanoseconds a delivered packet and packets/s of one core, generator included, for our data plane
// and for what one would use else, in one run: 60-byte UDP, rounds interleaved, medians.

import { execFileSync, spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { possibleCpus } from "../src/linux/ffi/bpf.ts";
import { bpf, cpuNs, must, sendFrames } from "./dataplane-lab.ts";
import {
  barePath,
  flowCounts,
  forwardingPath,
  keelsonPath,
  type MeasuredPath,
  nftablesPath,
} from "./dataplane-paths.ts";
import { measurePrograms } from "./dataplane-program.ts";

const rounds = 7;
const warmUpPackets = 400_000;
const packets = 1_500_000;
const measuredCpu = cpus().length > 1 ? 1 : 0;

interface Row {
  readonly case: string;
  readonly metric: string;
  readonly unit: string;
  readonly keelson: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly target?: string;
  readonly met?: boolean;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function softirqThread(): number {
  return Number(execFileSync("pgrep", ["-x", `ksoftirqd/${measuredCpu}`], { encoding: "utf8" }));
}

function receivedCount(path: MeasuredPath): number {
  const bytes = new Uint8Array(8 * possibleCpus());
  must("sink", bpf.bpfMapLookup(path.received, new Uint8Array(4), bytes));
  const view = new DataView(bytes.buffer);
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 8) sum += Number(view.getBigUint64(at, true));
  return sum;
}

/** One load of one path: CPU ns a packet that arrived, and the share that arrived. */
function load(
  path: MeasuredPath,
  flows: number,
  count: number,
  thread: number,
): { ns: number; share: number } {
  const generator = path.generators.get(flows) ?? -1;
  path.path.enter("cl");
  const before = receivedCount(path);
  const startedNs = cpuNs(thread);
  sendFrames(generator, path.ifindex, count);
  const spentNs = cpuNs(thread) - startedNs;
  path.path.leave();
  const arrived = receivedCount(path) - before;
  return { ns: arrived > 0 ? spentNs / arrived : Number.NaN, share: arrived / count };
}

async function measure(): Promise<void> {
  const thread = softirqThread();
  const paths = new Map<string, MeasuredPath>();
  try {
    paths.set("keelson DR", await keelsonPath("DR"));
    paths.set("keelson NAT", await keelsonPath("NAT"));
    paths.set("bare redirect", barePath("br", "bare_redirect"));
    paths.set("bare LRU balancer", barePath("bl", "bare_balancer"));
    paths.set("kernel forwarding", forwardingPath());
    paths.set("nftables DNAT", nftablesPath());
    const ns = new Map<string, Map<number, number[]>>();
    const shares = new Map<string, number[]>();
    for (const [name, path] of paths) {
      ns.set(name, new Map(flowCounts.map((flows) => [flows, []])));
      for (const flows of flowCounts) load(path, flows, warmUpPackets, thread);
    }
    for (let round = 0; round < rounds; round++) {
      for (const flows of flowCounts) {
        for (const [name, path] of paths) {
          const { ns: once, share } = load(path, flows, packets, thread);
          ns.get(name)?.get(flows)?.push(once);
          shares.set(name, [...(shares.get(name) ?? []), share]);
        }
      }
    }
    const programs = measurePrograms(paths);
    report(ns, shares, new Map([...programs].map(([name, values]) => [name, median(values)])));
  } finally {
    for (const path of paths.values()) await path.close();
  }
}

function report(
  ns: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>,
  shares: ReadonlyMap<string, readonly number[]>,
  programs: ReadonlyMap<string, number>,
): void {
  const at = (name: string, flows: number): number => median(ns.get(name)?.get(flows) ?? []);
  console.log(
    `60-byte UDP, one core (CPU ${measuredCpu}), generator included, median of ${rounds} interleaved runs of ${packets} packets`,
  );
  console.log(
    `${"path".padEnd(20)}${flowCounts.map((flows) => `${flows} flows: ns (min..max)  Mpps`.padStart(42)).join("")}   arrived   test_run ns`,
  );
  for (const [name, byFlows] of ns) {
    const cells = flowCounts.map((flows) => {
      const values = byFlows.get(flows) ?? [];
      const middle = median(values);
      return `${middle.toFixed(0)} (${Math.min(...values).toFixed(0)}..${Math.max(...values).toFixed(0)})  ${(1000 / middle).toFixed(2)}`.padStart(
        42,
      );
    });
    const program = programs.get(name) ?? Number.NaN;
    const arrived = Math.min(...(shares.get(name) ?? []));
    console.log(
      `${name.padEnd(20)}${cells.join("")}   ${arrived.toFixed(3)}     ${Number.isNaN(program) ? "-" : program.toFixed(0)}`,
    );
  }
  const rows: Row[] = [];
  for (const [name, factor] of [
    ["keelson DR", 5],
    ["keelson NAT", 4],
  ] as const)
    for (const flows of flowCounts) rows.push(packetRow(name, factor, flows, at));
  for (const name of ["keelson DR", "keelson NAT"]) rows.push(programRow(name, programs));
  for (const row of rows)
    console.log(
      `${row.case}: ${row.keelson} ${row.unit}; target ${row.target}: ${row.met ? "met" : "MISSED"}`,
    );
  console.log(JSON.stringify({ bench: "dataplane", rows }));
}

function packetRow(
  name: string,
  factor: number,
  flows: number,
  at: (name: string, flows: number) => number,
): Row {
  const perSecond = (other: string): number => Math.round(1e9 / at(other, flows));
  const peers = ["nftables DNAT", "kernel forwarding", "bare redirect", "bare LRU balancer"];
  const ours = perSecond(name);
  return {
    case: `${name.replace("keelson ", "")}, ${flows} flows`,
    metric: "packets a second and core, generator included",
    unit: "packets/s",
    keelson: ours,
    peers: Object.fromEntries(peers.map((peer) => [peer, perSecond(peer)])),
    target: `>= ${factor} x nftables DNAT`,
    met: ours >= factor * perSecond("nftables DNAT"),
  };
}

function programRow(name: string, programs: ReadonlyMap<string, number>): Row {
  const round = (other: string): number =>
    Math.round((programs.get(other) ?? Number.NaN) * 10) / 10;
  return {
    case: `${name.replace("keelson ", "")}, established flow`,
    metric: "BPF_PROG_TEST_RUN, gross",
    unit: "ns",
    keelson: round(name),
    peers: {
      "bare redirect": round("bare redirect"),
      "bare LRU balancer": round("bare LRU balancer"),
    },
    target: "<= 60 ns",
    met: round(name) <= 60,
  };
}

if (process.getuid?.() !== 0) {
  console.error("the data plane's benchmark needs root");
  process.exitCode = 1;
} else if (process.env["KEELSON_BENCH_PINNED"] === undefined) {
  const self = fileURLToPath(import.meta.url);
  const pinned = spawnSync(
    "taskset",
    ["-c", String(measuredCpu), process.execPath, "--enable-source-maps", self],
    {
      stdio: "inherit",
      env: { ...process.env, KEELSON_BENCH_PINNED: "1" },
    },
  );
  process.exitCode = pinned.status ?? 1;
} else {
  await measure();
}
