// The byte strings were taken from iproute2 6.1 talking to Linux 6.18. The order of attributes says
// nothing, and marks for nested ones were not asked for when these messages were young.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import { ByteReader, fromHex, toHex } from "../../base/bytes.ts";
import { Prng } from "../../base/prng.ts";
import { decodeRouteObject, encodeRouteObject, type RouteObject } from "./route-object.ts";
import { decodeRuleObject, encodeRuleObject, type RuleObject } from "./rule-object.ts";
import { encodeVirtualLink } from "./virtual-link-message.ts";

const headerLength = 16;
const nestedTypes = new Set(["8", "16.2", "16.2.2", "12"]);

function address(text: string): IpAddress {
  return text as IpAddress;
}

/** A fixed part, then each attribute in a line, sorted. */
function lines(payload: Uint8Array, fixed: number): readonly string[] {
  return [toHex(payload.subarray(0, fixed)), ...attributeLines(payload.subarray(fixed))];
}

function attributeLines(bytes: Uint8Array): readonly string[] {
  const reader = new ByteReader(bytes, "host");
  const found: string[] = [];
  while (reader.left > 0) {
    const length = reader.u16();
    const type = reader.u16() & 0x3fff;
    const value = reader.bytes(length - 4);
    reader.skip(Math.min(-length & 3, reader.left));
    const isNested = nestedTypes.has(String(type));
    found.push(`${type}: ${isNested ? attributeLines(value).join(" ") : toHex(value)}`);
  }
  return found.sort();
}

function captured(hex: string): Uint8Array {
  return fromHex(hex).subarray(headerLength);
}

const plain = { family: 4, type: 1, tos: 0, table: 254, protocol: 18, scope: 0 } as const;

const routes: readonly (readonly [command: string, hex: string, route: RouteObject])[] = [
  [
    "198.51.100.0/24 dev e0 scope link src 10.9.0.1 mtu lock 1400 advmss 1300 table 1000 metric 50",
    "600000001800050604dd016b00000000021800000012fd010000000008000100c6336400080007000a090001" +
      "08000f00e8030000080006003200000008000400030000001c00080008000200780500000800080014050000" +
      "0800010004000000",
    {
      ...plain,
      destination: { address: address("198.51.100.0"), prefixLength: 24 },
      interfaceIndex: 3,
      scope: 253,
      preferredSource: address("10.9.0.1"),
      metrics: [
        { type: 2, value: 1400 },
        { type: 8, value: 1300 },
      ],
      lockedMetrics: 4,
      table: 1000,
      metric: 50,
    },
  ],
  [
    "192.0.4.0/24 nexthop via 10.9.0.3 dev e0 weight 2 nexthop via 10.9.0.4 dev e0 weight 5 onlink",
    "480000001800050605dd016b0000000002180000fe1200010000000008000100c0000400240009001000000103" +
      "000000080005000a0900031000040403000000080005000a090004",
    {
      ...plain,
      destination: { address: address("192.0.4.0"), prefixLength: 24 },
      nextHops: [
        { gateway: address("10.9.0.3"), interfaceIndex: 3, weight: 2 },
        { gateway: address("10.9.0.4"), interfaceIndex: 3, weight: 5, onlink: true },
      ],
    },
  ],
  [
    "blackhole 203.0.113.0/25",
    "240000001800050606dd016b0000000002190000fe1200060000000008000100cb007100",
    { ...plain, type: 6, destination: { address: address("203.0.113.0"), prefixLength: 25 } },
  ],
  [
    "2001:db8:2::/48 dev e0 pref high expires 60",
    "480000001800050606dd016b000000000a300000fe120001000000001400010020010db800020000000000000000" +
      "00000500140001000000080017003c0000000800040003000000",
    {
      ...plain,
      family: 6,
      destination: { address: address("2001:db8:2::"), prefixLength: 48 },
      interfaceIndex: 3,
      preference: 1,
      expiresS: 60,
    },
  ],
  [
    "192.0.5.0/24 via inet6 fd09::3 dev e0",
    "440000001800050607dd016b0000000002180000fe1200010000000008000100c0000500160012000a00fd0900" +
      "0000000000000000000000000300000800040003000000",
    {
      ...plain,
      destination: { address: address("192.0.5.0"), prefixLength: 24 },
      gateway: address("fd09::3"),
      interfaceIndex: 3,
    },
  ],
  [
    "192.0.7.0/24 encap mpls 100/200 via 10.9.0.3 dev e0",
    "4c0000001800050608dd016b0000000002180000fe1200010000000008000100c0000700100016800c000100000" +
      "64000000c81000600150001000100080005000a0900030800040003000000",
    {
      ...plain,
      destination: { address: address("192.0.7.0"), prefixLength: 24 },
      encapsulation: { kind: "mpls", labels: [100, 200] },
      gateway: address("10.9.0.3"),
      interfaceIndex: 3,
    },
  ],
  [
    "default via 10.9.0.3 tos 8 realm 5",
    "2c0000001800050608dd016b0000000002000008fe12000100000000080005000a09000308000b0005000000",
    { ...plain, tos: 8, gateway: address("10.9.0.3"), realms: 5 },
  ],
];

for (const [command, hex, route] of routes)
  test(`a route has the bytes of \`ip route add ${command}\``, () => {
    assert.deepEqual(lines(encodeRouteObject(route), 12), lines(captured(hex), 12));
    const { metrics, lockedMetrics, preference, expiresS, encapsulation, ...read } = route;
    const decoded = decodeRouteObject(captured(hex));
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value, read);
  });

test("a tunnel of IP has the bytes of `ip route add 192.0.6.0/24 encap ip ...`", () => {
  const hex =
    "540000001800050607dd016b0000000002180000fe12fd010000000008000100c0000600200016800c0001000000" +
    "000000000007080002000a0900090500040040f0010006001500020001000800040003000000";
  const route: RouteObject = {
    ...plain,
    scope: 253,
    destination: { address: address("192.0.6.0"), prefixLength: 24 },
    encapsulation: { kind: "ip", id: 7n, destination: address("10.9.0.9"), ttl: 64 },
    interfaceIndex: 3,
  };
  // `ip` leaves what it had in the padding behind the TTL.
  const cleaned = hex.replace("0500040040f00100", "0500040040000000");
  assert.deepEqual(lines(encodeRouteObject(route), 12), lines(captured(cleaned), 12));
});

const rules: readonly (readonly [command: string, hex: string, rule: RuleObject])[] = [
  [
    "not from 10.0.0.0/8 to 192.0.2.0/24 iif e0 oif e1 fwmark 0x10/0xff table 1000 pref 103",
    "640000002000050608dd016b00000000021808000000000102000000080002000a00000008000100c0000200070003" +
      "0065300000070011006531000008000a001000000008001000ff00000008000f00e803000008000600670000000500" +
      "150012000000",
    {
      family: 4,
      action: 1,
      preference: 103,
      not: true,
      from: { address: address("10.0.0.0"), prefixLength: 8 },
      to: { address: address("192.0.2.0"), prefixLength: 24 },
      inputInterface: "e0",
      outputInterface: "e1",
      mark: 16,
      markMask: 255,
      table: 1000,
      protocol: 18,
    },
  ],
  [
    "ipproto tcp sport 100-200 dport 80-81 uidrange 5-6 table 100 pref 109",
    "500000002000050609dd016b0000000002000000640000010000000005001600060000000800170064" +
      "00c80008001800500051000c0014000500000006000000080006006d0000000500150012000000",
    {
      family: 4,
      action: 1,
      preference: 109,
      ipProtocol: 6,
      sourcePorts: { from: 100, to: 200 },
      destinationPorts: { from: 80, to: 81 },
      users: { from: 5, to: 6 },
      table: 100,
      protocol: 18,
    },
  ],
  [
    "from 10.3.0.0/16 goto 200 pref 106",
    "3c0000002000050609dd016b00000000020010000000000200000000080002000a03000008000400c80000000800" +
      "06006a0000000500150012000000",
    {
      family: 4,
      action: 2,
      preference: 106,
      from: { address: address("10.3.0.0"), prefixLength: 16 },
      goto: 200,
      protocol: 18,
    },
  ],
  [
    "from 2001:db8::/32 tos 16 blackhole pref 107",
    "40000000200005060add016b000000000a00201600000006000000001400020020010db8000000000000000000" +
      "000000080006006b0000000500150012000000",
    {
      family: 6,
      action: 6,
      preference: 107,
      // `ip` takes the number for hexadecimal.
      tos: 0x16,
      from: { address: address("2001:db8::"), prefixLength: 32 },
      protocol: 18,
    },
  ],
  [
    "from 10.4.0.0/16 table main suppress_prefixlength 0 suppress_ifgroup 3 pref 108",
    "44000000200005060add016b0000000002001000fe00000100000000080002000a04000008000e000000000008000d" +
      "0003000000080006006c0000000500150012000000",
    {
      family: 4,
      action: 1,
      preference: 108,
      from: { address: address("10.4.0.0"), prefixLength: 16 },
      table: 254,
      suppressPrefixLength: 0,
      suppressGroup: 3,
      protocol: 18,
    },
  ],
];

for (const [command, hex, rule] of rules)
  test(`a rule has the bytes of \`ip rule add ${command}\``, () => {
    assert.deepEqual(lines(encodeRuleObject(rule), 12), lines(captured(hex), 12));
    const decoded = decodeRuleObject(captured(hex));
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value, rule);
  });

test("a virtual MAC address has the bytes of `ip link add ... type macvlan mode private`", () => {
  const hex =
    "5c000000100005060bdd016b00000000000000000000000000000000000000000a00010000005e00013300000800" +
    "0500030000000c000300767272702e3531001c0012000b0001006d6163766c616e000c0002000800010001000000";
  const link = {
    name: "vrrp.51",
    kind: "macvlan",
    mac: Uint8Array.of(0, 0, 0x5e, 0, 1, 0x33),
  } as const;
  assert.deepEqual(lines(encodeVirtualLink(link, 3), 16), lines(captured(hex), 16));
});

test("an ipvlan has the bytes of `ip link add ... type ipvlan mode l2 private`", () => {
  const hex =
    "58000000100005060bdd016b000000000000000000000000000000000000000008000500030000000c0003006970" +
    "766c2e353100240012000a0001006970766c616e00001400020006000100000000000600020001000000";
  const link = { name: "ipvl.51", kind: "ipvlan", flags: 1 } as const;
  assert.deepEqual(lines(encodeVirtualLink(link, 3), 16), lines(captured(hex), 16));
});

test("bytes that end anywhere are refused or read, never more", () => {
  const prng = new Prng(7);
  for (const [, hex] of [...routes, ...rules]) {
    const whole = captured(hex);
    for (let length = 0; length <= whole.length; length++) {
      decodeRouteObject(whole.subarray(0, length));
      decodeRuleObject(whole.subarray(0, length));
    }
    for (let i = 0; i < 200; i++) {
      const spoiled = whole.slice();
      spoiled[prng.integer(0, spoiled.length - 1)] = prng.integer(0, 255);
      decodeRouteObject(spoiled);
      decodeRuleObject(spoiled);
    }
  }
});
