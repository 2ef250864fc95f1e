// Of several things that are wrong with a packet, the first in the order of the checks is counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Bench, type Heard, OWN4 } from "./bench.ts";

/** What is wrong, in the order in which it is looked for (RFC 9568 section 7.1 and our additions). */
const FLAWS: readonly (readonly [kind: string, flaw: Heard])[] = [
  ["own-address", { source: OWN4 }],
  ["ttl-wrong", { ttl: 254 }],
  ["version-wrong", { version: 5 }],
  ["vrid-unknown", { vrid: 52 }],
  ["auth-type-wrong", { auth: { type: 2, data: "" } }],
  ["interval-mismatch", { intervalCs: 200 }],
  ["address-list-mismatch", { addresses: ["10.9.9.9"] }],
];

test("V1 (RFC 9568 7.1): the first flaw is the one that is counted", () => {
  for (const [i, [kind, flaw]] of FLAWS.entries()) {
    const bench = Bench.backup({ version: 2 });
    const later = FLAWS.slice(i).map(([, one]) => one);
    bench.refuses(kind, Object.assign({ priority: 254 }, ...later.reverse(), flaw) as Heard);
  }
});

test("V2 (RFC 6527): accepted adverts and those with priority 0 are counted", () => {
  const bench = Bench.backup();
  const before = bench.status.counters;
  bench.hear({}).hear({ priority: 0 }).hear({});
  const { advertsReceived, priorityZeroReceived } = bench.status.counters;
  assert.equal(advertsReceived, before.advertsReceived + 3);
  assert.equal(priorityZeroReceived, before.priorityZeroReceived + 1);
});

test("V3 (RFC 6527): what is sent is counted, and why a router became Active is told", () => {
  const bench = Bench.master().run(3000);
  bench.engine.stop();
  bench.run(1);
  const { advertsSent, priorityZeroSent, becameMaster } = bench.status.counters;
  assert.equal(priorityZeroSent, 1);
  assert.equal(becameMaster, 1);
  assert.ok(advertsSent >= 4);
  const reasons = [
    [Bench.backup().hear({ priority: 0 }), "priority-zero"],
    [Bench.backup().hear({}), "master-down"],
    [new Bench({ priority: 255 }), "address-owner"],
    [Bench.backup({ priority: 150 }).hear({ priority: 50 }), "preempting"],
  ] as const;
  for (const [router, kind] of reasons) {
    for (let i = 0; i < 40 && kind === "preempting" && router.state !== "MASTER"; i++)
      router.run(100).hear({ priority: 50 });
    if (router.state !== "MASTER") router.untilMaster();
    assert.equal(router.status.cause.kind, kind);
  }
});
