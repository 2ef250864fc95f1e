// Two VRRP processes of ours on one segment: handing over on request, coming back after a death, and a
// MASTER whose adverts are filtered.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lab } from "../../src/lab/lab.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import { buildVrrpLab, instance, KeelsonRouter, untilHolding, whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;

/** One second, as most have it: the skew of priority 100 is 609 ms. */
const SLOW: Partial<VrrpInstance> = {
  version: 2,
  advertIntervalCs: 100,
  authentication: { type: "PASS", password: "secret" },
};

interface Pair {
  readonly lab: Lab;
  readonly a: KeelsonRouter;
  readonly b: KeelsonRouter;
}

/** Router `a` is MASTER with 150, `b` BACKUP with 100, and `b` has heard `a`. */
async function inPair(
  changes: Partial<VrrpInstance>,
  play: (pair: Pair) => Promise<void>,
): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    const a = await KeelsonRouter.start(lab.host("a"), [instance({ ...changes, priority: 150 })]);
    await a.untilState("MASTER");
    const b = await KeelsonRouter.start(lab.host("b"), [instance({ ...changes, priority: 100 })]);
    await b.until(async () => (await b.status()).master !== undefined, "an advert of a");
    await play({ lab, a, b });
  } finally {
    await lab.close();
  }
}

function transitionsOf(router: KeelsonRouter): readonly string[] {
  return router.messages.flatMap((message) =>
    message.kind === "transition" ? [`${message.to} ${message.cause.kind}`] : [],
  );
}

test("a stop asks the other router to take over, which waits for no skew", { skip }, () =>
  inPair(SLOW, async ({ lab, a, b }) => {
    a.send({ kind: "stop" });
    assert.equal((await b.untilState("MASTER")).cause.kind, "handed-over");
    await untilHolding(lab.host("b"));
    await untilHolding(lab.host("a"), false);
    assert.equal((await b.status()).counters.priorityZeroReceived, 0);
  }),
);

test(
  "a failover leaves the lower router MASTER; its own failover brings the addresses back",
  { skip },
  () =>
    inPair(SLOW, async ({ a, b }) => {
      a.send({ kind: "failover", requestId: 900, name: "VI_1" });
      assert.equal((await b.untilState("MASTER")).cause.kind, "handed-over");
      assert.equal((await a.untilState("BACKUP")).cause.kind, "failover");
      b.send({ kind: "failover", requestId: 901, name: "VI_1" });
      assert.equal((await a.untilState("MASTER")).cause.kind, "handed-over");
      await b.untilState("BACKUP");
    }),
);

test("a router with another password cannot be talked into anything", { skip }, async () => {
  const lab = await buildVrrpLab();
  try {
    const a = await KeelsonRouter.start(lab.host("a"), [instance({ ...SLOW, priority: 150 })]);
    await a.untilState("MASTER");
    const other = { type: "PASS", password: "other" } as const;
    const stranger = instance({ ...SLOW, priority: 100, authentication: other, vrid: 51 });
    const b = await KeelsonRouter.start(lab.host("b"), [stranger]);
    a.send({ kind: "stop" });
    await untilHolding(lab.host("a"), false);
    const { rejected } = (await b.status()).counters;
    assert.ok((rejected["peer-message-wrong"] ?? 0) > 0, "the offer was refused");
    assert.ok(!transitionsOf(b).includes("MASTER handed-over"));
  } finally {
    await lab.close();
  }
});

test("a MASTER that is killed and comes back at once goes on, and nobody notices", { skip }, () =>
  inPair(SLOW, async ({ lab, a, b }) => {
    process.kill(a.process.pid, "SIGKILL");
    await lab.host("a").shell("rm -f /run/vrrp.socket");
    const again = await KeelsonRouter.start(lab.host("a"), [instance({ ...SLOW, priority: 150 })]);
    assert.equal((await again.untilState("MASTER")).cause.kind, "resumed");
    await again.until(
      async () => (await again.status()).counters.advertsSent >= 4,
      "some adverts of the new process",
    );
    assert.deepEqual(transitionsOf(b), ["BACKUP started"]);
  }),
);

test(
  "a MASTER whose adverts are filtered is found alive: no second MASTER, and an alarm",
  { skip },
  () =>
    inPair(SLOW, async ({ lab, b }) => {
      const drop =
        "nft 'add table ip f; add chain ip f in { type filter hook input priority 0; }; add rule ip f in ip protocol 112 drop'";
      await lab.host("b").shell(drop);
      const alarm = await b.until(
        () => b.messages.find((message) => message.kind === "alarm" && message.active),
        "an alarm",
      );
      assert.ok(alarm.kind === "alarm");
      assert.equal(alarm.alarm, "adverts-missing");
      assert.match(alarm.text, /10\.9\.0\.1 arrive.*something filters 224\.0\.0\.18/);
      assert.equal((await b.status()).state, "BACKUP");
      await lab.host("b").shell("nft delete table ip f");
      await b.until(
        () => b.messages.find((message) => message.kind === "alarm" && !message.active),
        "the end of the alarm",
      );
      assert.deepEqual(transitionsOf(b), ["BACKUP started"]);
    }),
);
