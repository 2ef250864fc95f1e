// Ten thousand stories of routers to which everything happens. SEEDS=n plays another number of them,
// SEEDS=a..b those seeds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFailures, playSeeds } from "./scene/many-seeds.ts";
import { MUST_REACH } from "./scene/must-reach.ts";
import { seedsOf } from "./scene/seeds-of.ts";

const { first, last } = seedsOf(process.env["SEEDS"], 10_000);

test(`every invariant holds in the scenes of the seeds ${first} to ${last}`, async (t) => {
  const outcome = await playSeeds(first, last);
  const { failures, events, simulatedMs, elapsedMs, reached } = outcome;
  const hours = (simulatedMs / 3_600_000).toFixed(1);
  t.diagnostic(`${events} events, ${hours} simulated hours in ${Math.round(elapsedMs / 1000)} s`);
  assert.equal(failures.length, 0, `\n${describeFailures(failures)}`);
  if (last - first < 9999) return;
  const missing = MUST_REACH.filter((what) => (reached[what] ?? 0) === 0);
  assert.deepEqual(missing, [], "the scenes never came across these");
});
