// Plays many seeds on all processors, and makes a file of each kind of failure that can be replayed.

import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawScene, playScene, shrinkScene } from "./machinery.ts";
import type { Scene } from "./scene.ts";

const PLAYER = fileURLToPath(new URL("./run-seeds.js", import.meta.url));
/** Where scenes of failures are written; nothing under it is kept in the repository. */
const SCENES = fileURLToPath(new URL("../../../../build/scenes", import.meta.url));

export interface Failure {
  readonly seed: number;
  readonly invariant: string;
  readonly text: string;
}

/** What one process has seen of its seeds. */
export interface Outcome {
  readonly failures: readonly Failure[];
  readonly events: number;
  readonly simulatedMs: number;
  readonly elapsedMs: number;
  readonly reached: Readonly<Record<string, number>>;
}

/** Plays the seeds from `first` to `last`. */
export async function playSeeds(first: number, last: number): Promise<Outcome> {
  const shards = availableParallelism();
  const startedMs = performance.now();
  const outcomes = await Promise.all(
    Array.from({ length: shards }, (_, i) => playShard(first + i, last, shards)),
  );
  const reached: Record<string, number> = {};
  for (const outcome of outcomes)
    for (const [what, times] of Object.entries(outcome.reached))
      reached[what] = (reached[what] ?? 0) + times;
  return {
    failures: outcomes.flatMap((one) => one.failures).sort((a, b) => a.seed - b.seed),
    events: outcomes.reduce((sum, one) => sum + one.events, 0),
    simulatedMs: outcomes.reduce((sum, one) => sum + one.simulatedMs, 0),
    elapsedMs: performance.now() - startedMs,
    reached,
  };
}

function playShard(first: number, last: number, step: number): Promise<Outcome> {
  const args = ["--enable-source-maps", PLAYER, String(first), String(last), String(step)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(JSON.parse(stdout) as Outcome);
    });
  });
}

/** One failure of each kind, as small as it gets, written to a file: what to tell about them. */
export function describeFailures(failures: readonly Failure[], shrunk = 3): string {
  const kinds = new Map<string, Failure[]>();
  for (const failure of failures)
    kinds.set(failure.invariant, [...(kinds.get(failure.invariant) ?? []), failure]);
  const lines: string[] = [];
  for (const [invariant, all] of [...kinds].slice(0, shrunk)) {
    const seeds = all.map((one) => one.seed);
    lines.push(`${invariant}: ${all.length} seeds (${seeds.slice(0, 8).join(", ")} ...)`);
    const [first] = all;
    if (first !== undefined) lines.push(describeFailure(first));
  }
  return lines.join("\n");
}

function describeFailure({ seed, text }: Failure): string {
  const scene = shrinkScene(drawScene(seed));
  const file = writeScene(scene, `seed-${seed}.json`);
  const now = playScene(scene).violation?.message ?? "does not fail any more when it is shrunk";
  const said = [
    `  seed ${seed}: ${text}`,
    `  smallest scene: ${scene.nodes.length} nodes, ${scene.faults.length} faults: ${now}`,
    `  replay: node dist/test/simulation/replay.js ${file}`,
    ...scene.nodes.map((node) => `    ${JSON.stringify(node)}`),
    ...scene.faults.map((fault) => `    ${JSON.stringify(fault)}`),
  ];
  return said.join("\n");
}

/** Writes a scene where it can be found again, and returns its path. */
export function writeScene(scene: Scene, name: string): string {
  mkdirSync(SCENES, { recursive: true });
  const file = join(SCENES, name);
  writeFileSync(file, `${JSON.stringify(scene, null, 2)}\n`);
  return file;
}
