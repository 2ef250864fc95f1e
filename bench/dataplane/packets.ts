// Loads of raw packets: CPU nanoseconds a packet that arrived, generator included, on one core.

import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { possibleCpus } from "../../src/linux/ffi/bpf.ts";
import { bpf, cpuNs, must, sendFrames } from "./lab.ts";
import type { MeasuredPath } from "./paths.ts";

/** The CPU to which the benchmark pins itself, and with it all the packets' work. */
export const measuredCpu: number = cpus().length > 1 ? 1 : 0;

/** How much is sent. */
export interface LoadPlan {
  readonly rounds: number;
  readonly packets: number;
  readonly flowCounts: readonly number[];
  /** Flows that no path has seen, in each round. */
  readonly newFlows: number;
}

/** What one kind of load cost, round by round. */
export interface Series {
  readonly ns: number[];
  /** Share of the packets that arrived. */
  readonly shares: number[];
}

/** Figures by path and load; the load of new flows is called "new". */
export type Figures = ReadonlyMap<string, ReadonlyMap<number | "new", Series>>;

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

function load(
  path: MeasuredPath,
  generator: number,
  count: number,
  thread: number,
): { readonly ns: number; readonly share: number } {
  path.path.enter("cl");
  const before = receivedCount(path);
  const startedNs = cpuNs(thread);
  sendFrames(generator, path.ifindex, count);
  const spentNs = cpuNs(thread) - startedNs;
  path.path.leave();
  const arrived = receivedCount(path) - before;
  return { ns: arrived > 0 ? spentNs / arrived : Number.NaN, share: arrived / count };
}

/** Rounds are interleaved, so that a noisy neighbour meets all paths alike. */
export function loadAll(paths: ReadonlyMap<string, MeasuredPath>, plan: LoadPlan): Figures {
  const thread = softirqThread();
  const figures = new Map<string, Map<number | "new", Series>>();
  const carries = (path: MeasuredPath, flows: number): boolean =>
    flows <= (path.flowsMax ?? Number.POSITIVE_INFINITY);
  for (const [name, path] of paths) {
    const counts = plan.flowCounts.filter((flows) => carries(path, flows));
    const loads = [...(carries(path, plan.newFlows) ? ["new" as const] : []), ...counts];
    figures.set(name, new Map(loads.map((one) => [one, { ns: [], shares: [] }])));
    // Twice as many packets as flows: each is established before it is measured.
    for (const flows of counts)
      load(path, path.generator(flows), Math.max(plan.packets / 4, 2 * flows), thread);
  }
  const note = (name: string, which: number | "new", one: ReturnType<typeof load>): void => {
    const series = figures.get(name)?.get(which);
    series?.ns.push(one.ns);
    series?.shares.push(one.share);
  };
  for (let round = 0; round < plan.rounds; round++) {
    for (const [name, path] of paths) {
      if (!carries(path, plan.newFlows)) continue;
      const fresh = path.generator(plan.newFlows, `10.8.${16 + 2 * round}.0`);
      note(name, "new", load(path, fresh, plan.newFlows, thread));
    }
    for (const flows of plan.flowCounts)
      for (const [name, path] of paths)
        if (carries(path, flows))
          note(name, flows, load(path, path.generator(flows), plan.packets, thread));
  }
  return figures;
}
