// Packets that a kernel's IPVS has sent into its tunnels, and ours for the same packet.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import { present } from "../base/assert.ts";
import { fromHex, toHex } from "../base/bytes.ts";
import type { TunnelSettings } from "../model/virtual-server.ts";
import { viewPacket } from "./packet.ts";
import { wrapPacket } from "./tunnel.ts";

const ethernet = "020000000002" + "020000000001" + "0800";
const ends = { source: "10.2.0.1" as IpAddress, target: "10.2.0.11" as IpAddress };

function wrapped(inner: string, settings: TunnelSettings): string {
  const frame = fromHex(ethernet + inner);
  const packet = present(viewPacket(frame), "a packet");
  const out = wrapPacket(frame, packet, { settings, ...ends });
  return toHex(out.subarray(14));
}

/** What the kernel leaves for the network card: the sum of the pseudo-header, not yet of the packet. */
const partial = {
  ipip: "45b8002185dc40003f11a0d00a0100020a0100644f571388000d44bb68656c6c6f",
  gre: "45b8002195c640003f1190e60a0100020a0100644f5c1388000d44b668656c6c6f",
  gue: "45b800218a1640003f119c960a0100020a0100644f591388000d44b968656c6c6f",
};

test("IP in IP is the kernel's, byte for byte", () => {
  const expected = `45b80035000040003f0426fe0a0200010a02000b${partial.ipip}`;
  assert.equal(wrapped(partial.ipip, { type: "ipip", checksum: "none" }), expected);
});

test("GRE with a checksum is the kernel's, byte for byte", () => {
  const expected = `45b8003d000040003f2f26cb0a0200010a02000b800008008c850000${partial.gre}`;
  assert.equal(wrapped(partial.gre, { type: "gre", checksum: "full" }), expected);
});

test("GUE is the kernel's but for the hash in its source port", () => {
  const settings = { type: "gue", port: 6080, checksum: "full" } as const;
  const out = wrapped(partial.gue, settings);
  const expected = `45b80041000040003f1126e50a0200010a02000bd40217c0002d144400040000${partial.gue}`;
  const port = Number.parseInt(out.slice(40, 44), 16);
  assert.ok(port >= 0xc000);
  // One's complement: what the port adds, the checksum lacks.
  const sum = (at: number, text: string): number => Number.parseInt(text.slice(at, at + 4), 16);
  const folded = (value: number): number => value % 0xffff || 0xffff;
  assert.equal(
    folded(sum(40, out) + sum(52, out)),
    folded(sum(40, expected) + sum(52, expected)),
    "source port and checksum together",
  );
  assert.equal(out.slice(0, 40), expected.slice(0, 40));
  assert.equal(out.slice(44, 52), expected.slice(44, 52));
  assert.equal(out.slice(56), expected.slice(56));
});
