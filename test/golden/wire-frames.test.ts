// The frames that keepalived sends, byte for byte, read and written.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type IpAddress, ipv4Number } from "../../src/base/address.ts";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { RunningInstance } from "../../src/vrrp/engine/running-instance.ts";
import { validateAdvert } from "../../src/vrrp/validate-advert.ts";
import {
  ADVERT_TRAILER_LENGTH,
  advertSignatureHolds,
  decodeAdvertTrailer,
  secondsOfSequence,
} from "../../src/wire/advert-trailer.ts";
import { decodeArpPacket, encodeGratuitousArp } from "../../src/wire/arp.ts";
import {
  decodeAuthenticationHeader,
  encodeSealedPacket,
  IP_PROTOCOL_AH,
  sealHolds,
} from "../../src/wire/authentication-header.ts";
import { internetChecksum } from "../../src/wire/checksum.ts";
import { hmac } from "../../src/wire/digest/hmac.ts";
import { md5 } from "../../src/wire/digest/md5.ts";
import { sha256 } from "../../src/wire/digest/sha256.ts";
import {
  decodeEthernetFrame,
  type EthernetFrame,
  encodeEthernetFrame,
  printMac,
} from "../../src/wire/ethernet.ts";
import { decodeIpPacket, encodeIpPacket, type IpPacket } from "../../src/wire/ip-packet.ts";
import {
  decodeNeighbourAdvertisement,
  encodeUnsolicitedAdvertisement,
} from "../../src/wire/neighbour-advertisement.ts";
import {
  decodeVrrpAdvert,
  encodePassword,
  encodeVrrpAdvert,
  IP_PROTOCOL_VRRP,
  type ReadAdvert,
  type VrrpAdvert,
} from "../../src/wire/vrrp-advert.ts";
import { instance } from "../simulation/cluster.ts";

interface Golden {
  readonly case: string;
  readonly kind: "vrrp4" | "vrrp6" | "arp" | "icmp6";
  readonly prio: number | null;
  readonly frame_hex: string;
}

interface Opened {
  readonly frame: EthernetFrame;
  readonly ip: IpPacket;
  /** The VRRP message: in an AH packet it stands behind that header. */
  readonly message: Uint8Array;
  readonly read: ReadAdvert;
}

const goldens = JSON.parse(
  readFileSync(new URL("../../../test/golden/wire/vrrp-frames.json", import.meta.url), "utf8"),
) as readonly Golden[];

const ADDRESSES = ["10.9.0.100", "10.9.0.101"] as IpAddress[];
const ADDRESSES_6 = ["fe80::100", "fd09::100"] as IpAddress[];
const AH_MAC = hmac(md5, encodePassword("secret"));
const SIGNING_KEY = Uint8Array.from({ length: 32 }, (_, i) => i);
const SIGNING_MAC = hmac(sha256, SIGNING_KEY);
const adverts = goldens.filter((golden) => golden.kind === "vrrp4" || golden.kind === "vrrp6");

function open(golden: Golden): Opened {
  const frame = decodeEthernetFrame(fromHex(golden.frame_hex));
  assert.ok(frame.ok);
  const ip = decodeIpPacket(frame.value.payload, golden.kind === "vrrp6" ? 6 : 4);
  assert.ok(ip.ok);
  let message = ip.value.payload;
  if (ip.value.protocol === IP_PROTOCOL_AH) {
    const header = decodeAuthenticationHeader(message);
    assert.ok(header.ok);
    message = header.value.payload;
  }
  const read = decodeVrrpAdvert(message, ip.value);
  assert.ok(read.ok, read.ok ? "" : read.fault.kind);
  return { frame: frame.value, ip: ip.value, message, read: read.value };
}

test("there are 48 frames of every form", () => {
  assert.equal(goldens.length, 48);
  assert.equal(adverts.length, 26);
  assert.deepEqual(new Set(goldens.map((golden) => golden.case)).size, 11);
});

test("adverts of keepalived decode to what it was configured with", () => {
  for (const golden of adverts) {
    const { ip, read } = open(golden);
    const { advert } = read;
    assert.equal(ip.hopLimit, 255);
    assert.equal(ip.trafficClass, 0xc0);
    assert.equal(advert.vrid, 51);
    assert.equal(advert.priority, golden.prio);
    assert.deepEqual(advert.addresses, golden.kind === "vrrp6" ? ADDRESSES_6 : ADDRESSES);
    assert.equal(advert.version, golden.case.startsWith("v2") ? 2 : 3);
    if (advert.version === 3) assert.equal(advert.intervalCs, 100);
    else assert.equal(advert.intervalS, 1);
    assert.equal(read.checksum, advert.version === 3 ? "pseudo-header" : "message");
    assert.equal(read.signed, golden.case.endsWith("hmac"));
    if (advert.version === 2 && golden.case === "v2pass")
      assert.deepEqual(advert.authData, encodePassword("secret"));
    if (advert.version === 2 && golden.case === "v2ah") assert.equal(advert.authType, 2);
  }
});

test("signatures of keepalived verify", () => {
  const signed = adverts.filter((golden) => golden.case.endsWith("hmac"));
  assert.equal(signed.length, 9);
  for (const golden of signed) {
    const { ip, message } = open(golden);
    assert.ok(advertSignatureHolds(message, ip.source, SIGNING_MAC));
    const trailer = decodeAdvertTrailer(message.subarray(-ADVERT_TRAILER_LENGTH));
    assert.ok(trailer.wellFormed);
    assert.equal(trailer.keyId, 1);
  }
});

test("authentication headers of keepalived verify", () => {
  const sealed = adverts.filter((golden) => golden.case === "v2ah");
  const sequences: number[] = [];
  for (const golden of sealed) {
    const { frame, ip } = open(golden);
    assert.ok(sealHolds(frame.payload, { mac: AH_MAC, unicast: false }));
    const header = decodeAuthenticationHeader(ip.payload);
    assert.ok(header.ok);
    assert.equal(header.value.header.parameterIndex, ipv4Number(ip.source));
    assert.equal(header.value.header.nextHeader, IP_PROTOCOL_VRRP);
    sequences.push(header.value.header.sequence);
  }
  assert.deepEqual(sequences, [1, 2, 4]);
});

function encodeAgain({ ip, message, read }: Opened): Uint8Array {
  const trailer = decodeAdvertTrailer(message.subarray(-ADVERT_TRAILER_LENGTH));
  const signature = { ...trailer, mac: SIGNING_MAC };
  const payload = encodeVrrpAdvert(read.advert, ip, read.signed ? { signature } : {});
  if (ip.protocol !== IP_PROTOCOL_AH) return encodeIpPacket({ ...ip, payload });
  const header = decodeAuthenticationHeader(ip.payload);
  assert.ok(header.ok);
  return encodeSealedPacket(
    {
      tos: ip.trafficClass,
      identification: ip.label,
      ttl: ip.hopLimit,
      protocol: IP_PROTOCOL_VRRP,
      source: ipv4Number(ip.source),
      destination: ipv4Number(ip.destination),
      payload,
    },
    { sequence: header.value.header.sequence, mac: AH_MAC, unicast: false },
  );
}

test("adverts encode to the bytes of keepalived, from the message to the whole frame", () => {
  for (const golden of adverts) {
    const opened = open(golden);
    const payload = encodeAgain(opened);
    assert.equal(toHex(encodeEthernetFrame({ ...opened.frame, payload })), golden.frame_hex);
  }
});

/** What an instance with the configuration of the case says of an advert that arrives. */
function judge(golden: Golden): ReturnType<typeof validateAdvert> {
  const { frame, ip, message, read } = open(golden);
  const name = golden.case;
  const family = golden.kind === "vrrp6" ? 6 : 4;
  const peers = [{ address: ip.source }];
  const unicast = { peers, ttl: 255, checkSource: true, faultWithoutPeers: false };
  const key = `hex:${toHex(SIGNING_KEY)}`;
  const hmacSettings = { keys: [{ id: 1, key }], antiReplay: "time", mode: "enforce" } as const;
  const authentication =
    name === "v2pass" || name === "v2ah"
      ? ({ type: name === "v2ah" ? "AH" : "PASS", password: "secret" } as const)
      : ({ type: "none" } as const);
  const running = new RunningInstance(
    instance({
      version: read.advert.version,
      family,
      authentication,
      multicastGroup: (family === 6 ? "ff02::12" : "224.0.0.18") as IpAddress,
      virtualAddresses: read.advert.addresses.map((address) => ({ address, prefixLength: 32 })),
      options: {
        strict: true,
        ...(name.endsWith("uni") ? { unicast } : {}),
        ...(name.endsWith("hmac") ? { hmac: hmacSettings } : {}),
      },
    }),
    0,
  );
  running.fit({ mtu: 1500, onLink: () => true });
  const link = {
    family,
    ownAddresses: new Set<IpAddress>(),
    group: name.endsWith("uni") ? undefined : running.config.multicastGroup,
    authenticationHeader: name === "v2ah",
    oldChecksumGroup: undefined,
  } as const;
  const trailer = decodeAdvertTrailer(message.subarray(-ADVERT_TRAILER_LENGTH));
  const wallMs = secondsOfSequence(trailer.sequence) * 1000;
  return validateAdvert(frame.payload, link, new Map([[51, [running.expectation]]]), wallMs);
}

test("adverts of keepalived are accepted by an instance with the same configuration", () => {
  for (const golden of adverts) {
    const verdict = judge(golden);
    assert.ok(verdict.ok, `${golden.case}: ${verdict.ok ? "" : verdict.fault.kind}`);
    assert.equal(verdict.value.priority, golden.prio);
    assert.equal(verdict.value.intervalMs, 1000);
    assert.deepEqual(verdict.value.notes, []);
  }
});

test("gratuitous ARP encodes to the bytes of keepalived", () => {
  const frames = goldens.filter((golden) => golden.kind === "arp");
  assert.equal(frames.length, 18);
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

test("unsolicited neighbour advertisements encode to the bytes of keepalived", () => {
  const frames = goldens.filter((golden) => golden.kind === "icmp6");
  assert.equal(frames.length, 4);
  for (const golden of frames) {
    const frame = decodeEthernetFrame(fromHex(golden.frame_hex));
    assert.ok(frame.ok);
    const read = decodeNeighbourAdvertisement(frame.value.payload);
    assert.ok(read.ok);
    const { target, router, solicited, override, source } = read.value;
    assert.deepEqual({ router, solicited, override }, {
      router: false,
      solicited: false,
      override: true,
    });
    assert.equal(source, target);
    const made = encodeUnsolicitedAdvertisement(frame.value.source, target, false);
    assert.equal(toHex(made), golden.frame_hex);
  }
});

test("a virtual MAC address shows in the frame and not in the advert", () => {
  const [plain, virtual] = ["v3v4", "v3vmac"].map((name) =>
    adverts.find((golden) => golden.case === name),
  );
  assert.ok(plain !== undefined && virtual !== undefined);
  assert.equal(printMac(open(virtual).frame.source), "00:00:5e:00:01:33");
  assert.equal(toHex(open(virtual).message), toHex(open(plain).message));
});

test("version 3 checksums: the pseudo-header form and the message-only form, nothing else", () => {
  const ends = {
    source: "10.9.0.1" as IpAddress,
    destination: "224.0.0.18" as IpAddress,
  };
  const advert: VrrpAdvert = {
    version: 3,
    vrid: 51,
    priority: 150,
    intervalCs: 100,
    addresses: ADDRESSES,
  };
  const bytes = encodeVrrpAdvert(advert, ends);
  assert.equal(toHex(bytes.subarray(6, 8)), "38ee");
  const bare = encodeVrrpAdvert(advert, ends, { checksum: "message" });
  assert.equal(toHex(bare.subarray(6, 8)), "238b");
  const accepted = new Map<number, string>();
  for (let sum = 0; sum < 0x10000; sum++) {
    bytes[6] = sum >> 8;
    bytes[7] = sum & 255;
    const read = decodeVrrpAdvert(bytes, ends);
    if (read.ok) accepted.set(sum, read.value.checksum);
  }
  assert.deepEqual([...accepted], [
    [0x238b, "message"],
    [0x38ee, "pseudo-header"],
  ]);
});

test("unicast checksums: of the peer, and of the group where that is allowed", () => {
  const group = "224.0.0.18" as IpAddress;
  const ends = { source: "10.9.0.1" as IpAddress, destination: "10.9.0.2" as IpAddress };
  const advert: VrrpAdvert = {
    version: 3,
    vrid: 51,
    priority: 150,
    intervalCs: 100,
    addresses: ADDRESSES,
  };
  assert.equal(toHex(encodeVrrpAdvert(advert, ends).subarray(6, 8)), "0ef6");
  const old = encodeVrrpAdvert(advert, ends, { checksumDestination: group });
  assert.equal(toHex(old.subarray(6, 8)), "38ee");
  assert.deepEqual(decodeVrrpAdvert(old, ends), { ok: false, fault: { kind: "checksum-wrong" } });
  const read = decodeVrrpAdvert(old, ends, group);
  assert.equal(read.ok && read.value.checksum, "group");
});

test("the checksum of an odd number of bytes counts the last one as a high half", () => {
  assert.equal(internetChecksum(fromHex("000102")), 0xffff - (0x0001 + 0x0200));
});
