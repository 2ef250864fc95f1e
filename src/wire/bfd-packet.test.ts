import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../base/prng.ts";
import {
  type BfdPacket,
  decodeBfdPacket,
  describeBfdPacket,
  encodeBfdPacket,
} from "./bfd-packet.ts";

const packet: BfdPacket = {
  diagnostic: 1,
  state: "Up",
  poll: true,
  final: false,
  independent: true,
  authenticated: false,
  demand: false,
  multiplier: 5,
  discriminator: 0x01020304,
  remoteDiscriminator: 0xfffefdfc,
  desiredTransmitUs: 10_000,
  requiredReceiveUs: 1_000_000,
  requiredEchoReceiveUs: 0,
};

/** A good packet with some bytes changed. */
function spoiled(...changes: readonly (readonly [at: number, value: number])[]): Uint8Array {
  const bytes = encodeBfdPacket(packet);
  for (const [at, value] of changes) bytes[at] = value;
  return bytes;
}

function fault(bytes: Uint8Array): string {
  const decoded = decodeBfdPacket(bytes);
  return decoded.ok ? "accepted" : decoded.fault.kind;
}

// Captured from FRR 8.4's bfdd before it knew its neighbour.
const FRR_DOWN = "20400418 77f39136 00000000 000f4240 000f4240 0000c350";

test("a packet is 24 bytes as RFC 5880 section 4.1 draws them", () => {
  const hex = Buffer.from(encodeBfdPacket(packet)).toString("hex");
  assert.equal(hex, "21e80518" + "01020304" + "fffefdfc" + "00002710" + "000f4240" + "00000000");
  const decoded = decodeBfdPacket(encodeBfdPacket(packet));
  assert.deepEqual(decoded, { ok: true, value: packet });
  assert.equal(
    describeBfdPacket(packet),
    "Up diag 1 P mult 5 16909060->4294901244 tx 10000 rx 1000000",
  );
});

test("another implementation's packet is read", () => {
  const decoded = decodeBfdPacket(Buffer.from(FRR_DOWN.replaceAll(" ", ""), "hex"));
  assert.ok(decoded.ok);
  assert.equal(
    describeBfdPacket(decoded.value),
    "Down diag 0 mult 4 2012451126->0 tx 1000000 rx 1000000",
  );
});

test("every state and every flag survive the way there and back", () => {
  for (const state of ["AdminDown", "Down", "Init", "Up"] as const)
    for (const flag of ["poll", "final", "independent", "demand"] as const) {
      const one = { ...packet, poll: false, independent: false, state, [flag]: true };
      assert.deepEqual(decodeBfdPacket(encodeBfdPacket(one)), { ok: true, value: one });
    }
});

test("what comes before the length is counted by its reason (section 6.8.6)", () => {
  assert.equal(fault(spoiled()), "accepted");
  assert.equal(fault(spoiled([0, 0x01])), "version-wrong");
  assert.equal(fault(spoiled([0, 0x41])), "version-wrong");
  assert.equal(fault(spoiled([3, 23])), "length-wrong");
  assert.equal(fault(spoiled([3, 25])), "length-wrong");
  assert.equal(fault(spoiled([1, 0xec])), "length-wrong", "A needs 26 bytes");
  assert.equal(fault(spoiled([2, 0])), "multiplier-zero");
  assert.equal(fault(spoiled([1, 0xe9])), "multipoint");
  assert.equal(fault(spoiled([4, 0], [5, 0], [6, 0], [7, 0])), "discriminator-zero");
  assert.equal(fault(spoiled([1, 0xf0])), "poll-and-final");
  assert.equal(fault(new Uint8Array(0)), "truncated");
});

test("a packet with authentication is recognised, and bytes behind the length are ignored", () => {
  const bytes = new Uint8Array(40);
  bytes.set(spoiled([1, 0xec], [3, 26]));
  const decoded = decodeBfdPacket(bytes);
  assert.equal(decoded.ok && decoded.value.authenticated, true);
  const longer = new Uint8Array(100);
  longer.set(spoiled());
  assert.equal(fault(longer), "accepted");
});

test("every truncation is a fault, and no bytes make the decoder throw", () => {
  const whole = encodeBfdPacket(packet);
  for (let length = 0; length < whole.length; length++)
    assert.notEqual(fault(whole.subarray(0, length)), "accepted", `${length} bytes`);
  const prng = new Prng(5880);
  let accepted = 0;
  for (let round = 0; round < 20_000; round++) {
    const bytes = Uint8Array.from({ length: prng.integer(0, 60) }, () => prng.integer(0, 255));
    // Mostly near the truth, so that the later rules are reached.
    if (prng.chance(0.8)) bytes.set([0x20 | prng.integer(0, 31)].slice(0, bytes.length));
    if (prng.chance(0.8) && bytes.length > 3) bytes[3] = prng.integer(20, 30);
    const decoded = decodeBfdPacket(bytes);
    if (!decoded.ok) continue;
    accepted++;
    const { multiplier, discriminator, authenticated, ...rest } = decoded.value;
    assert.ok(multiplier > 0 && discriminator > 0 && !(rest.poll && rest.final));
    if (authenticated) continue;
    assert.deepEqual(encodeBfdPacket(decoded.value).subarray(4), bytes.subarray(4, 24));
  }
  assert.ok(accepted > 100, `only ${accepted} random packets were accepted`);
});
