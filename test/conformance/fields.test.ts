// What the RFCs say of the fields of an advert: what is sent, what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checksum, octets } from "../simulation/scene/packet.ts";
import { Bench, GROUP4, OWN4, only, VIPS4, VIPS6 } from "./bench.ts";

const v2 = { version: 2 } as const;
const six = { family: 6 } as const;

/** A message whose checksum is right over itself alone. */
function summed(message: Uint8Array): Uint8Array {
  const bytes = message.slice();
  bytes.fill(0, 6, 8);
  const sum = checksum([...bytes]);
  bytes[6] = sum >> 8;
  bytes[7] = sum & 255;
  return bytes;
}

test("F1 (RFC 3768 5.3.1, RFC 9568 5.2.1): the version is that of the instance", () => {
  assert.equal((only(Bench.master(v2).run(1000).adverts).message[0] ?? 0) >> 4, 2);
  assert.equal((only(Bench.master().run(1000).adverts).message[0] ?? 0) >> 4, 3);
});

test("F1: another version is discarded and counted", () => {
  for (const version of [0, 1, 4, 15]) Bench.backup().refuses("version-wrong", { version });
  Bench.backup().refuses("version-wrong", { version: 2, priority: 255 });
  Bench.backup(v2).refuses("version-wrong", { version: 3, priority: 255 });
});

test("F2 (RFC 9568 5.2.2): the type is 1", () => {
  assert.equal((only(Bench.master().run(1000).adverts).message[0] ?? 0) & 15, 1);
});

test("F2: an unknown type is discarded and counted", () => {
  for (const type of [0, 2, 15]) {
    Bench.backup().refuses("type-wrong", { type, priority: 255 });
    Bench.master(v2).refuses("type-wrong", { type, priority: 255 });
  }
});

test("F3 (RFC 9568 5.2.3, 7.1; erratum 8298): the VRID is that of the instance", () => {
  for (const vrid of [1, 51, 255])
    assert.equal(only(Bench.master({ vrid }).run(1000).adverts).message[1], vrid);
});

test("F3: a VRID that is not configured on the interface is discarded and counted", () => {
  for (const vrid of [0, 1, 50, 52, 255])
    Bench.backup().refuses("vrid-unknown", { vrid, priority: 255 });
});

test("F4 (RFC 9568 5.2.4): the priority is the instance's own, 255 the owner's, 0 says goodbye", () => {
  for (const priority of [1, 100, 254, 255])
    assert.equal(only(Bench.master({ priority }).run(1000).adverts).priority, priority);
  const bench = Bench.master();
  bench.engine.stop();
  assert.equal(only(bench.run(1).adverts).priority, 0);
});

test("F4: every priority from 0 to 255 is taken", () => {
  const bench = Bench.backup();
  for (let priority = 0; priority <= 255; priority++) bench.takes({ priority });
});

test("F5 (RFC 9568 5.2.5, erratum 8299): the count is that of the addresses", () => {
  assert.equal(only(Bench.master().run(1000).adverts).message[3], 2);
  assert.equal(only(Bench.master(six).run(1000).adverts).message[3], 2);
});

test("F5: a count of 0 is discarded, whatever the priority", () => {
  for (const priority of [0, 50, 255])
    for (const bench of [Bench.master(), Bench.backup(), Bench.master(v2), Bench.backup(six)])
      bench.refuses("address-count-zero", { addresses: [], priority });
});

test("F6 (RFC 9568 5.2.6): reserved bits are zero when sent", () => {
  const { message } = only(Bench.master({ advertIntervalCs: 4095 }).run(40_950).adverts);
  assert.equal((message[4] ?? 0) >> 4, 0);
});

test("F6: reserved bits are ignored on receipt", () => {
  const bench = Bench.backup();
  bench.takes({
    intervalCs: 300,
    spoil: (message) => {
      message[4] = (message[4] ?? 0) | 0xf0;
      return summed(message);
    },
  });
  // The twelve bits beside them count: three intervals of 3 s and a skew.
  const waitedMs = bench.untilMaster();
  assert.ok(waitedMs > 3 * 3000 && waitedMs < 4 * 3000, `${waitedMs}`);
});

test("F7 (RFC 9568 5.2.7, erratum 8301): the interval is sent in 12 bits of centiseconds", () => {
  for (const advertIntervalCs of [1, 100, 4095]) {
    const bench = Bench.master({ advertIntervalCs }).run(10 * advertIntervalCs);
    const message = bench.adverts[0]?.message ?? new Uint8Array();
    assert.equal(((message[4] ?? 0) << 8) | (message[5] ?? 0), advertIntervalCs);
  }
});

test("F7: an interval of 0 is discarded, 1 and 4095 are taken", () => {
  Bench.backup().refuses("interval-zero", { intervalCs: 0, priority: 255 });
  Bench.master().refuses("interval-zero", { intervalCs: 0, priority: 255 });
  Bench.backup(v2).refuses("interval-zero", { intervalCs: 0 });
  Bench.backup().takes({ intervalCs: 1 }).takes({ intervalCs: 4095 });
});

test("F8 (RFC 3768 5.3.7, 7.1): version 2 sends whole seconds and takes its own interval", () => {
  const bench = Bench.master({ ...v2, advertIntervalCs: 200 }).run(2000);
  assert.equal(only(bench.adverts).message[5], 2);
  Bench.backup(v2).takes({ intervalCs: 100 });
});

test("F8: version 2 discards another interval and counts it", () => {
  for (const intervalCs of [200, 25_500])
    for (const bench of [Bench.backup(v2), Bench.master(v2)])
      bench.refuses("interval-mismatch", { intervalCs, priority: 255 });
});

test("F9 (RFC 9568 7.1): version 3 takes another interval, learns it and says so once in a while", () => {
  const bench = Bench.backup();
  bench.takes({ intervalCs: 500 });
  for (let i = 0; i < 20; i++) bench.run(100).takes({ intervalCs: 500 });
  const lines = bench.outputs.filter((output) => output.kind === "log");
  assert.ok(lines.length >= 1 && lines.length <= 2, `${lines.length} lines`);
  assert.ok(bench.untilMaster() > 3 * 5000, "it waits for three of the MASTER's intervals");
});

test("F10 (RFC 3768 5.3.6, 5.3.10): without authentication type and data are zero", () => {
  const { message } = only(Bench.master(v2).run(1000).adverts);
  assert.equal(message[4], 0);
  assert.deepEqual([...message.subarray(-8)], [0, 0, 0, 0, 0, 0, 0, 0]);
});

test("F10: another type is discarded, data without a type are ignored", () => {
  Bench.backup(v2).refuses("auth-type-wrong", { auth: { type: 1, data: "secret" } });
  Bench.backup(v2).refuses("auth-type-wrong", { auth: { type: 7, data: "" } });
  Bench.backup(v2).takes({ auth: { type: 0, data: "whatever" } });
});

test("F10 (RFC 2338 5.3.6): PASS sends the password and refuses every other one", () => {
  const changes = { ...v2, authentication: { type: "PASS", password: "secret" } } as const;
  const auth = { type: 1, data: "secret" };
  const bench = Bench.backup(changes, { auth });
  bench.takes({ auth });
  for (const data of ["", "secre", "secrets", "SECRET"])
    bench.refuses("auth-mismatch", { auth: { type: 1, data }, priority: 255 });
  bench.refuses("auth-type-wrong", { priority: 255 });
  const { message } = only(Bench.master(changes).run(1000).adverts);
  assert.equal(message[4], 1);
  assert.equal(String.fromCharCode(...message.subarray(-8)), "secret\0\0");
});

test("F11 (RFC 3768 5.3.8, RFC 9568 5.2.9, 7.1): the length follows from the count", () => {
  assert.equal(only(Bench.master(v2).run(1000).adverts).message.length, 8 + 4 * 2 + 8);
  assert.equal(only(Bench.master().run(1000).adverts).message.length, 8 + 4 * 2);
  assert.equal(only(Bench.master(six).run(1000).adverts).message.length, 8 + 16 * 2);
});

test("F11: shorter and longer messages are discarded", () => {
  for (const version of [2, 3] as const) {
    const bench = Bench.backup({ version });
    const whole = bench.packet({}).length - 20;
    for (let length = 8; length < whole; length++)
      bench.refuses("length-wrong", { spoil: (message) => summed(message.slice(0, length)) });
    for (let length = 0; length < 8; length++)
      bench.refuses("truncated", { spoil: (message) => message.slice(0, length) });
    bench.refuses("length-wrong", { spoil: (message) => summed(Uint8Array.of(...message, 0, 0)) });
  }
});

test("F12 (RFC 9568 5.2.9, erratum 8300): the first IPv6 address sent is the link-local one", () => {
  const { message } = only(Bench.master(six).run(1000).adverts);
  assert.deepEqual([...message.subarray(8, 24)], octets("fe80::100"));
  assert.deepEqual([...message.subarray(24, 40)], octets("fd09::100"));
});

test("F12: another first address is logged, and refused in strict mode [deviation]", () => {
  const addresses = [...VIPS6].reverse();
  Bench.backup(six).takes({ addresses });
  const strict = { ...six, options: { strict: true } };
  Bench.backup(strict).refuses("first-address-wrong", { addresses });
});

test("F13 (RFC 3768 7.1): version 2 discards another address list, unless the owner sent it", () => {
  for (const addresses of [
    [VIPS4[0] ?? ""],
    [...VIPS4, "10.9.0.102"],
    ["10.9.0.100", "10.9.0.103"],
  ])
    for (const bench of [Bench.backup(v2), Bench.master(v2)])
      bench.refuses("address-list-mismatch", { addresses, priority: 254 });
});

test("F13: version 2 takes any list of the owner, and any order of anybody", () => {
  Bench.backup(v2).takes({ addresses: ["10.9.0.102"], priority: 255 });
  Bench.backup(v2).takes({ addresses: [...VIPS4].reverse() });
});

test("F14 (RFC 9568 7.1): version 3 takes another address list and says so", () => {
  const bench = Bench.backup();
  bench.takes({ addresses: ["10.9.0.102"] });
  const lines = bench.outputs.filter((output) => output.kind === "log");
  assert.ok(lines.length > 0, "it is logged");
});

test("C1 (RFC 3768 5.3.8): version 2 sums the message with its authentication data", () => {
  const auth = { authentication: { type: "PASS", password: "secret" } } as const;
  const { message } = only(Bench.master({ ...v2, ...auth }).run(1000).adverts);
  assert.equal(checksum([...message]), 0);
});

test("C2 (RFC 9568 5.2.8, RFC 8200 8.1): over IPv6 the pseudo-header is summed as well", () => {
  const { packet, message } = only(Bench.master(six).run(1000).adverts);
  const pseudo = [...packet.subarray(8, 40), 0, 0, 0, message.length, 0, 0, 0, 112];
  assert.equal(checksum([...pseudo, ...message]), 0);
});

test("C2: over IPv6 the message alone does not do", () => {
  Bench.backup(six).refuses("checksum-wrong", { spoil: summed });
});

test("C3 (RFC 9568 5.2.8): over IPv4 version 3 sends the pseudo-header's sum and takes both [deviation]", () => {
  const { message } = only(Bench.master().run(1000).adverts);
  const pseudo = [...octets(OWN4), ...octets(GROUP4), 0, 112, 0, message.length];
  assert.equal(checksum([...pseudo, ...message]), 0);
  Bench.backup().takes({}).takes({ spoil: summed });
});

test("C4 (RFC 9568 7.1): a bad checksum is discarded and counted, whichever bit is wrong", () => {
  for (const bench of [Bench.backup(), Bench.backup(v2), Bench.backup(six)])
    for (let bit = 0; bit < 16; bit++)
      bench.refuses("checksum-wrong", {
        priority: 255,
        spoil: (message) => {
          const at = 6 + (bit >> 3);
          message[at] = (message[at] ?? 0) ^ (1 << (bit & 7));
          return message;
        },
      });
});

test("C4: a checksum of zero is a checksum like any other", () => {
  // Some interval makes the sum of this message come to zero, in both of its forms.
  const pseudo = [...octets("10.0.0.6"), ...octets(GROUP4), 0, 112, 0, 12];
  const sums = (intervalCs: number): number => {
    const word = [intervalCs >> 8, intervalCs & 255];
    return checksum([...pseudo, 0x31, 51, 200, 1, ...word, 0, 0, 10, 9, 0, 100]);
  };
  const intervals = Array.from({ length: 4095 }, (_, i) => i + 1);
  const bench = Bench.backup();
  const near = intervals.filter((intervalCs) => sums(intervalCs) < 4096).slice(0, 50);
  for (const intervalCs of [...intervals.filter((one) => sums(one) === 0), ...near])
    bench.takes({ intervalCs, addresses: ["10.9.0.100"] });
});

test("C5 (scapy, holo): messages of other implementations verify", () => {
  // scapy: VRRPv3(vrid=2, priority=254, adv=1, addrlist=[20.0.1.2, 20.0.1.3]) from 20.0.0.3.
  const scapy = [0x31, 2, 254, 2, 0, 1, 0xb2, 0x5e, 20, 0, 1, 2, 20, 0, 1, 3];
  const virtualAddresses = ["20.0.1.2", "20.0.1.3"].map((address) => ({
    address: address as never,
    prefixLength: 32,
  }));
  const third = Bench.backup({ vrid: 2, advertIntervalCs: 1, virtualAddresses });
  third.takes({ source: "20.0.0.3", spoil: () => Uint8Array.from(scapy) });
  assert.equal(third.status.master?.priority, 254);
  const holo = [0x21, 0x33, 0x1e, 1, 0, 1, 0xb5, 0xc5, 10, 0, 1, 5, 0, 0, 0, 0, 0, 0, 0, 0];
  const second = Bench.backup({
    ...v2,
    virtualAddresses: [{ address: "10.0.1.5" as never, prefixLength: 32 }],
  });
  second.takes({ spoil: () => Uint8Array.from(holo) });
  assert.equal(second.status.master?.priority, 30);
});
