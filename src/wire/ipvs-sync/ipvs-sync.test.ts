import assert from "node:assert/strict";
import { test } from "node:test";
import { type IpAddress, ipAddressFromBytes } from "../../base/address.ts";
import { fromHex, toHex } from "../../base/bytes.ts";
import { Prng } from "../../base/prng.ts";
import { decodeSyncMessage, type SyncMessage } from "./decode-sync.ts";
import { encodeSyncMessage, syncConnectionLength } from "./encode-sync.ts";
import { type SyncConnection, syncFlags } from "./sync-connection.ts";

const address = (text: string): IpAddress => text as IpAddress;

// Records as Linux 6.1's master daemon sent them, syncid 42: a client's template, not assured and
// assured, and a connection in ESTABLISHED, CLOSE_WAIT and TIME_WAIT.
const templateRecord =
  "00060024 00001100 0000 0000 0050 0050 00000000 00000032 0a010002 0a010064 0a02000d";
const assuredRecord =
  "00060024 00001100 0001 0000 0050 0050 00000000 00000032 0a010002 0a010064 0a02000d";
const established =
  "00060024 00000000 0001 d342 0050 0050 00000000 00000384 0a010002 0a010064 0a02000d";
const closeWait =
  "00060024 00000100 0007 d342 0050 0050 00000000 0000003c 0a010002 0a010064 0a02000d";
const timeWait =
  "00060024 00000100 0005 d342 0050 0050 00000000 00000078 0a010002 0a010064 0a02000d";
const captured = `002a00bc 05010000 ${templateRecord} ${assuredRecord} ${established} ${closeWait} ${timeWait}`;

const connection: SyncConnection = {
  protocol: 6,
  flags: 0,
  state: 1,
  client: address("10.1.0.2"),
  clientPort: 54082,
  virtual: address("10.1.0.100"),
  virtualPort: 80,
  destination: address("10.2.0.13"),
  destinationPort: 80,
  fwmark: 0,
  timeoutS: 900,
};

function decoded(bytes: Uint8Array): SyncMessage {
  const message = decodeSyncMessage(bytes);
  assert.ok(message.ok);
  return message.value;
}

test("the kernel's datagram is read, and written again byte for byte", () => {
  const bytes = fromHex(captured);
  const message = decoded(bytes);
  assert.equal(message.syncId, 42);
  assert.equal(message.version, 1);
  assert.equal(message.rejected, 0);
  assert.deepEqual(message.connections[2], connection);
  assert.deepEqual(
    message.connections.map(({ state, timeoutS }) => [state, timeoutS]),
    [
      [0, 50],
      [1, 50],
      [1, 900],
      [7, 60],
      [5, 120],
    ],
  );
  assert.equal(toHex(encodeSyncMessage(42, message.connections)), toHex(bytes));
});

function randomConnection(random: Prng): SyncConnection {
  const length = random.chance(0.4) ? 16 : 4;
  const bytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => random.integer(0, 255));
  const shift = () => ({
    initial: random.integer(0, 0xffffffff),
    delta: random.integer(0, 0xffffffff),
    previousDelta: random.integer(0, 0xffffffff),
  });
  const shifted = random.chance(0.3);
  const template = random.chance(0.3);
  const protocol = [6, 17, 132][random.integer(0, 2)] ?? 6;
  return {
    protocol,
    flags:
      random.integer(0, 4) |
      (shifted ? syncFlags.inSequence : 0) |
      (template ? syncFlags.template : 0) |
      (random.chance(0.5) ? syncFlags.inactive : 0),
    state: random.integer(0, template || protocol === 17 ? 1 : 10),
    client: ipAddressFromBytes(bytes(length)),
    clientPort: random.integer(0, 65535),
    virtual: ipAddressFromBytes(bytes(length)),
    virtualPort: random.integer(0, 65535),
    destination: ipAddressFromBytes(bytes(length)),
    destinationPort: random.integer(0, 65535),
    fwmark: random.integer(0, 0xffffffff),
    timeoutS: random.integer(0, 0xffffffff),
    ...(shifted && { sequences: { in: shift(), out: shift() } }),
    ...(random.chance(0.3) && {
      persistenceEngine: { name: "sip", data: bytes(random.integer(1, 255)) },
    }),
  };
}

test("whatever is written is read the same, in either family, with any options", () => {
  const random = new Prng(81);
  for (let run = 0; run < 300; run++) {
    const connections = Array.from({ length: random.integer(0, 30) }, () =>
      randomConnection(random),
    );
    const bytes = encodeSyncMessage(run & 255, connections);
    assert.deepEqual(decoded(bytes), {
      syncId: run & 255,
      version: 1,
      connections,
      rejected: 0,
    });
    const room = connections.reduce((sum, one) => sum + syncConnectionLength(one), 8);
    assert.ok(bytes.length <= room && bytes.length > room - 4);
  }
});

test("hostile bytes are refused or read, and never read beyond their end", () => {
  const random = new Prng(82);
  for (let run = 0; run < 3000; run++) {
    const bytes = encodeSyncMessage(1, [randomConnection(random), randomConnection(random)]);
    for (let change = random.integer(1, 6); change > 0; change--)
      bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
    const cut = random.chance(0.3) ? bytes.slice(0, random.integer(0, bytes.length)) : bytes;
    const message = decodeSyncMessage(cut);
    if (!message.ok) continue;
    for (const { state, protocol } of message.value.connections)
      assert.ok(state < 14 && [0, 6, 17, 50, 51, 132].includes(protocol));
  }
});

test("what must be understood and is not leaves its connection out, and no other", () => {
  const withOption = (type: string): string =>
    `00060028${established.replaceAll(" ", "").slice(8)}${type}0200ff`;
  const both = (type: string): SyncMessage =>
    decoded(fromHex(`002a0054 02010000 ${withOption(type)} ${established}`));
  assert.deepEqual(both("05"), { syncId: 42, version: 1, connections: [connection], rejected: 1 });
  assert.deepEqual(both("45").connections, [connection, connection]);
});

test("a size that is not the datagram's, and less than a header, are refused", () => {
  const bytes = fromHex(captured);
  const refused = (changed: Uint8Array): string => {
    const message = decodeSyncMessage(changed);
    return message.ok ? "read" : message.fault.kind;
  };
  assert.equal(refused(bytes.slice(0, 60)), "size-wrong");
  assert.equal(refused(bytes.slice(0, 3)), "truncated");
});

test("states and protocols that do not exist are left out", () => {
  const spoiled = (changes: Partial<SyncConnection>): number =>
    decoded(encodeSyncMessage(1, [{ ...connection, ...changes }])).rejected;
  assert.equal(spoiled({ state: 11 }), 1);
  assert.equal(spoiled({ protocol: 1 }), 1);
  assert.equal(spoiled({ flags: 5 }), 1);
  assert.equal(spoiled({ flags: syncFlags.template, state: 2 }), 1);
  assert.equal(spoiled({ protocol: 132, state: 13 }), 0);
});

test("version 0 is read too: IPv4 only, without timeouts and marks", () => {
  const bytes = fromHex("0107001c 0006 d342 0050 0050 0a010002 0a010064 0a02000d 0003 0001");
  assert.deepEqual(decoded(bytes), {
    syncId: 7,
    version: 0,
    connections: [{ ...connection, flags: 3, timeoutS: 0 }],
    rejected: 0,
  });
});
