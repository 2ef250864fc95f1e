// The VRRP process in a real kernel: repairs, adoption by another main process, hostile packets.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { IpAddress } from "../../src/base/address.ts";
import { toHex } from "../../src/base/bytes.ts";
import { Prng } from "../../src/base/prng.ts";
import type { Lab } from "../../src/lab/lab.ts";
import { encodeIpPacket } from "../../src/wire/ip-packet.ts";
import { encodePassword, encodeVrrpAdvert, type VrrpAdvert } from "../../src/wire/vrrp-advert.ts";
import {
  buildVrrpLab,
  holds,
  instance,
  KeelsonRouter,
  untilHolding,
  VIP,
  whyNot,
} from "./vrrp-lab.ts";

const skip = whyNot() ?? false;

async function inLab(play: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await buildVrrpLab();
  try {
    await play(lab);
  } finally {
    await lab.close();
  }
}

test("an address that is deleted by hand comes back, and the repair is reported", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const router = await KeelsonRouter.start(a, [instance()]);
    await router.untilState("MASTER");
    const deletedAtMs = Date.now();
    await a.shell(`ip address del ${VIP}/32 dev eth0`);
    await untilHolding(a);
    const repair = await router.until(
      () => router.messages.find((message) => message.kind === "repair"),
      "a repair",
    );
    assert.ok(repair.kind === "repair");
    assert.equal(repair.found, "10.9.0.100/32 on eth0 was missing");
    assert.equal(repair.done, "added it");
    assert.ok(repair.atMs - deletedAtMs < 1000, `${repair.atMs - deletedAtMs} ms`);
    assert.equal((await router.report()).netlinkOperations, 2);
  }),
);

test("another main process finds everything as it was and changes nothing", { skip }, () =>
  inLab(async (lab) => {
    const wish = [instance({ advertIntervalCs: 1 })];
    const router = await KeelsonRouter.start(lab.host("a"), wish);
    const before = await router.untilState("MASTER");
    router.disconnect();
    await router.connect();
    assert.deepEqual(await router.configure(wish), []);
    const { instances, netlinkOperations } = await router.report();
    assert.equal(netlinkOperations, 1);
    assert.equal(instances[0]?.sinceMs, before.sinceMs);
    assert.deepEqual(await router.configure([instance({ advertIntervalCs: 10, priority: 90 })]), [
      "VI_1: priority 100 -> 90",
      "VI_1: advert_int 0.01 s -> 0.1 s",
    ]);
    assert.equal((await router.status()).sinceMs, before.sinceMs);
  }),
);

test("a restarted process keeps the address that it finds, without an operation", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    const first = await KeelsonRouter.start(a, [instance()]);
    await first.untilState("MASTER");
    await first.process.killFamily();
    const monitor = await a.start(["ip", "monitor", "address"]);
    const second = await KeelsonRouter.start(a, [instance()]);
    await second.untilState("MASTER");
    assert.equal((await second.report()).netlinkOperations, 0);
    // A renewal is told as well; a removal would be an outage.
    assert.doesNotMatch(monitor.output, /Deleted/);
    assert.ok(await holds(a));
  }),
);

test("the interface: down is a fault, gone is a fault, back is an election", { skip }, () =>
  inLab(async (lab) => {
    const a = lab.host("a");
    await a.shell(
      "ip link add sw type bridge; ip link set sw up; ip address add 10.8.0.1/24 dev sw",
    );
    await a.shell(
      "ip link add leg type veth peer name leg2; ip link set leg up master sw; ip link set leg2 up",
    );
    const wish = [instance({ interface: "sw" })];
    const router = await KeelsonRouter.start(a, wish);
    await router.untilState("MASTER");
    await a.shell("ip link set sw down");
    assert.equal((await router.untilState("FAULT")).cause.text, "sw is down");
    await a.shell("ip link set sw up");
    await router.untilState("MASTER");
    await a.shell("ip link del sw");
    assert.equal((await router.untilState("FAULT")).cause.text, "sw does not exist");
    await a.shell("ip link add sw type bridge; ip link set leg master sw; ip link set sw up");
    const addressless = await router.until(
      async () => (await router.status()).cause.kind === "no-address" || undefined,
      "an interface without address",
    );
    assert.ok(addressless);
    await a.shell("ip address add 10.8.0.1/24 dev sw");
    await router.untilState("MASTER");
    assert.match(await a.shell("ip address show dev sw"), /inet 10\.9\.0\.100\/32/);
  }),
);

test(
  "a script that fails takes the MASTER down, one with a weight changes its priority",
  { skip },
  () =>
    inLab(async (lab) => {
      const router = await KeelsonRouter.start(lab.host("a"), [
        instance({ trackedScripts: [{ script: "must" }, { script: "may" }] }),
      ]);
      await router.untilState("INIT");
      router.send({
        kind: "tracker",
        tracker: "script",
        name: "may",
        result: { up: true, weight: 20, text: "exit status 0" },
      });
      router.send({
        kind: "tracker",
        tracker: "script",
        name: "must",
        result: { up: true, weight: 0, text: "exit status 0" },
      });
      assert.equal((await router.untilState("MASTER")).priority, 120);
      router.send({
        kind: "tracker",
        tracker: "script",
        name: "may",
        result: { up: false, weight: 20, text: "exit status 1" },
      });
      await router.until(
        async () => (await router.status()).priority === 100,
        "the lower priority",
      );
      router.send({
        kind: "tracker",
        tracker: "script",
        name: "must",
        result: { up: false, weight: 0, text: "exit status 7" },
      });
      const status = await router.untilState("FAULT");
      assert.equal(status.cause.text, "script must failed: exit status 7");
      assert.deepEqual(status.heldAddresses, []);
      assert.equal(status.counters.priorityZeroSent, 1);
    }),
);

const PEER = "10.9.0.3" as IpAddress;
const GROUP = "224.0.0.18" as IpAddress;
const sendFrames = fileURLToPath(new URL("send-frames.js", import.meta.url));

/** Sends IPv4 packets to the group's Ethernet address from the onlooker. */
async function sendPackets(lab: Lab, packets: readonly Uint8Array[]): Promise<void> {
  const input = packets.map((packet) => `01005e00001202000000c0de0800${toHex(packet)}\n`).join("");
  const sent = await lab.host("c").run([process.execPath, sendFrames, "eth0"], { input });
  assert.equal(sent.code, 0, sent.stderr);
}

const valid: VrrpAdvert = {
  version: 2,
  vrid: 51,
  priority: 255,
  intervalS: 1,
  authType: 1,
  authData: encodePassword("1111"),
  addresses: [VIP],
};

function packetOf(changes: {
  readonly advert?: Partial<typeof valid>;
  readonly ttl?: number;
  readonly payload?: Uint8Array;
}): Uint8Array {
  const ends = { source: PEER, destination: GROUP };
  return encodeIpPacket({
    trafficClass: 0xc0,
    label: 1,
    hopLimit: changes.ttl ?? 255,
    protocol: 112,
    ...ends,
    payload:
      changes.payload ?? encodeVrrpAdvert({ ...valid, ...changes.advert } as VrrpAdvert, ends),
  });
}

test("hostile packets are counted by kind and change nothing", { skip }, () =>
  inLab(async (lab) => {
    const wish = instance({
      version: 2,
      advertIntervalCs: 100,
      authentication: { type: "PASS", password: "1111" },
    });
    const router = await KeelsonRouter.start(lab.host("a"), [wish]);
    const before = await router.untilState("MASTER");
    const message = encodeVrrpAdvert(valid, { source: PEER, destination: GROUP });
    const flipped = message.slice();
    flipped[2] = 77;
    const prng = new Prng(1);
    const random = Array.from({ length: 200 }, () =>
      Uint8Array.from({ length: prng.integer(0, 60) }, () => prng.integer(0, 255)),
    );
    const truncated = Array.from({ length: message.length }, (_, length) =>
      packetOf({ payload: message.subarray(0, length) }),
    );
    await sendPackets(lab, [
      ...truncated,
      packetOf({ ttl: 254 }),
      packetOf({ ttl: 1 }),
      packetOf({ payload: flipped }),
      packetOf({ advert: { authData: encodePassword("2222") } }),
      packetOf({ advert: { authType: 0 } }),
      packetOf({ advert: { vrid: 9 } }),
      packetOf({ advert: { intervalS: 3 } }),
      packetOf({ advert: { addresses: [], priority: 255 } }),
      packetOf({ advert: { priority: 254, addresses: ["10.9.0.7", "10.9.0.8"] as IpAddress[] } }),
      ...random.map((payload) => packetOf({ payload })),
    ]);
    const total = (rejected: Readonly<Record<string, number>>): number =>
      Object.values(rejected).reduce((sum, count) => sum + count, 0);
    await router.until(
      async () => total((await router.status()).counters.rejected) >= truncated.length + 209,
      "all packets to be counted",
    );
    const { counters, alarms = [], ...after } = await router.status();
    const { counters: countersBefore, ...unchanged } = before;
    assert.deepEqual(after, unchanged);
    // So many of them look like a second cluster, and somebody should look at that.
    for (const { kind } of alarms) assert.equal(kind, "peer-rejected");
    assert.equal(counters.advertsReceived, 0);
    assert.equal(counters.garpSent, countersBefore.garpSent);
    const kinds = {
      "ttl-wrong": 2,
      "auth-mismatch": 1,
      "auth-type-wrong": 1,
      "vrid-unknown": 1,
      "interval-mismatch": 1,
      "address-count-zero": 1,
      "address-list-mismatch": 1,
    };
    for (const [kind, count] of Object.entries(kinds))
      assert.equal(counters.rejected[kind], count, kind);
    assert.ok((counters.rejected["checksum-wrong"] ?? 0) >= 1);
    assert.ok((counters.rejected["truncated"] ?? 0) >= 8);
    assert.ok((counters.rejected["length-wrong"] ?? 0) >= message.length - 8);
  }),
);
