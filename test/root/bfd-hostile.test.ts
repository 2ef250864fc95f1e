// Packets that no neighbour sent, against the running process.

import assert from "node:assert/strict";
import { test } from "node:test";
import { A4, B4, buildBfdLab, KeelsonBfd, session } from "./bfd-lab.ts";
import { whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;
const PACKETS = 4000;

/** Sends spoiled packets to port 3784, a few at a time, and prints how many it sent. */
const sender = `
const socket = require("node:dgram").createSocket("udp4");
const good = Buffer.from("20400318000000010000000000002710000027100000000000", "hex").subarray(0, 24);
let state = 5880, sent = 0;
const random = (n) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0, (state >>> 8) % n);
const burst = () => {
  for (let i = 0; i < 40; i++) {
    const bytes = Buffer.concat([good, Buffer.alloc(random(9))]).subarray(0, 1 + random(33));
    for (let k = random(5); k > 0; k--) bytes[random(bytes.length)] = random(3) && random(256);
    socket.send(bytes, 3784, "${A4}");
    sent++;
  }
  if (sent < ${PACKETS}) setTimeout(burst, 5);
  else setTimeout(() => { console.log(sent); socket.close(); }, 200);
};
burst();
`;

test("nothing crashes, no session moves, and the counters by kind add up", { skip }, async (t) => {
  const lab = await buildBfdLab();
  t.after(() => lab.close());
  const a = await KeelsonBfd.start(lab.host("a"), [session(B4)]);
  const b = await KeelsonBfd.start(lab.host("b"), [session(A4)]);
  const before = await a.until(
    "both are up",
    (one) => one.state === "Up" && one.remoteState === "Up",
  );
  // From the neighbour's own address, but with the TTL of an ordinary program.
  const { stdout, code } = await lab.host("b").run([process.execPath, "-e", sender]);
  assert.equal(`${code} ${stdout.trim()}`, `0 ${PACKETS}`);
  const { bfdSessions = [], bfdStrays = {} } = await a.report();
  const after = bfdSessions[0] ?? assert.fail("a session");
  const counts = [...Object.entries(after.counters.rejected), ...Object.entries(bfdStrays)];
  const rejected = counts.reduce((sum, [, count]) => sum + count, 0);
  assert.ok(rejected <= PACKETS, `${rejected} rejected`);
  assert.ok(rejected > PACKETS * 0.95, `${rejected} of ${PACKETS}: ${JSON.stringify(counts)}`);
  const kinds = new Set(counts.map(([kind]) => kind));
  for (const kind of ["version-wrong", "length-wrong", "truncated", "multiplier-zero", "ttl-wrong"])
    assert.ok(kinds.has(kind), `${kind} was among ${[...kinds].join(", ")}`);
  assert.equal(after.counters.wentDown, 0);
  assert.equal(after.state, "Up");
  assert.equal(after.sinceMs, before.sinceMs);
  assert.equal(after.detectionMs, 200);
  await a.router.process.killFamily();
  await b.router.process.killFamily();
});
