// What RFC 3768, 5798 and 9568 say of the IP packets that carry adverts.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { octets } from "../simulation/scene/packet.ts";
import { Bench, GROUP4, GROUP6, OWN4, OWN6, only, VIPS4 } from "./bench.ts";

const six = { family: 6 } as const;

test("P1 (RFC 9568 5.1.1.2, 5.1.2.2): adverts go to 224.0.0.18 and to ff02::12", () => {
  const four = Bench.master().run(1000);
  assert.deepEqual([...only(four.adverts).packet.subarray(16, 20)], octets(GROUP4));
  const bench = Bench.master(six).run(1000);
  assert.deepEqual([...only(bench.adverts).packet.subarray(24, 40)], octets(GROUP6));
});

test("P1: an advert to any other destination is not heard", () => {
  const bench = Bench.backup();
  const heard = bench.status.counters.advertsReceived;
  for (const destination of ["224.0.0.19", "224.0.0.1", "10.0.0.77"]) bench.hear({ destination });
  assert.equal(bench.status.counters.advertsReceived, heard);
  bench.refuses("destination-wrong", { destination: OWN4 });
  const bench6 = Bench.backup(six);
  const heard6 = bench6.status.counters.advertsReceived;
  for (const destination of ["ff02::1", "ff02::13"]) bench6.hear({ destination });
  assert.equal(bench6.status.counters.advertsReceived, heard6);
});

test("P2 (RFC 9568 5.1.1.1, 5.1.2.1, 7.2): the source is the primary address, or the link-local one", () => {
  const four = Bench.master().run(1000);
  assert.deepEqual([...only(four.adverts).packet.subarray(12, 16)], octets(OWN4));
  const bench = Bench.master(six).run(1000);
  assert.deepEqual([...only(bench.adverts).packet.subarray(8, 24)], octets(OWN6));
});

test("P2: a virtual address is never the source, though the MASTER has it", () => {
  const bench = Bench.master();
  assert.ok(bench.holds);
  bench.run(5000);
  for (const { packet } of bench.adverts)
    assert.deepEqual([...packet.subarray(12, 16)], octets(OWN4));
});

test("P3 (RFC 9568 5.1.1.3, 5.1.2.3, 7.1): TTL and hop limit are 255", () => {
  assert.equal(only(Bench.master().run(1000).adverts).packet[8], 255);
  assert.equal(only(Bench.master(six).run(1000).adverts).packet[7], 255);
});

test("P3: a packet with any other TTL is discarded", () => {
  for (const bench of [Bench.backup(), Bench.master(), Bench.backup(six), Bench.master(six)])
    for (const ttl of [0, 1, 64, 254]) bench.refuses("ttl-wrong", { ttl, priority: 255 });
});

test("P4 (RFC 9568 5.1.1.4, 5.1.2.4): protocol and next header are 112", () => {
  assert.equal(only(Bench.master().run(1000).adverts).packet[9], 112);
  assert.equal(only(Bench.master(six).run(1000).adverts).packet[6], 112);
});

test("P4: the same bytes in another protocol are no advert", () => {
  const bench = Bench.backup();
  const packet = bench.packet({ priority: 255 });
  packet[9] = 113;
  const heard = bench.status.counters.advertsReceived;
  bench.host.deliver(packet);
  assert.equal(bench.status.counters.advertsReceived, heard);
  assert.equal(bench.refused("protocol-wrong"), 1);
});

test("P6 (RFC 9568 5.2.9): the addresses are of the family of the IP header", () => {
  assert.equal(only(Bench.master().run(1000).adverts).message.length, 8 + 2 * 4);
  assert.equal(only(Bench.master(six).run(1000).adverts).message.length, 8 + 2 * 16);
});

test("P6: IPv6 addresses in an IPv4 packet are refused by the length", () => {
  const addresses = ["fe80::100", "fd09::100"];
  Bench.backup().refuses("length-wrong", { addresses });
  Bench.backup(six).refuses("length-wrong", { addresses: VIPS4 });
});

test("P7 (RFC 9568 5.2.3): one VRID of IPv4 and one of IPv6 are two virtual routers", () => {
  const bench = Bench.backup();
  const heard = bench.status.counters.advertsReceived;
  const other = new Bench(six).packet({ source: "fe80::9", priority: 255 });
  bench.host.deliver(other);
  assert.equal(bench.status.counters.advertsReceived, heard);
  assert.equal(bench.state, "BACKUP");
});

test("P5 (RFC 9568 7.2): without a virtual MAC address adverts leave with that of the interface [deviation]", () => {
  const [frame] = Bench.master().hear({ priority: 50 }).run(1).frames;
  assert.deepEqual([...(frame?.bytes.subarray(6, 12) ?? [])], [2, 0, 0, 0, 2, 5]);
});

test("2.2.7 of the field: a configured source and group are used", () => {
  const changes = {
    sourceAddress: "10.0.0.99" as IpAddress,
    multicastGroup: "224.0.0.77" as IpAddress,
  };
  const { packet } = only(Bench.master(changes).run(1000).adverts);
  assert.deepEqual([...packet.subarray(12, 20)], [10, 0, 0, 99, 224, 0, 0, 77]);
});
