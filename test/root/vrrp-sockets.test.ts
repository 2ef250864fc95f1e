import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type IpAddress, parseIpAddress } from "../../src/base/address.ts";
import { present } from "../../src/base/assert.ts";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { ReceiveRing } from "../../src/linux/receive-ring.ts";
import { openVrrpNetwork } from "../../src/linux/vrrp-sockets.ts";
import { decodeIpPacket, encodeIpPacket, type IpPacket } from "../../src/wire/ip-packet.ts";
import type {
  ReceivedPacket,
  VrrpSocket,
  VrrpSocketOptions,
} from "../../src/world/vrrp-network.ts";
import { eventually, VethPair } from "./veth-pair.ts";

const syscalls = loadSyscalls();
const skip = process.getuid?.() === 0 ? false : "needs root";

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

const group = address("224.0.0.18");
const leftAddress = address("10.77.0.1");
const rightAddress = address("10.77.0.2");
const left6 = address("fd77::1");
const right6 = address("fd77::2");
const group6 = address("ff02::12");
const message = fromHex("2133640100010000 0a4d0064 0000000000000000");

/** A whole packet from the left to the group. */
function packetOf(changes: Partial<IpPacket> = {}): Uint8Array {
  return encodeIpPacket({
    source: leftAddress,
    destination: group,
    hopLimit: 255,
    trafficClass: 0xc0,
    protocol: 112,
    label: 0,
    payload: message,
    ...changes,
  });
}

/** Open sockets keep the process alive: those of a test that fails as well. */
const openSockets: VrrpSocket[] = [];
afterEach(() => {
  for (const socket of openSockets.splice(0)) socket.close();
});

/** A socket of one end of the pair, with everything that it heard. */
function listener(
  pair: VethPair,
  namespace: string,
  options: Partial<VrrpSocketOptions> = { group },
): { socket: VrrpSocket; heard: ReceivedPacket[] } {
  const heard: ReceivedPacket[] = [];
  const socket = pair.inside(namespace, () => {
    const network = openVrrpNetwork(syscalls);
    const ifindex = syscalls.ifNameToIndex(pair.interface);
    const opened: ReturnType<typeof network.open> = network.open(
      { ifindex, interface: pair.interface, family: 4, ...options },
      () => {
        if (!opened.ok) return;
        for (const packet of opened.value.receive())
          heard.push({ ...packet, bytes: packet.bytes.slice() });
      },
    );
    assert.ok(opened.ok, opened.ok ? "" : opened.fault.text);
    return opened.value;
  });
  openSockets.push(socket);
  return { socket, heard };
}

/** Addresses of IPv6 at both ends, usable at once. */
function addIpv6(pair: VethPair): void {
  pair.ip(pair.left, "addr", "add", `${left6}/64`, "dev", pair.interface, "nodad");
  pair.ip(pair.right, "addr", "add", `${right6}/64`, "dev", pair.interface, "nodad");
}

/** Sends at the left until the right has heard something, for neighbours must be found first. */
async function crosses(
  pair: VethPair,
  options: Partial<VrrpSocketOptions>,
  packet: IpPacket,
): Promise<ReceivedPacket> {
  const left = listener(pair, pair.left, options);
  const right = listener(pair, pair.right, options);
  const sent = left.socket.send(encodeIpPacket(packet), packet.destination);
  assert.ok(sent.ok, sent.ok ? "" : sent.fault.text);
  assert.ok(await eventually(() => right.heard.length > 0), "it arrived");
  assert.equal(left.heard.length, 0, "own packets do not come back");
  return present(right.heard[0], "one was heard");
}

test("an advert crosses a link with TTL 255, TOS 0xc0 and its time of arrival", {
  skip,
}, async () => {
  const pair = new VethPair(syscalls, "a");
  try {
    const left = listener(pair, pair.left);
    const right = listener(pair, pair.right);
    const sentAtMs = syscalls.monotonicMs();
    assert.ok(left.socket.send(packetOf(), group).ok);
    assert.ok(await eventually(() => right.heard.length > 0));
    const packet = present(right.heard[0], "one was heard");
    assert.equal(packet.bytes.length, 20 + message.length);
    assert.equal(toHex(packet.bytes.subarray(0, 2)), "45c0");
    assert.equal(toHex(packet.bytes.subarray(8, 10)), "ff70");
    assert.equal(toHex(packet.bytes.subarray(12, 20)), "0a4d0001e0000012");
    assert.equal(toHex(packet.bytes.subarray(20)), toHex(message));
    assert.ok(packet.receivedAtMs >= sentAtMs - 0.1, "not before it was sent");
    assert.ok(packet.receivedAtMs <= syscalls.monotonicMs(), "not after it was read");
    assert.equal(left.heard.length, 0, "own multicasts do not come back");
  } finally {
    pair.remove();
  }
});

test("the time of arrival is the kernel's, not the reader's", { skip }, async () => {
  const pair = new VethPair(syscalls, "b");
  try {
    const left = listener(pair, pair.left);
    const right = listener(pair, pair.right);
    let agedMs = 0;
    // The kernel begins to stamp packets a moment after the first socket of the machine has asked for it.
    await eventually(() => {
      left.socket.send(packetOf(), group);
      const busyUntilMs = syscalls.monotonicMs() + 60;
      while (syscalls.monotonicMs() < busyUntilMs);
      const heard = present(right.socket.receive().at(-1), "the advert waits in the socket");
      agedMs = syscalls.monotonicMs() - heard.receivedAtMs;
      return agedMs >= 50;
    });
    assert.ok(agedMs >= 50, `it came while the reader slept, ${agedMs} ms ago`);
  } finally {
    pair.remove();
  }
});

test("a burst of 200 packets arrives whole and in order", { skip }, async () => {
  const pair = new VethPair(syscalls, "c");
  try {
    const left = listener(pair, pair.left);
    const right = listener(pair, pair.right);
    for (let i = 0; i < 200; i++) {
      const numbered = message.slice();
      numbered[1] = i;
      assert.ok(left.socket.send(packetOf({ payload: numbered }), group).ok);
    }
    assert.ok(await eventually(() => right.heard.length >= 200), `${right.heard.length} heard`);
    assert.deepEqual(
      right.heard.map((packet) => packet.bytes[21]),
      Array.from({ length: 200 }, (_, i) => i),
    );
  } finally {
    pair.remove();
  }
});

test("a socket hears its own group only", { skip }, async () => {
  const pair = new VethPair(syscalls, "d");
  try {
    const otherGroup = address("224.0.0.99");
    const left = listener(pair, pair.left);
    const right = listener(pair, pair.right);
    const rightOther = listener(pair, pair.right, { group: otherGroup });
    for (const destination of [group, otherGroup])
      left.socket.send(packetOf({ destination }), destination);
    assert.ok(await eventually(() => right.heard.length > 0 && rightOther.heard.length > 0));
    const groups = (heard: readonly ReceivedPacket[]): string[] =>
      heard.map((packet) => toHex(packet.bytes.subarray(16, 20)));
    assert.deepEqual(groups(right.heard), ["e0000012"]);
    assert.deepEqual(groups(rightOther.heard), ["e0000063"]);
  } finally {
    pair.remove();
  }
});

test("a frame reaches the peer as it is", { skip }, async () => {
  const pair = new VethPair(syscalls, "e");
  try {
    const allProtocols = 0x0300;
    const fd = pair.inside(pair.right, () => syscalls.socket(17, 3, allProtocols));
    const ring = new ReceiveRing(syscalls, fd, 2048);
    const frame = fromHex(
      "ffffffffffff 02000000000a 0806 0001 0800 06 04 0001 02000000000a 0a4d0064 000000000000 0a4d0064",
    );
    pair.inside(pair.left, () => {
      const network = openVrrpNetwork(syscalls);
      assert.ok(network.sendFrame(syscalls.ifNameToIndex(pair.interface), frame).ok);
      const refused = network.sendFrame(999_999, frame);
      assert.equal(refused.ok ? "sent" : refused.fault.code, "ENXIO");
    });
    const seen: string[] = [];
    const arrived = await eventually(() => {
      seen.push(...ring.take().map((datagram) => toHex(datagram.bytes)));
      return seen.includes(toHex(frame));
    });
    assert.ok(arrived, seen.join("\n"));
    syscalls.close(fd);
  } finally {
    pair.remove();
  }
});

test("an interface that goes down or away is a fault of sending, and receiving lives on", {
  skip,
}, async () => {
  const pair = new VethPair(syscalls, "f");
  try {
    const left = listener(pair, pair.left);
    const right = listener(pair, pair.right);
    pair.ip(pair.left, "link", "set", pair.interface, "down");
    const refused = left.socket.send(packetOf(), group);
    assert.equal(refused.ok ? "sent" : refused.fault.kind, "syscall-failed");
    assert.deepEqual(left.socket.receive(), []);
    pair.ip(pair.left, "link", "set", pair.interface, "up");
    assert.ok(
      await eventually(() => left.socket.send(packetOf(), group).ok && right.heard.length > 0),
      "adverts flow again when the link is back",
    );
    pair.ip(pair.left, "link", "del", pair.interface);
    assert.equal(left.socket.send(packetOf(), group).ok, false);
    assert.deepEqual(left.socket.receive(), []);
  } finally {
    pair.remove();
  }
});

test("an IPv6 advert crosses a link with its whole header made again", { skip }, async () => {
  const pair = new VethPair(syscalls, "g");
  try {
    addIpv6(pair);
    const packet = {
      source: left6,
      destination: group6,
      hopLimit: 255,
      trafficClass: 0xc0,
      protocol: 112,
      label: 0,
      payload: message,
    };
    for (const hopLimit of [255, 17]) {
      const heard = await crosses(pair, { family: 6, group: group6 }, { ...packet, hopLimit });
      const read = decodeIpPacket(heard.bytes, 6);
      // Nothing looks at the traffic class of what was received.
      assert.deepEqual(read, { ok: true, value: { ...packet, hopLimit, trafficClass: 0 } });
    }
  } finally {
    pair.remove();
  }
});

test("unicast of both families reaches single addresses and no group", { skip }, async () => {
  const pair = new VethPair(syscalls, "h");
  try {
    addIpv6(pair);
    for (const [family, source, destination] of [
      [4, leftAddress, rightAddress],
      [6, left6, right6],
    ] as const) {
      const packet = {
        source,
        destination,
        hopLimit: 64,
        trafficClass: 0,
        protocol: 112,
        label: family === 6 ? 0 : 9,
        payload: message,
      };
      const deaf = listener(pair, pair.right, { family, group: family === 6 ? group6 : group });
      const heard = await crosses(pair, { family }, packet);
      assert.deepEqual(decodeIpPacket(heard.bytes, family), { ok: true, value: packet });
      assert.deepEqual(deaf.heard, []);
    }
  } finally {
    pair.remove();
  }
});

test("sockets for authentication headers hear protocol 51 and not 112", { skip }, async () => {
  const pair = new VethPair(syscalls, "i");
  try {
    const options = { group, authenticationHeader: true };
    const left = listener(pair, pair.left, options);
    const right = listener(pair, pair.right, options);
    const plain = listener(pair, pair.right);
    for (const protocol of [112, 51, 112])
      assert.ok(left.socket.send(packetOf({ protocol }), group).ok);
    assert.ok(await eventually(() => right.heard.length > 0 && plain.heard.length > 1));
    assert.deepEqual(
      right.heard.map((packet) => packet.bytes[9]),
      [51],
    );
    assert.deepEqual(
      plain.heard.map((packet) => packet.bytes[9]),
      [112, 112],
    );
  } finally {
    pair.remove();
  }
});

test("with another interface to send from, both are heard", { skip }, async () => {
  const pair = new VethPair(syscalls, "j");
  try {
    const mac = "00:00:5e:00:01:33";
    for (const namespace of [pair.left, pair.right]) {
      pair.ip(
        namespace,
        "link",
        "add",
        "vrrp.51",
        "link",
        pair.interface,
        "address",
        mac,
        "type",
        "macvlan",
        "mode",
        "private",
      );
      pair.ip(namespace, "link", "set", "vrrp.51", "up");
    }
    const sendIfindex = pair.inside(pair.right, () => syscalls.ifNameToIndex("vrrp.51"));
    const right = listener(pair, pair.right, { group, sendIfindex });
    const virtual = listener(pair, pair.left, { group, sendIfindex });
    const plain = listener(pair, pair.left);
    assert.ok(
      await eventually(() => virtual.socket.send(packetOf(), group).ok && right.heard.length > 0),
    );
    const before = right.heard.length;
    assert.ok(plain.socket.send(packetOf(), group).ok);
    assert.ok(await eventually(() => right.heard.length > before));
  } finally {
    pair.remove();
  }
});

test("opening on an interface that does not exist is a fault", { skip }, () => {
  const network = openVrrpNetwork(syscalls);
  for (const [family, to] of [
    [4, group],
    [6, group6],
  ] as const) {
    const missing = network.open(
      { ifindex: 999_999, interface: "no-such-if", family, group: to },
      () => undefined,
    );
    assert.equal(missing.ok ? "opened" : missing.fault.code, "ENODEV");
  }
});
