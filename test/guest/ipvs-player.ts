// Runs inside the guest: plays streams on the kernel's IPVS and writes down what came of every step,
// and when. Usage: ipvs-player STREAMS PLAYED, in a fresh network namespace: so the table of connections
// is empty. STREAMS is JSON; PLAYED gets a line of JSON for each stream, and one for the counters.

import { appendFileSync, readFileSync } from "node:fs";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import type { ServiceStatistics } from "../../src/model/balancer-table.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { ipvsUnderTest, prepareDirector } from "../contract/ipvs-under-test.ts";
import {
  type ConnectionLine,
  type EngineUnderTest,
  type FrameOutcome,
  isAt,
} from "../contract/stream.ts";

/** A step as text can carry it: the frame in hexadecimal. */
export type WrittenStep =
  | { readonly operation: BalancerOperation }
  | { readonly settings: Partial<BalancerSettings> }
  | { readonly frame: string };

export interface WrittenStream {
  readonly virtual: string;
  readonly steps: readonly WrittenStep[];
}

/** What the kernel did in one step; the frame that came out in hexadecimal. */
export interface PlayedStep {
  /** Monotonic milliseconds in the guest, when the step was over. */
  readonly atMs: number;
  readonly outcome?: { readonly kind: FrameOutcome["kind"]; readonly frame?: string };
  readonly nextHop?: string;
}

export interface PlayedStream {
  readonly steps: readonly PlayedStep[];
  readonly connections: readonly ConnectionLine[];
  /** When the connections were listed. */
  readonly listedAtMs: number;
}

/** The last line. */
export interface PlayedCounters {
  readonly statistics: readonly ServiceStatistics[];
  readonly endedAtMs: number;
}

async function playAll(
  streams: readonly WrittenStream[],
  tell: (line: PlayedStream | PlayedCounters) => void,
): Promise<void> {
  const syscalls = loadSyscalls();
  prepareDirector([...new Set(streams.map(({ virtual }) => virtual))]);
  const kernel = await ipvsUnderTest();
  for (const { virtual, steps } of streams) {
    const done: PlayedStep[] = [];
    for (const step of steps) {
      let rest: Omit<PlayedStep, "atMs"> = {};
      if ("operation" in step) await kernel.apply(step.operation);
      else if ("settings" in step) await kernel.set(step.settings);
      else rest = written(await kernel.handle(fromHex(step.frame)));
      done.push({ atMs: syscalls.monotonicMs(), ...rest });
    }
    const listedAtMs = syscalls.monotonicMs();
    tell({ steps: done, connections: await listAll(kernel, virtual), listedAtMs });
  }
  const statistics = await kernel.statistics();
  await kernel.close();
  tell({ statistics, endedAtMs: syscalls.monotonicMs() });
}

/** A listing leaves out a connection when others end while it is read: what several tell counts. */
async function listAll(
  kernel: EngineUnderTest,
  virtual: string,
): Promise<readonly ConnectionLine[]> {
  const found = new Map<string, ConnectionLine>();
  for (let attempt = 0; attempt < 3; attempt++) {
    for (const line of await kernel.connections()) {
      if (isAt(line, virtual)) found.set(Object.values(line).join(" "), line);
    }
  }
  return [...found.values()];
}

function written(outcome: FrameOutcome): Omit<PlayedStep, "atMs"> {
  if (outcome.kind !== "forward") return { outcome: { kind: outcome.kind } };
  const { kind, frame, nextHop } = outcome;
  return { outcome: { kind, frame: toHex(frame) }, nextHop };
}

const [from, into] = process.argv.slice(2);
if (from !== undefined && into !== undefined) {
  const streams = JSON.parse(readFileSync(from, "utf8")) as readonly WrittenStream[];
  await playAll(streams, (line) => appendFileSync(into, `${JSON.stringify(line)}\n`));
}
