// Our VRRP process and the real keepalived as one pair, in both roles and both versions.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lab } from "../../src/lab/lab.ts";
import type { LabProcess } from "../../src/lab/lab-process.ts";
import { waitFor } from "../../src/lab/waiting.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import {
  buildVrrpLab,
  holds,
  instance,
  KeelsonRouter,
  killSilently,
  startKeepalived,
  untilHolding,
  VIP,
  whyNot,
} from "./vrrp-lab.ts";

const skip = whyNot() ?? false;

const versions: readonly (readonly [string, Partial<VrrpInstance>])[] = [
  [
    "version 2 with PASS",
    { version: 2, advertIntervalCs: 100, authentication: { type: "PASS", password: "1111" } },
  ],
  ["version 3", { version: 3, advertIntervalCs: 10 }],
];

/** A capture of everything about VRRP and ARP, as the onlooker's tcpdump prints it. */
async function watch(lab: Lab): Promise<LabProcess> {
  const dump = await lab
    .host("c")
    .start(["tcpdump", "-l", "-n", "-vvv", "-i", "eth0", "vrrp or arp"]);
  const listening = await waitFor(() => dump.output.includes("listening on") || undefined, {
    timeoutMs: 10_000,
    everyMs: 10,
  });
  assert.ok(listening, "tcpdump listens");
  return dump;
}

async function inLab(play: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    await play(lab);
  } finally {
    await lab.close();
  }
}

for (const [name, settings] of versions) {
  const high = instance({ ...settings, priority: 150 });
  const low = instance({ ...settings, priority: 100 });

  test(
    `${name}: keepalived is BACKUP to our MASTER, takes over on kill -9, yields on return`,
    {
      skip,
    },
    () =>
      inLab(async (lab) => {
        const [a, b] = [lab.host("a"), lab.host("b")];
        const ours = await KeelsonRouter.start(a, [high]);
        await ours.untilState("MASTER");
        const theirs = await startKeepalived(b, low);
        // Were our adverts not understood, keepalived would be MASTER after one Down interval.
        await waitFor(() => undefined, { timeoutMs: 3.7 * high.advertIntervalCs * 10 + 500 });
        assert.equal(await holds(b), false);

        await ours.process.killFamily();
        await untilHolding(b);
        assert.ok(await holds(a), "a dead process leaves its address to the kernel");

        const again = await KeelsonRouter.start(a, [high]);
        const status = await again.untilState("MASTER");
        assert.equal(status.cause.kind, "preempting");
        assert.deepEqual(status.master, { address: "10.9.0.2", priority: 100 });
        await untilHolding(b, false);
        assert.ok(await holds(a));
        await theirs.killFamily();
      }),
  );

  test(
    `${name}: we are BACKUP to keepalived's MASTER, take over on kill -9, yield on return`,
    {
      skip,
    },
    () =>
      inLab(async (lab) => {
        const [a, b] = [lab.host("a"), lab.host("b")];
        const theirs = await startKeepalived(a, high);
        await untilHolding(a);
        const ours = await KeelsonRouter.start(b, [low]);
        await ours.until(async () => (await ours.status()).counters.advertsReceived > 3, "adverts");
        assert.equal((await ours.status()).state, "BACKUP");

        await killSilently(theirs);
        const status = await ours.untilState("MASTER");
        assert.match(status.cause.text, /^no advert from 10\.9\.0\.1 \(priority 150\) for \d+ ms$/);
        await untilHolding(b);

        await a.shell(`ip address del ${VIP}/32 dev eth0`);
        const again = await startKeepalived(a, high);
        const yielded = await ours.untilState("BACKUP");
        assert.equal(yielded.cause.kind, "higher-priority-advert");
        await untilHolding(a);
        await untilHolding(b, false);

        await again.stop();
        const after = await ours.untilState("MASTER");
        assert.equal(after.cause.text, "10.9.0.1 gave up (priority 0)");
        assert.deepEqual(after.counters.rejected, {});
      }),
  );

  test(`${name}: a clean stop of ours hands over to keepalived before it lets go`, { skip }, () =>
    inLab(async (lab) => {
      const [a, b] = [lab.host("a"), lab.host("b")];
      const ours = await KeelsonRouter.start(a, [high]);
      await ours.untilState("MASTER");
      await startKeepalived(b, low);
      const received = await waitFor(
        async () => ((await b.shell("cat /proc/net/igmp")).includes("120000E0") ? true : undefined),
        { timeoutMs: 10_000 },
      );
      assert.ok(received, "keepalived listens");
      ours.send({ kind: "stop" });
      await untilHolding(b);
      assert.deepEqual(await ours.process.ended, { code: 0, signal: null });
      assert.equal(await holds(a), false);
      assert.ok(ours.messages.some((message) => message.kind === "stopped"));
    }),
  );

  test(`${name}: tcpdump prints our adverts without complaint`, { skip }, () =>
    inLab(async (lab) => {
      const dump = await watch(lab);
      const ours = await KeelsonRouter.start(lab.host("a"), [high]);
      await ours.untilState("MASTER");
      await ours.until(
        () => dump.output.split("prio 150").length > 3 && dump.output.includes("Request who-has"),
        "three adverts and an announcement",
      );
      const { output } = dump;
      const version = high.version === 2 ? "VRRPv2" : "VRRPv3";
      assert.match(
        output,
        new RegExp(`10\\.9\\.0\\.1 > 224\\.0\\.0\\.18: ${version}, Advertisement`),
      );
      assert.match(output, /tos 0xc0, ttl 255/);
      assert.match(output, /vrid 51, prio 150/);
      assert.match(output, /addrs(\(1\))?: 10\.9\.0\.100/);
      if (high.version === 2) assert.match(output, /authtype simple.* auth "1111/);
      assert.match(
        output,
        /Request who-has 10\.9\.0\.100 \(ff:ff:ff:ff:ff:ff\) tell 10\.9\.0\.100/,
      );
      assert.doesNotMatch(output, /bad|invalid|\[\||truncated|cksum 0x[^ ]* \(incorrect/i);
    }),
  );
}
