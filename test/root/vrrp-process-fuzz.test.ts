// Spoiled packets on the wire against the running VRRP process: it stays as it is, and counts each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { IpAddress } from "../../src/base/address.ts";
import { toHex } from "../../src/base/bytes.ts";
import { Prng } from "../../src/base/prng.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import type { HmacSettings } from "../../src/model/vrrp-options.ts";
import { RunningInstance } from "../../src/vrrp/engine/running-instance.ts";
import { decodeIpPacket, encodeIpPacket } from "../../src/wire/ip-packet.ts";
import { mutatePacket } from "../fuzz/mutate-packet.ts";
import { buildVrrpLab, instance, KeelsonRouter, whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
const PACKETS = 2000;
/** Fewer than the receive buffer of a busy machine holds. */
const BATCH = 250;
const sendFrames = fileURLToPath(new URL("send-frames.js", import.meta.url));

const six = {
  family: 6,
  multicastGroup: "ff02::12" as IpAddress,
  virtualAddresses: [{ address: "fe80::100" as IpAddress, prefixLength: 64 }],
} as const;
const signing = (key: string): HmacSettings => ({
  keys: [{ id: 1, key }],
  activeKey: 1,
  antiReplay: "time",
  mode: "enforce",
});

/** The instance, and how the sender's differs: its secret is another one. */
const targets: readonly (readonly [string, Partial<VrrpInstance>, Partial<VrrpInstance>])[] = [
  [
    "a password",
    { version: 2, authentication: { type: "PASS", password: "right" } },
    { authentication: { type: "PASS", password: "wrong" } },
  ],
  [
    "an authentication header",
    { version: 2, authentication: { type: "AH", password: "right" } },
    { authentication: { type: "AH", password: "wrong" } },
  ],
  [
    "signed adverts",
    { options: { hmac: signing("right-0123456789abcdef0123456789") } },
    { options: { hmac: signing("wrong-0123456789abcdef0123456789") } },
  ],
  [
    "signed adverts of IPv6",
    { ...six, options: { hmac: signing("right-0123456789abcdef0123456789") } },
    { options: { hmac: signing("wrong-0123456789abcdef0123456789") } },
  ],
];

/** Frames whose IP header is sound, so that the kernel delivers them, and whose message is spoiled. */
function spoiledFrames(sender: VrrpInstance, seed: number): readonly string[] {
  const prng = new Prng(seed);
  const peer = new RunningInstance(sender, 0);
  const source = (sender.family === 6 ? "fe80::ffff" : "10.9.0.3") as IpAddress;
  const ethernet = sender.family === 6 ? "33330000001286dd" : "01005e0000120800";
  const frames: string[] = [];
  while (frames.length < PACKETS) {
    const destination = sender.multicastGroup;
    const original = peer.advertPacket(prng.integer(0, 255), source, destination, Date.now());
    const spoiled = mutatePacket(original, sender.family, prng);
    const sound = decodeIpPacket(original, sender.family);
    assert.ok(sound.ok);
    const payload = spoiled.subarray(sender.family === 6 ? 40 : 20);
    const packet = encodeIpPacket({ ...sound.value, label: 1, payload });
    frames.push(`${ethernet.slice(0, 12)}02000000c0de${ethernet.slice(12)}${toHex(packet)}`);
  }
  return frames;
}

for (const [i, [name, ours, theirs]] of targets.entries())
  test(`with ${name}: ${PACKETS} spoiled packets are counted and nothing else`, {
    skip,
  }, async () => {
    const lab = await buildVrrpLab();
    try {
      const [a, c] = [lab.host("a"), lab.host("c")];
      const settings = "/proc/sys/net/ipv6/conf/eth0";
      await a.shell(`echo 0 > ${settings}/accept_dad; echo 0 > ${settings}/disable_ipv6`);
      const wish = instance({ advertIntervalCs: 100, ...ours });
      const router = await KeelsonRouter.start(a, [wish]);
      const before = await router.untilState("MASTER");
      const frames = spoiledFrames({ ...wish, priority: 255, ...theirs }, 100 + i);
      const total = async (): Promise<number> => {
        const { rejected } = (await router.status()).counters;
        return Object.values(rejected).reduce((sum, count) => sum + count, 0);
      };
      for (let from = 0; from < PACKETS; from += BATCH) {
        const input = `${frames.slice(from, from + BATCH).join("\n")}\n`;
        const sent = await c.run([process.execPath, sendFrames, "eth0"], { input });
        assert.equal(sent.code, 0, sent.stderr);
        const expected = Math.min(PACKETS, from + BATCH);
        await router.until(async () => (await total()) >= expected, `${expected} rejected packets`);
      }
      assert.equal(await total(), PACKETS);
      // That somebody sends such packets may be told; it changes nothing.
      const { counters, alarms: _alarms, ...after } = await router.status();
      const { counters: _counters, alarms: _before, ...unchanged } = before;
      assert.deepEqual(after, unchanged);
      assert.equal(counters.advertsReceived, 0);
      assert.ok(Object.keys(counters.rejected).length >= 4, JSON.stringify(counters.rejected));
      const warnings = router.messages.filter((one) => one.kind === "log");
      assert.ok(warnings.length <= 60, `${warnings.length} lines`);
    } finally {
      await lab.close();
    }
  });
