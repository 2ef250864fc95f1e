// The simulation against arithmetic: with independent loss p, a BACKUP takes over falsely when it has
// heard one advert and misses the next three, (1 - p) p^3 times in an interval. Between two Keelson
// routers the answer to the question whether the MASTER lives must be lost, too. A network that loses more
// or less than it says, or a machine with other patience, would show here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WHOLE } from "../../src/simulated/segment.ts";
import { Cluster, instance } from "./cluster.ts";

const HOURS = 4;
const INTERVALS = HOURS * 3600;

function falseTakeovers(loss: number, keelson: boolean): number {
  const config = { options: { lease: "no" } } as const;
  const configs = [200, 100].map((priority) => instance({ ...config, priority }));
  const cluster = new Cluster(7, configs, keelson);
  // Two hold the address for a moment: that is what is counted here.
  cluster.tolerant = true;
  for (const router of cluster.routers) router.start();
  cluster.run(10_000);
  // Whoever takes over falsely is heard, and yields at once.
  cluster.segment.setLink("r1", "r2", { ...WHOLE, loss });
  const before = cluster.router(1).status()?.counters.becameMaster ?? 0;
  cluster.run(INTERVALS * 1000);
  return (cluster.router(1).status()?.counters.becameMaster ?? 0) - before;
}

/** Take-overs in an interval. An answer that arrives begins another wait for three adverts. */
function expectedRate(loss: number, keelson: boolean): number {
  const silence = (1 - loss) * loss ** 3;
  return keelson ? (silence * loss) / (1 - silence) : silence;
}

for (const keelson of [false, true])
  for (const loss of [0.2, 0.3, 0.5]) {
    const peer = keelson ? "a Keelson router" : "any router";
    test(`with ${loss * 100} % loss from ${peer} a BACKUP takes over as often as arithmetic says`, (t) => {
      const counted = falseTakeovers(loss, keelson);
      const expected = INTERVALS * expectedRate(loss, keelson);
      t.diagnostic(`${counted} in ${HOURS} hours, ${expected.toFixed(1)} expected`);
      // Four standard deviations of a Poisson process.
      assert.ok(
        Math.abs(counted - expected) < 4 * Math.sqrt(expected),
        `${counted} take-overs, ${expected.toFixed(1)} expected`,
      );
    });
  }
