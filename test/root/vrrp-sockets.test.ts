import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type IpAddress, parseIpAddress } from "../../src/base/address.ts";
import { present } from "../../src/base/assert.ts";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { ReceiveRing } from "../../src/linux/receive-ring.ts";
import { openVrrpNetwork } from "../../src/linux/vrrp-sockets.ts";
import type { ReceivedPacket, VrrpSocket } from "../../src/world/vrrp-network.ts";
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
const message = fromHex("2133640100010000 0a4d0064 0000000000000000");

/** Open sockets keep the process alive: those of a test that fails as well. */
const openSockets: VrrpSocket[] = [];
afterEach(() => {
  for (const socket of openSockets.splice(0)) socket.close();
});

/** A socket of one end of the pair, with everything that it heard. */
function listener(
  pair: VethPair,
  namespace: string,
  to: IpAddress = group,
): { socket: VrrpSocket; heard: ReceivedPacket[] } {
  const heard: ReceivedPacket[] = [];
  const socket = pair.inside(namespace, () => {
    const network = openVrrpNetwork(syscalls);
    const ifindex = syscalls.ifNameToIndex(pair.interface);
    const opened: ReturnType<typeof network.open> = network.open(
      { ifindex, interface: pair.interface, family: 4, group: to },
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

test("an advert crosses a link with TTL 255, TOS 0xc0 and its time of arrival", {
  skip,
}, async () => {
  const pair = new VethPair(syscalls, "a");
  try {
    const left = listener(pair, pair.left);
    const right = listener(pair, pair.right);
    const sentAtMs = syscalls.monotonicMs();
    assert.ok(left.socket.send(message, leftAddress).ok);
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
      left.socket.send(message, leftAddress);
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
      assert.ok(left.socket.send(numbered, leftAddress).ok);
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
    const senders = [listener(pair, pair.left), listener(pair, pair.left, otherGroup)];
    const right = listener(pair, pair.right);
    const rightOther = listener(pair, pair.right, otherGroup);
    for (const { socket } of senders) socket.send(message, leftAddress);
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
    const refused = left.socket.send(message, leftAddress);
    assert.equal(refused.ok ? "sent" : refused.fault.kind, "syscall-failed");
    assert.deepEqual(left.socket.receive(), []);
    pair.ip(pair.left, "link", "set", pair.interface, "up");
    assert.ok(
      await eventually(() => left.socket.send(message, leftAddress).ok && right.heard.length > 0),
      "adverts flow again when the link is back",
    );
    pair.ip(pair.left, "link", "del", pair.interface);
    assert.equal(left.socket.send(message, leftAddress).ok, false);
    assert.deepEqual(left.socket.receive(), []);
  } finally {
    pair.remove();
  }
});

test("opening on an interface that does not exist, or for IPv6, is a fault", { skip }, () => {
  const network = openVrrpNetwork(syscalls);
  const nobody = (): void => {};
  const missing = network.open(
    { ifindex: 999_999, interface: "no-such-if", family: 4, group },
    nobody,
  );
  assert.equal(missing.ok ? "opened" : missing.fault.code, "ENODEV");
  const six = network.open(
    { ifindex: 1, interface: "lo", family: 6, group: address("ff02::12") },
    nobody,
  );
  assert.equal(six.ok ? "opened" : six.fault.code, "EAFNOSUPPORT");
});
