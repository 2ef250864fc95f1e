// The frames that keepalived sends, byte for byte, read and written.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type IpAddress, ipv4Number } from "../../src/base/address.ts";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { decodeArpPacket, encodeGratuitousArp } from "../../src/wire/arp.ts";
import { internetChecksum } from "../../src/wire/checksum.ts";
import {
  decodeEthernetFrame,
  type EthernetFrame,
  encodeEthernetFrame,
  printMac,
} from "../../src/wire/ethernet.ts";
import { decodeIpv4Packet, encodeIpv4Packet, type Ipv4Packet } from "../../src/wire/ipv4.ts";
import {
  decodeVrrpAdvert,
  encodePassword,
  encodeVrrpAdvert,
  type VrrpAdvert,
} from "../../src/wire/vrrp-advert.ts";

interface Golden {
  readonly case: string;
  readonly kind: "vrrp4" | "arp";
  readonly prio: number | null;
  readonly frame_hex: string;
}

const goldens = JSON.parse(
  readFileSync(new URL("../../../test/golden/wire/vrrp-frames.json", import.meta.url), "utf8"),
) as readonly Golden[];

const ADDRESSES = ["10.9.0.100", "10.9.0.101"].map((text) => ipv4Number(text as IpAddress));

function open(hex: string): { frame: EthernetFrame; ip: Ipv4Packet; advert: VrrpAdvert } {
  const frame = decodeEthernetFrame(fromHex(hex));
  assert.ok(frame.ok);
  const ip = decodeIpv4Packet(frame.value.payload);
  assert.ok(ip.ok);
  const advert = decodeVrrpAdvert(ip.value.payload, ip.value);
  assert.ok(advert.ok);
  return { frame: frame.value, ip: ip.value, advert: advert.value };
}

test("adverts of keepalived decode to what it was configured with", () => {
  const adverts = goldens.filter((golden) => golden.kind === "vrrp4");
  assert.equal(adverts.length, 10);
  for (const golden of adverts) {
    const { ip, advert } = open(golden.frame_hex);
    assert.equal(ip.ttl, 255);
    assert.equal(ip.tos, 0xc0);
    assert.equal(advert.vrid, 51);
    assert.equal(advert.priority, golden.prio);
    assert.deepEqual(advert.addresses, ADDRESSES);
    assert.equal(advert.version, golden.case.startsWith("v2") ? 2 : 3);
    if (advert.version === 3) assert.equal(advert.intervalCs, 100);
    else assert.equal(advert.intervalS, 1);
    if (advert.version === 2 && golden.case === "v2pass")
      assert.deepEqual(advert.authData, encodePassword("secret"));
  }
});

test("adverts encode to the bytes of keepalived, from the message to the whole frame", () => {
  for (const golden of goldens.filter((one) => one.kind === "vrrp4")) {
    const { frame, ip, advert } = open(golden.frame_hex);
    const payload = encodeVrrpAdvert(advert, ip);
    const packet = encodeIpv4Packet({ ...ip, payload });
    assert.equal(toHex(encodeEthernetFrame({ ...frame, payload: packet })), golden.frame_hex);
  }
});

test("gratuitous ARP encodes to the bytes of keepalived", () => {
  const frames = goldens.filter((golden) => golden.kind === "arp");
  assert.equal(frames.length, 10);
  for (const golden of frames) {
    const frame = decodeEthernetFrame(fromHex(golden.frame_hex));
    assert.ok(frame.ok);
    const arp = decodeArpPacket(frame.value.payload);
    assert.ok(arp.ok);
    assert.equal(printMac(frame.value.destination), "ff:ff:ff:ff:ff:ff");
    assert.equal(arp.value.senderAddress, arp.value.targetAddress);
    const made = encodeGratuitousArp(frame.value.source, arp.value.senderAddress);
    assert.equal(toHex(made), golden.frame_hex);
  }
});

test("version 3 checksums: the pseudo-header form and the message-only form, nothing else", () => {
  const ends = { source: 0x0a090001, destination: 0xe0000012 };
  const advert: VrrpAdvert = {
    version: 3,
    vrid: 51,
    priority: 150,
    intervalCs: 100,
    addresses: ADDRESSES,
  };
  const bytes = encodeVrrpAdvert(advert, ends);
  assert.equal(toHex(bytes.subarray(6, 8)), "38ee");
  let accepted = 0;
  for (let sum = 0; sum < 0x10000; sum++) {
    bytes[6] = sum >> 8;
    bytes[7] = sum & 255;
    if (!decodeVrrpAdvert(bytes, ends).ok) continue;
    accepted++;
    assert.ok(sum === 0x38ee || sum === 0x238b, sum.toString(16));
  }
  assert.equal(accepted, 2);
});

test("the checksum of an odd number of bytes counts the last one as a high half", () => {
  assert.equal(internetChecksum(fromHex("000102")), 0xffff - (0x0001 + 0x0200));
});
