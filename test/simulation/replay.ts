// Plays a scene of a file and tells what happens: node dist/test/simulation/replay.js FILE|SEED

import { readFileSync } from "node:fs";
import { drawScene, playScene } from "./scene/machinery.ts";
import type { Scene } from "./scene/scene.ts";

const [what] = process.argv.slice(2);
if (what === undefined) {
  console.error("usage: node dist/test/simulation/replay.js FILE|SEED");
  process.exit(2);
}
const scene = /^\d+$/.test(what)
  ? drawScene(Number(what))
  : (JSON.parse(readFileSync(what, "utf8")) as Scene);
const trace: string[] = [];
const { violation, events, simulatedMs, hash } = playScene(scene, trace);
for (const fault of scene.faults) console.log(`fault ${JSON.stringify(fault)}`);
for (const line of trace) console.log(line);
console.log(`${events} events, ${(simulatedMs / 1000).toFixed(1)} simulated seconds, hash ${hash}`);
console.log(violation === undefined ? "every invariant held" : violation.message);
process.exitCode = violation === undefined ? 0 : 1;
