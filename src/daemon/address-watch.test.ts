import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import { ok } from "../base/result.ts";
import type { Model } from "../model/model.ts";
import type { AddressClaim } from "../world/claim-network.ts";
import { AddressWatch } from "./address-watch.ts";

const VIP = "10.0.0.100" as IpAddress;
const STRANGER = Uint8Array.of(2, 0, 0, 0, 0, 9);

// Of a model, only what the watch looks at.
const model = {
  vrrpInstances: [
    {
      name: "VI_1",
      interface: "eth0",
      virtualAddresses: [{ address: VIP, prefixLength: 24 }],
      excludedAddresses: [],
    },
  ],
} as unknown as Model;

/** A watch with a clock and a link that the test moves. */
function stage(): {
  watch: AddressWatch;
  alarms: string[];
  probed: string[];
  opened: string[];
  link: { alive: boolean };
  claim(claim: AddressClaim): void;
  at(ms: number): void;
} {
  let nowMs = 0;
  let onClaim: (claim: AddressClaim) => void = () => undefined;
  const alarms: string[] = [];
  const probed: string[] = [];
  const opened: string[] = [];
  const link = { alive: true };
  const watch = new AddressWatch({
    clock: { nowMs: () => nowMs, wallMs: () => nowMs },
    claims: {
      open: (name, listener) => {
        onClaim = listener;
        opened.push(name);
        return ok({
          probe: (address) => void probed.push(address),
          isAlive: () => link.alive,
          close: () => undefined,
        });
      },
    },
    onAlarm: ({ instance, active, text }) => void alarms.push(`${instance} ${active}: ${text}`),
  });
  watch.configure(model);
  return {
    watch,
    alarms,
    probed,
    opened,
    link,
    claim: (claim) => onClaim(claim),
    at: (ms) => {
      nowMs = ms;
    },
  };
}

const become = (to: "MASTER" | "BACKUP") =>
  ({
    kind: "transition",
    instance: "VI_1",
    from: "BACKUP",
    to,
    cause: { kind: "k", text: "t" },
    atMs: 0,
  }) as const;

test("a claim of another machine is an alarm while this router holds the address, once", (t) => {
  const { watch, alarms, claim, at } = stage();
  t.after(() => watch.stop());
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, [], "a BACKUP hears the MASTER");
  watch.hear(become("MASTER"));
  at(1000);
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, [], "the former MASTER may still be heard");
  at(5000);
  claim({ address: "10.0.0.7" as IpAddress, mac: STRANGER });
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, [], "a peer that takes over claims it, too");
  at(7000);
  claim({ address: VIP, mac: STRANGER });
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, [
    "VI_1 true: 02:00:00:00:00:09 answers for 10.0.0.100 on eth0, which this router holds",
  ]);
  watch.hear(become("BACKUP"));
  assert.equal(alarms[1], "VI_1 false: over: no other machine answers for the addresses");
});

test("a claim while another router takes over is no alarm", (t) => {
  const { watch, alarms, claim, at } = stage();
  t.after(() => watch.stop());
  watch.hear(become("MASTER"));
  at(5000);
  claim({ address: VIP, mac: STRANGER });
  watch.hear(become("BACKUP"));
  at(9000);
  claim({ address: VIP, mac: STRANGER });
  watch.hear(become("MASTER"));
  at(12_000);
  claim({ address: VIP, mac: STRANGER });
  assert.deepEqual(alarms, []);
});

test("two claims that nobody stands by when asked are two hand-overs and no alarm", (t) => {
  const { watch, alarms, claim, at } = stage();
  t.after(() => watch.stop());
  watch.hear(become("MASTER"));
  for (const atMs of [10_000, 16_000, 22_000]) {
    at(atMs);
    claim({ address: VIP, mac: STRANGER });
  }
  assert.deepEqual(alarms, []);
  at(24_500);
  claim({ address: VIP, mac: STRANGER });
  assert.equal(alarms.length, 1, "it answers when asked");
});

test("who else has its addresses is asked when the former MASTER has let go of them", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { watch, probed } = stage();
  t.after(() => watch.stop());
  watch.hear(become("MASTER"));
  assert.deepEqual(probed, [], "it would still answer");
  t.mock.timers.tick(2000);
  assert.deepEqual(probed, [VIP]);
});

test("as long as there is an alarm it asks with each look, and silence ends it", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { watch, alarms, probed, claim, at } = stage();
  t.after(() => watch.stop());
  watch.hear(become("MASTER"));
  for (const atMs of [31_000, 33_000]) {
    at(atMs);
    claim({ address: VIP, mac: STRANGER });
  }
  assert.equal(alarms.length, 1);
  for (const atMs of [36_000, 41_000, 46_000]) {
    at(atMs);
    const before = probed.length;
    t.mock.timers.tick(5000);
    assert.ok(probed.length > before, `asked at ${atMs} ms`);
  }
  assert.equal(alarms.length, 1);
  at(51_000);
  t.mock.timers.tick(5000);
  assert.match(alarms[1] ?? "", /^VI_1 false: over/);
});

test("an interface that was deleted and made again is listened to again", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const { watch, opened, link } = stage();
  t.after(() => watch.stop());
  t.mock.timers.tick(5000);
  assert.deepEqual(opened, ["eth0"]);
  link.alive = false;
  t.mock.timers.tick(5000);
  assert.deepEqual(opened, ["eth0", "eth0"]);
});

test("hardware addresses of virtual routers are the routers' own affair", (t) => {
  const { watch, alarms, claim, at } = stage();
  t.after(() => watch.stop());
  watch.hear(become("MASTER"));
  at(5000);
  claim({ address: VIP, mac: Uint8Array.of(0, 0, 0x5e, 0, 1, 51) });
  assert.deepEqual(alarms, []);
});
