// Takes into the kept corpus what `make fuzz` has found new: the smallest inputs first, each only when it reaches what
// those before it do not.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Coverage } from "./coverage.ts";

const coverage = new Coverage("/dist/src/conf/");
const { keepInput, keptInputs, seedInputs } = await import("./corpus.ts");
const { judge } = await import("./properties.ts");

/** Larger inputs are not worth a file. */
const textLengthMax = 1500;

const pool = fileURLToPath(new URL("../../../build/fuzz-pool", import.meta.url));
for (const input of [...seedInputs(), ...keptInputs()]) judge(input);
coverage.takeNew();
const found = existsSync(pool) ? keptInputs(pool) : [];
const candidates = found
  .filter(({ text }) => text.length <= textLengthMax)
  .sort((a, b) => a.text.length - b.text.length);
let kept = 0;
for (const input of candidates) {
  judge(input);
  if (coverage.takeNew() === 0) continue;
  keepInput(input);
  kept++;
}
console.log(`${kept} of ${found.length} inputs kept`);
