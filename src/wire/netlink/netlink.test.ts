// The byte strings were taken from iproute2 6.1 and Linux 6.18 talking to each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type IpAddress, parseIpAddress } from "../../base/address.ts";
import { present } from "../../base/assert.ts";
import { fromHex, toHex } from "../../base/bytes.ts";
import { Prng } from "../../base/prng.ts";
import type { Result } from "../../base/result.ts";
import { decodeAcknowledgement } from "./acknowledgement.ts";
import {
  addressFlag,
  decodeAddressMessage,
  encodeAddressDump,
  encodeAddressMessage,
} from "./address-message.ts";
import { decodeAttributes, encodeAttributes } from "./attribute.ts";
import { decodeLinkMessage, encodeLinkRequest } from "./link-message.ts";
import {
  decodeNetlinkMessages,
  encodeNetlinkMessage,
  netlinkFlag,
  netlinkType,
} from "./message.ts";
import {
  decodeNeighbourMessage,
  encodeNeighbourMessage,
  neighbourExtendedFlag,
  neighbourState,
} from "./neighbour-message.ts";
import { decodeRouteMessage, encodeRouteRequest, routeType } from "./route-message.ts";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

function value<Value>(result: Result<Value, { readonly kind: string }>): Value {
  assert.ok(result.ok);
  return result.value;
}

/** Payload of the one message in a datagram. */
function payloadOf(hex: string): Uint8Array {
  const messages = value(decodeNetlinkMessages(fromHex(hex)));
  assert.equal(messages.length, 1);
  return present(messages[0], "there is one").payload;
}

const addVip =
  "3c0000001400050692816b0100000000 0218000002000000 080002000a4d0064 080004000a4d00ff" +
  "0c00030076657468313a3100 080001000a4d0064";

const changes = {
  vip: {
    interfaceIndex: 2,
    address: address("10.77.0.100"),
    prefixLength: 24,
    scope: 0,
    flags: 0,
    broadcast: address("10.77.0.255"),
    label: "veth1:1",
  },
};

test("a request to add an address has the bytes of `ip addr add`", () => {
  const bytes = encodeNetlinkMessage({
    type: netlinkType.newAddress,
    flags:
      netlinkFlag.request | netlinkFlag.acknowledge | netlinkFlag.create | netlinkFlag.exclusive,
    sequence: 0x016b8192,
    portId: 0,
    payload: encodeAddressMessage(changes.vip),
  });
  assert.equal(toHex(bytes), addVip.replaceAll(" ", ""));
  assert.deepEqual(value(decodeAddressMessage(payloadOf(addVip))), changes.vip);
});

test("an IPv6 address without duplicate detection has the bytes of `ip addr add ... nodad`", () => {
  const payload = encodeAddressMessage({
    interfaceIndex: 2,
    address: address("2001:db8::1"),
    prefixLength: 64,
    scope: 0,
    flags: addressFlag.noDad,
  });
  const v6 = "20010db8000000000000000000000001";
  assert.equal(toHex(payload), `0a40020002000000${"14000200"}${v6}${"14000100"}${v6}`);
});

test("flags beyond the header's 8 bits go into their own attribute, and come back", () => {
  const message = { ...changes.vip, flags: 0x200, scope: 253, peer: address("10.77.0.101") };
  const payload = encodeAddressMessage(message);
  assert.equal(payload[2], 0);
  assert.deepEqual(value(decodeAddressMessage(payload)), message);
});

test("the addresses of a dump are read, family by family", () => {
  const dump = value(
    decodeNetlinkMessages(
      fromHex(
        "58000000140022009481016b324100000218800002000000080001000a4d0064080002000a4d0064" +
          "080004000a4d00ff0c00030076657468313a3100080008008000000014000600ffffffffffffffff" +
          "24ce030024ce0300" +
          "50000000140022009481016b324100000a40c0fd0200000014000100fe80000000000000000000ff" +
          "fe00000214000600ffffffffffffffff20ce030020ce030008000800c000000005000b0003000000" +
          "14000000030022009481016b3241000000000000",
      ),
    ),
  );
  assert.deepEqual(
    dump.map(({ type }) => type),
    [netlinkType.newAddress, netlinkType.newAddress, netlinkType.done],
  );
  const [first, second, done] = dump;
  assert.deepEqual(value(decodeAddressMessage(present(first, "first").payload)), {
    ...changes.vip,
    flags: addressFlag.permanent,
  });
  assert.deepEqual(value(decodeAddressMessage(present(second, "second").payload)), {
    interfaceIndex: 2,
    address: "fe80::ff:fe00:2",
    prefixLength: 64,
    scope: 253,
    flags: addressFlag.permanent | addressFlag.tentative,
    protocol: 3,
  });
  assert.deepEqual(value(decodeAcknowledgement(present(done, "done"))), { errno: 0 });
});

test("an acknowledgement of success has errno 0", () => {
  const [ack] = value(
    decodeNetlinkMessages(
      fromHex("24000000020000019381016b20410000000000002c0000001c0005059381016b00000000"),
    ),
  );
  assert.deepEqual(value(decodeAcknowledgement(present(ack, "ack"))), { errno: 0 });
});

test("a refusal brings the kernel's words, behind a repeated request or a capped one", () => {
  const words = "23000100697076343a204164647265737320616c72656164792061737369676e65640000";
  const repeated =
    "60000000020000029381016b38410000efffffff28000000140005069381016b000000000218000002000000" +
    `080002000a4d0064080001000a4d0064${words}`;
  const capped = `48000000020000039381016b38410000efffffff28000000140005069381016b00000000${words}`;
  for (const hex of [repeated, capped]) {
    const [refusal] = value(decodeNetlinkMessages(fromHex(hex)));
    assert.deepEqual(value(decodeAcknowledgement(present(refusal, "refusal"))), {
      errno: 17,
      text: "ipv4: Address already assigned",
    });
  }
});

test("a link is read with its kind and its bridge", () => {
  const payload = fromHex(
    "00000100 03000000 43100100 00000000" +
      "0a000300 766574683000 0000" +
      "08000400 dc050000" +
      "08000a00 04000000" +
      "05001000 06 000000" +
      "0a000100 020000000001 0000" +
      "1c001200 09000100 7665746800 000000 0b000400 62726964676500 00",
  );
  assert.deepEqual(value(decodeLinkMessage(payload)), {
    index: 3,
    name: "veth0",
    type: 1,
    flags: 0x11043,
    mtu: 1500,
    mac: fromHex("020000000001"),
    operationalState: 6,
    master: 4,
    kind: "veth",
  });
  const bridgePort = payload.slice();
  bridgePort[0] = 7;
  assert.equal(value(decodeLinkMessage(bridgePort)), undefined);
});

test("requests for links and addresses", () => {
  assert.equal(
    toHex(encodeLinkRequest(2)),
    "000000000200000000000000000000000800 1d00 08000000".replaceAll(" ", ""),
  );
  assert.equal(toHex(encodeAddressDump(4)), "0200000000000000");
  assert.equal(toHex(encodeAddressDump(6)), "0a00000000000000");
});

test("a managed neighbour has the bytes of `ip neigh replace ... managed`", () => {
  const message = {
    interfaceIndex: 2,
    address: address("10.77.0.2"),
    state: neighbourState.none,
    flags: 0,
    extendedFlags: neighbourExtendedFlag.managed,
  };
  const hex = "020000000200000000000000080001000a4d0002 08000f0001000000".replaceAll(" ", "");
  assert.equal(toHex(encodeNeighbourMessage(message)), hex);
  assert.deepEqual(value(decodeNeighbourMessage(fromHex(hex))), message);
});

test("a neighbour is read with state, flags and hardware address", () => {
  const incomplete =
    "480000001c0000009281016b26410000020000000200000001000001080001000a4d0002" +
    "0800040004000000140003007117000001000000010000000200000008000f0001000000";
  assert.deepEqual(value(decodeNeighbourMessage(payloadOf(incomplete))), {
    interfaceIndex: 2,
    address: "10.77.0.2",
    state: neighbourState.incomplete,
    flags: 0,
    extendedFlags: neighbourExtendedFlag.managed,
  });
  const reachable = {
    interfaceIndex: 9,
    address: address("2001:db8::2"),
    state: neighbourState.reachable,
    flags: 0x80,
    extendedFlags: 0,
    mac: fromHex("020000000002"),
  };
  assert.deepEqual(value(decodeNeighbourMessage(encodeNeighbourMessage(reachable))), reachable);
});

test("the route to a destination is asked for and read", () => {
  const request = encodeRouteRequest(address("192.0.2.1"));
  assert.equal(toHex(request), "022000000000000000000000 08000100c0000201".replaceAll(" ", ""));
  const answer =
    "70000000180000009281016b1a41000002200000fe0000010002000008000f00fe00000008000100c0000201" +
    "0800040002000000080007000a4d0064080005000a4d0002080019000000000024000c000200000000000000" +
    "000000000000000000000000000000000000000000000000";
  assert.deepEqual(value(decodeRouteMessage(payloadOf(answer))), {
    type: routeType.unicast,
    outputInterface: 2,
    gateway: "10.77.0.2",
    preferredSource: "10.77.0.100",
  });
});

test("a next hop of the other family is read from RTA_VIA", () => {
  const header = "0220000000000001 00000000";
  const via = `16001200 0a00 fe800000000000000000000000000001 0000`;
  assert.equal(value(decodeRouteMessage(fromHex(header + via))).gateway, "fe80::1");
});

test("every truncation is a fault or a shorter list, and never more than was there", () => {
  const whole = fromHex(addVip);
  for (let length = 1; length < whole.length; length++)
    assert.equal(decodeNetlinkMessages(whole.subarray(0, length)).ok, false, `${length} bytes`);
  const payload = whole.subarray(16);
  const boundaries = new Set([16, 24, 36]);
  for (let length = 0; length < payload.length; length++)
    assert.equal(
      decodeAddressMessage(payload.subarray(0, length)).ok,
      boundaries.has(length),
      `${length} bytes of payload`,
    );
});

test("random bytes never throw", () => {
  const random = new Prng(7);
  const decoders = [
    decodeAddressMessage,
    decodeLinkMessage,
    decodeNeighbourMessage,
    decodeRouteMessage,
    decodeAttributes,
  ];
  for (let round = 0; round < 3000; round++) {
    const bytes = new Uint8Array(random.integer(0, 64));
    for (let i = 0; i < bytes.length; i++)
      bytes[i] = random.chance(0.6) ? random.integer(0, 12) : random.integer(0, 255);
    for (const decode of decoders) decode(bytes);
    const messages = decodeNetlinkMessages(bytes);
    if (messages.ok) messages.value.forEach(decodeAcknowledgement);
    const error = { type: netlinkType.error, flags: 0x300, sequence: 0, portId: 0, payload: bytes };
    decodeAcknowledgement(error);
  }
});

test("attributes are padded to 4 bytes and read back", () => {
  const attributes = [
    { type: 1, value: fromHex("01") },
    { type: 2, value: fromHex("") },
    { type: 3, value: fromHex("0102030405") },
  ];
  const bytes = encodeAttributes(attributes);
  assert.equal(
    toHex(bytes),
    "0500010001000000 04000200 0900030001020304 05000000".replaceAll(" ", ""),
  );
  const read = value(decodeAttributes(bytes));
  assert.deepEqual(
    [...read].map(([type, bytesOf]) => [type, toHex(bytesOf)]),
    [
      [1, "01"],
      [2, ""],
      [3, "0102030405"],
    ],
  );
  const nested = value(decodeAttributes(fromHex("04000180")));
  assert.deepEqual([...nested.keys()], [1]);
});
