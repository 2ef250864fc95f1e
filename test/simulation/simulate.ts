// Plays scenes for hours, or those of some seeds: `simulate.js hours 2`, `simulate.js seeds 1..50000`.

import { describeFailures, type Failure, playSeeds } from "./scene/many-seeds.ts";
import { seedsOf } from "./scene/seeds-of.ts";

const CHUNK = 2000;

const [kind, value] = process.argv.slice(2);
const hours = kind === "hours" ? Number(value) : Number.POSITIVE_INFINITY;
if (Number.isNaN(hours)) throw new Error(`hours are a number, not ${value}`);
// Hours begin where the tests end.
const { first, last } =
  kind === "seeds" ? seedsOf(value, CHUNK) : { first: 10_001, last: Number.MAX_SAFE_INTEGER };
const endsMs = performance.now() + hours * 3_600_000;
const failures: Failure[] = [];
let played = 0;
for (let at = first; at <= last && performance.now() < endsMs; at += CHUNK) {
  const until = Math.min(last, at + CHUNK - 1);
  const outcome = await playSeeds(at, until);
  failures.push(...outcome.failures);
  played += until - at + 1;
  const perSecond = Math.round((outcome.events / outcome.elapsedMs) * 1000);
  console.log(`seeds ${at} to ${until}: ${perSecond} events/s, ${outcome.failures.length} failed`);
}
if (failures.length > 0) console.log(describeFailures(failures, 20));
console.log(`${played} scenes, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;
