// Duties beside the protocol, as far as they need no real kernel: which addresses are held when, and
// what is announced. `test/root/conformance-data-plane.test.ts` looks at real frames.

import assert from "node:assert/strict";
import { test } from "node:test";
import { octets } from "../simulation/scene/packet.ts";
import { Bench, VIPS4, VIPS6 } from "./bench.ts";

const six = { family: 6 } as const;

test("D2 (RFC 9568 6.4.2): a Backup has none of the addresses", () => {
  for (const changes of [{}, six]) {
    const bench = Bench.backup(changes);
    for (let i = 0; i < 10; i++) bench.run(1000).hear({});
    for (const { address } of bench.config.virtualAddresses)
      assert.ok(!bench.host.hasAddress(address));
    assert.equal(bench.frames.length, 0);
  }
});

test("D3 (RFC 9568 6.4.3): an Active has all of them", () => {
  for (const changes of [{}, six]) assert.ok(Bench.master(changes).holds);
});

test("D5 (RFC 9568 6.4.1, 6.4.2; errata 7947, 7949): a gratuitous ARP for each IPv4 address", () => {
  const bench = Bench.backup().hear({});
  bench.untilMaster();
  bench.run(1);
  assert.equal(bench.frames.length, VIPS4.length);
  for (const [i, { bytes }] of bench.frames.entries()) {
    const address = octets(VIPS4[i] ?? "");
    assert.deepEqual([...bytes.subarray(0, 6)], [255, 255, 255, 255, 255, 255]);
    assert.deepEqual([...bytes.subarray(12, 14)], [0x08, 0x06]);
    // Sender and target are the virtual address; the hardware address is that of the frame.
    assert.deepEqual([...bytes.subarray(22, 28)], [...bytes.subarray(6, 12)]);
    assert.deepEqual([...bytes.subarray(28, 32)], address);
    assert.deepEqual([...bytes.subarray(38, 42)], address);
  }
});

test("D5 (RFC 9568 6.4.1, 6.4.2): an unsolicited neighbour advertisement for each IPv6 address", () => {
  const bench = Bench.backup(six).hear({});
  bench.untilMaster();
  bench.run(1);
  assert.equal(bench.frames.length, VIPS6.length);
  for (const [i, { bytes }] of bench.frames.entries()) {
    const address = octets(VIPS6[i] ?? "");
    assert.deepEqual([...bytes.subarray(12, 14)], [0x86, 0xdd]);
    assert.deepEqual([...bytes.subarray(38, 54)], octets("ff02::1"), "to all nodes");
    assert.equal(bytes[21], 255, "hop limit");
    assert.equal(bytes[54], 136, "neighbour advertisement");
    const flags = (bytes[58] ?? 0) >> 5;
    assert.equal(flags & 0b011, 0b001, "override, not solicited");
    assert.deepEqual([...bytes.subarray(62, 78)], address, "target");
    assert.deepEqual([...bytes.subarray(78, 80)], [2, 1], "target link-layer address");
    assert.deepEqual([...bytes.subarray(80, 86)], [...bytes.subarray(6, 12)]);
  }
});

test("D6 (RFC 9568 8.1.2, 8.2.2): nothing is announced before the kernel has the addresses", () => {
  const bench = Bench.backup().hear({});
  const had: boolean[] = [];
  bench.host.onFrame = () => had.push(bench.holds);
  bench.untilMaster();
  bench.run(1);
  assert.deepEqual(had, [true, true]);
});

test("D6: with an interface that is down, nothing is sent at all", () => {
  const bench = Bench.master();
  bench.host.setUp(false);
  bench.run(1).forget().run(30_000);
  assert.equal(bench.frames.length, 0);
  assert.equal(bench.adverts.length, 0);
});

test("D11 (RFC 9568 6.4.3, 9): a second owner is told of", () => {
  const bench = new Bench({ priority: 255 }).hear({ priority: 255 });
  assert.match(bench.status.cause.text, /two routers claim to own the addresses/);
});
