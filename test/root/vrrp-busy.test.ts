// Two routers on a machine whose cores are all taken: being late must not look like being dead.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cpus } from "node:os";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { buildVrrpLab, instance, KeelsonRouter, untilHolding, whyNot } from "./vrrp-lab.ts";

/** Its Down interval, 90 ms and more, is longer than a plain machine keeps a process waiting. */
const INTERVAL_CS = 3;
const DURATION_MS = 10_000;

test("busy cores cause no change of state", { skip: whyNot() ?? false }, async () => {
  const lab = await buildVrrpLab();
  const burners: ChildProcess[] = [];
  try {
    const settings = { arguments: ["--rt-priority", "50"] };
    const [a, b] = [lab.host("a"), lab.host("b")];
    const wish = instance({ advertIntervalCs: INTERVAL_CS });
    const high = await KeelsonRouter.start(a, [{ ...wish, priority: 150 }], settings);
    await untilHolding(a);
    const low = await KeelsonRouter.start(b, [wish], settings);
    await low.until(async () => (await low.status()).counters.advertsReceived > 3, "adverts");
    const transitions = (): number =>
      [...high.messages, ...low.messages].filter((one) => one.kind === "transition").length;
    const before = transitions();
    for (let i = 0; i < 2 * cpus().length; i++)
      burners.push(spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
    await delay(DURATION_MS);
    const heard = (await low.status()).counters.advertsReceived;
    assert.equal(transitions(), before);
    assert.ok(heard > DURATION_MS / (INTERVAL_CS * 10) / 2, `${heard} adverts`);
  } finally {
    for (const burner of burners) burner.kill("SIGKILL");
    await lab.close();
  }
});
