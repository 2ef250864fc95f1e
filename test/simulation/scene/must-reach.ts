// What thousands of scenes must meet at least once. An invariant that was never put to the test says
// nothing, so the run fails when something of this list is missing.

import { junkKinds } from "./hostile.ts";

const ROWS =
  "I-1 I-2 I-3 I-4 I-5 I-6 B-1 B-2 B-3 B-4 B-6 B-7 B-8 B-9 A-1 A-2 A-3 A-4 A-5 A-6 A-7 A-9 A-12".split(
    " ",
  );

const CAUSES = [
  "started",
  "stopped",
  "no-master",
  "master-down",
  "priority-zero",
  "preempting",
  "higher-priority-advert",
  "equal-priority-higher-address",
  "address-owner",
  "interface-down",
  "carrier-lost",
  "script-failed",
  "recovered",
  "stalled",
  "machine-resumed",
  "resumed",
  "handed-over",
  "failover",
  "sync-group",
  "sync-group-fault",
];

const DROPS = [
  "ip-header-wrong",
  "own-address",
  "ttl-wrong",
  "version-wrong",
  "length-wrong",
  "checksum-wrong",
  "type-wrong",
  "vrid-unknown",
  "auth-type-wrong",
  "auth-mismatch",
  "address-count-zero",
  "interval-zero",
  "interval-mismatch",
  "address-list-mismatch",
  "peer-unknown",
  "replayed",
];

const FAULTS =
  "crash start stop same-reload overrun failover pause freeze suspend carrier admin wall-step reload take-address plant-address refuse script cut heal quality link junk forged".split(
    " ",
  );

const JUNK = [2, 3].flatMap((version) =>
  junkKinds({ version: version === 2 ? 2 : 3, password: "secret" }),
);

/** Names of `Reached` that a long run must have counted. */
export const MUST_REACH: readonly string[] = [
  ...ROWS.map((row) => `row ${row}`),
  ...CAUSES.map((cause) => `cause ${cause}`),
  ...DROPS.map((kind) => `drop ${kind}`),
  ...FAULTS.map((kind) => `fault ${kind}`),
  // B-10 and A-11: every kind of packet that is none, to routers of both kinds.
  ...new Set(JUNK.flatMap((what) => [`junk ${what} to BACKUP`, `junk ${what} to MASTER`])),
  "a partition with both sides settled",
  "a router that came back and left the MASTER alone",
  "addresses found at the start",
  "a partition that clients have survived",
  "a lease that ran out",
  "an assertion at once",
  "an assertion held back",
  "told alarm",
  "told priority-changed",
  "told repair",
  "told stopped",
  "told group-transition",
];
