// Plays a range of seeds: `run-seeds.js FIRST LAST [STEP]`. Prints one line of JSON at the end.

import { drawScene, playScene } from "./machinery.ts";
import { Reached } from "./reached.ts";

const [first = 1, last = 100, step = 1] = process.argv.slice(2).map(Number);
const reached = new Reached();
const failures: { readonly seed: number; readonly invariant: string; readonly text: string }[] = [];
let events = 0;
let simulatedMs = 0;
const startedAt = performance.now();
for (let seed = first; seed <= last; seed += step) {
  const played = playScene(drawScene(seed));
  events += played.events;
  simulatedMs += played.simulatedMs;
  reached.add(Object.fromEntries(played.reached.counts));
  const { violation } = played;
  if (violation !== undefined)
    failures.push({ seed, invariant: violation.invariant, text: violation.message });
}
const elapsedMs = performance.now() - startedAt;
const counts = Object.fromEntries(reached.counts);
process.stdout.write(
  `${JSON.stringify({ failures, events, simulatedMs, elapsedMs, reached: counts })}\n`,
);
