// Lines as Linux 6.1 writes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionIdentity, isSynced, parseConnectionLine } from "./connection-text.ts";

const title = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData";

test("a connection: addresses and ports from hexadecimal, and the rest of its life in seconds", () => {
  assert.deepEqual(
    parseConnectionLine("TCP 0A010002 D376 0A010064 0050 0A02000D 0050 ESTABLISHED     895"),
    {
      protocol: "TCP",
      client: { address: "10.1.0.2", port: 54_134 },
      virtual: { address: "10.1.0.100", port: 80 },
      destination: { address: "10.2.0.13", port: 80 },
      state: "ESTABLISHED",
      expiresInS: 895,
      template: false,
    },
  );
});

test("IPv6 is in groups, and its real server may be one of IPv4", () => {
  const client = "fd01:0000:0000:0000:0000:0000:0000:0002 4F18";
  const virtual = "fd01:0000:0000:0000:0000:0000:0000:0100 1388";
  const read = parseConnectionLine(`UDP ${client} ${virtual} 0A02000C 1388 UDP             298`);
  assert.deepEqual(
    [read?.client, read?.virtual, read?.destination, read?.state],
    [
      { address: "fd01::2", port: 20_248 },
      { address: "fd01::100", port: 5000 },
      { address: "10.2.0.12", port: 5000 },
      "UDP",
    ],
  );
});

test("templates have no port of the client, and those of a mark the mark as an address", () => {
  const assured = "TCP 0A010002 0000 0A010064 0050 0A02000D 0050 ASSURED          45";
  const marked = "IP  0A010002 0000 00000007 0000 0A02000C 0000 NONE            119";
  const waiting = "TCP 0A010002 0000 0A010064 0050 0A02000D 0050 LISTEN          119";
  assert.equal(parseConnectionLine(assured)?.template, true);
  assert.equal(parseConnectionLine(marked)?.template, true);
  assert.equal(parseConnectionLine(marked)?.protocol, "IP");
  assert.equal(parseConnectionLine(marked)?.virtual.address, "0.0.0.7");
  assert.equal(parseConnectionLine(waiting)?.template, false);
});

test("data of a persistence engine come last", () => {
  const line =
    "UDP 0A010002 0000 0A010064 13C4 0A02000D 13C4 ASSURED          45 sip 12013223@10.1.0.2";
  assert.deepEqual(parseConnectionLine(line)?.persistenceEngine, {
    name: "sip",
    data: "12013223@10.1.0.2",
  });
});

test("titles, other protocols and broken lines are no connections", () => {
  assert.equal(parseConnectionLine(title), undefined);
  assert.equal(parseConnectionLine(""), undefined);
  assert.equal(parseConnectionLine("TCP 0A010002 D376"), undefined);
  const other = "AH  0A010002 D376 0A010064 0050 0A02000D 0050 NONE 5";
  assert.equal(parseConnectionLine(other), undefined);
});

test("the other file tells where a connection came from, and both name it alike", () => {
  const ends = "TCP 0A010002 D376 0A010064 0050 0A02000D 0050";
  const here = `${ends} ESTABLISHED LOCAL      895`;
  const there = `${ends} ESTABLISHED SYNC       895`;
  assert.equal(isSynced(here), false);
  assert.equal(isSynced(there), true);
  assert.equal(connectionIdentity(there), connectionIdentity(`${ends} ESTABLISHED     895`));
  const other = "TCP 0A010002 D377 0A010064 0050 0A02000D 0050 ESTABLISHED     895";
  assert.notEqual(connectionIdentity(there), connectionIdentity(other));
});
