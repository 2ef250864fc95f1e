// The packet filter of packaging/nftables lets a pair work, and nobody else in.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Lab } from "../../src/lab/lab.ts";
import { buildVrrpLab, holds, instance, KeelsonRouter, untilHolding, whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
const example = readFileSync(
  new URL("../../../packaging/nftables/keelson.nft", import.meta.url),
  "utf8",
);

async function protect(lab: Lab, name: string): Promise<void> {
  const text = example.replace(/define peers = .*/, "define peers = { 10.9.0.1, 10.9.0.2 }");
  assert.notEqual(text, example);
  const { code, stderr } = await lab.host(name).run(["nft", "-f", "-"], { input: text });
  assert.equal(code, 0, stderr);
}

test("behind the example of a packet filter a pair elects and hands over, and a stranger is not heard", {
  skip,
}, async () => {
  const lab = await buildVrrpLab();
  try {
    for (const name of ["a", "b"]) await protect(lab, name);
    const b = await KeelsonRouter.start(lab.host("b"), [instance()]);
    await b.untilState("MASTER");
    const a = await KeelsonRouter.start(lab.host("a"), [instance({ priority: 150 })]);
    await a.untilState("MASTER");
    await b.untilState("BACKUP");
    a.send({ kind: "failover", requestId: 1000, name: "VI_1" });
    const after = await b.untilState("MASTER");
    assert.equal(after.cause.kind, "handed-over");
    await untilHolding(lab.host("b"));
    await KeelsonRouter.start(lab.host("c"), [instance({ priority: 250 })]);
    await untilHolding(lab.host("c"));
    const { counters, state } = await b.status();
    const heard = counters.advertsReceived;
    await a.until(
      async () => (await b.status()).counters.advertsSent > counters.advertsSent + 10,
      "adverts",
    );
    assert.equal((await b.status()).counters.advertsReceived, heard, "c is not heard");
    assert.equal(state, "MASTER");
    assert.ok(await holds(lab.host("b")));
  } finally {
    await lab.close();
  }
});
