// Datagrams of the kernel's sync daemon, byte for byte, read and written.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { decodeSyncMessage } from "../../src/wire/ipvs-sync/decode-sync.ts";
import { encodeSyncMessage } from "../../src/wire/ipvs-sync/encode-sync.ts";
import { syncFlags } from "../../src/wire/ipvs-sync/sync-connection.ts";

const captured: { readonly datagrams: readonly string[] } = JSON.parse(
  readFileSync("test/golden/wire/ipvs-sync.json", "utf8"),
);

test("each captured datagram is read whole and written the same", () => {
  let connections = 0;
  for (const hex of captured.datagrams) {
    const message = decodeSyncMessage(fromHex(hex));
    assert.ok(message.ok);
    assert.equal(message.value.rejected, 0);
    assert.equal(message.value.syncId, 42);
    assert.equal(toHex(encodeSyncMessage(42, message.value.connections)), hex);
    connections += message.value.connections.length;
  }
  assert.equal(connections, 40 + 34 + 18);
});

test("TCP is told of in ESTABLISHED and while it closes, never before", () => {
  const states = new Set<number>();
  for (const hex of captured.datagrams) {
    const message = decodeSyncMessage(fromHex(hex));
    assert.ok(message.ok);
    for (const { flags, state } of message.value.connections)
      if ((flags & syncFlags.template) === 0) states.add(state);
  }
  assert.deepEqual([...states].sort(), [1, 5, 7]);
});
