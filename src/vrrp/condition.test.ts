import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { TrackerResult } from "../model/vrrp-wish.ts";
import { judgeCondition, type LinkCondition, type Membership } from "./condition.ts";
import { judgeTracked, sumOutcomes, trackedByGroup } from "./tracked.ts";

const base: VrrpInstance = {
  name: "VI_1",
  interface: "eth0",
  vrid: 51,
  version: 2,
  family: 4,
  initialState: "BACKUP",
  priority: 100,
  advertIntervalCs: 100,
  authentication: { type: "none" },
  preempt: true,
  preemptDelayMs: 0,
  multicastGroup: "224.0.0.18" as IpAddress,
  virtualAddresses: [],
  excludedAddresses: [],
  trackedScripts: [],
  trackedInterfaces: [],
  garp: { delayMs: 5000, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
};

const LINK_UP: LinkCondition = { up: true, carrier: true };

interface Around {
  readonly membership?: Membership;
  readonly held?: readonly string[];
  readonly links?: Readonly<Record<string, LinkCondition>>;
  readonly trackers?: Readonly<Record<string, TrackerResult>>;
  readonly source?: IpAddress | undefined;
}

function judge(instance: Partial<VrrpInstance>, around: Around = {}): string {
  const links = around.links ?? { eth0: LINK_UP };
  const condition = judgeCondition(
    { ...base, ...instance },
    {
      link: (name) => links[name],
      tracker: (_kind, name) => around.trackers?.[name],
      source: "source" in around ? around.source : ("10.0.0.1" as IpAddress),
      holdsAddress: (name, address) => around.held?.includes(`${name} ${address}`) ?? true,
    },
    around.membership,
  );
  return condition.kind === "ready"
    ? `ready ${condition.priority}`
    : `${condition.kind} ${condition.cause.kind}`;
}

const script = (up: boolean | null, weight = 0): Around => ({
  trackers: { chk: { up, weight, text: "exit status 1" } },
});

test("the interface must exist, be up, have carrier and an address", () => {
  assert.equal(judge({}), "ready 100");
  assert.equal(judge({}, { links: {} }), "fault interface-missing");
  assert.equal(
    judge({}, { links: { eth0: { up: false, carrier: false } } }),
    "fault interface-down",
  );
  assert.equal(judge({}, { links: { eth0: { up: true, carrier: false } } }), "fault carrier-lost");
  assert.equal(judge({}, { source: undefined }), "fault no-address");
  assert.equal(judge({ family: 6 }), "ready 100");
});

test("a script of weight 0: no result waits, failure is a fault", () => {
  const tracking = { trackedScripts: [{ script: "chk" }] };
  assert.equal(judge(tracking), "waiting script-pending");
  assert.equal(judge(tracking, script(null)), "waiting script-pending");
  assert.equal(judge(tracking, script(false)), "fault script-failed");
  assert.equal(judge(tracking, script(true)), "ready 100");
});

test("a positive weight is added while up, a negative one subtracted while down", () => {
  const tracking = { trackedScripts: [{ script: "chk" }] };
  assert.equal(judge(tracking, script(true, 20)), "ready 120");
  assert.equal(judge(tracking, script(false, 20)), "ready 100");
  assert.equal(judge(tracking, script(null, 20)), "ready 100");
  assert.equal(judge(tracking, script(true, -20)), "ready 100");
  assert.equal(judge(tracking, script(false, -20)), "ready 80");
  assert.equal(judge(tracking, script(null, -20)), "ready 100");
});

test("a weight beside the tracked script counts before the script's own", () => {
  const tracking = { trackedScripts: [{ script: "chk", weight: -5 }] };
  assert.equal(judge(tracking, script(false, -50)), "ready 95");
});

test("tracked interfaces: weight 0 is a fault, others change the priority", () => {
  const links = { eth0: LINK_UP, eth1: { up: true, carrier: false } };
  const tracking = (weight: number) => ({ trackedInterfaces: [{ interface: "eth1", weight }] });
  assert.equal(judge(tracking(0), { links }), "fault tracked-interface-down");
  assert.equal(judge(tracking(10), { links }), "ready 100");
  assert.equal(judge(tracking(-10), { links }), "ready 90");
  assert.equal(judge(tracking(10), { links: { eth0: LINK_UP, eth1: LINK_UP } }), "ready 110");
});

test("priorities stay within 1..254, and the owner's does not move", () => {
  const tracking = { trackedScripts: [{ script: "chk" }] };
  assert.equal(judge(tracking, script(true, 253)), "ready 254");
  assert.equal(judge(tracking, script(false, -253)), "ready 1");
  assert.equal(judge({ ...tracking, priority: 255 }, script(false, -253)), "ready 255");
});

const file = (value: number, weight = 1, reverse = false): Around => ({
  trackers: { f: { up: value === 0, weight, reverse, value, text: `holds ${value}` } },
});

test("dont_track_primary: the own interface may be down, but it must exist", () => {
  const untracked = { options: { trackOwnInterface: false } };
  const down = { eth0: { up: false, carrier: false } };
  assert.equal(judge(untracked, { links: down }), "ready 100");
  assert.equal(judge(untracked, { links: {} }), "fault interface-missing");
});

test("track_src_ip: without its source address the instance is at fault", () => {
  const sourceAddress = "10.0.0.7" as IpAddress;
  const tracking = { sourceAddress, options: { trackSourceAddress: true } };
  assert.equal(judge(tracking, { held: ["eth0 10.0.0.7"] }), "ready 100");
  assert.equal(judge(tracking, { held: ["eth1 10.0.0.7"] }), "fault source-address-missing");
  assert.equal(judge({ sourceAddress }, { held: [] }), "ready 100");
  const unicast = { source: sourceAddress, peers: [], ttl: 255 };
  const options = {
    trackSourceAddress: true,
    unicast: { ...unicast, checkSource: false, faultWithoutPeers: false },
  };
  assert.equal(judge({ options }, { held: [] }), "fault source-address-missing");
});

test("reverse: what lowers raises, and weight 0 faults while the tracker is up", () => {
  const reversed = (weight?: number) => ({
    trackedScripts: [{ script: "chk", reverse: true, ...(weight === undefined ? {} : { weight }) }],
  });
  assert.equal(judge(reversed(20), script(true)), "ready 80");
  assert.equal(judge(reversed(20), script(false)), "ready 100");
  assert.equal(judge(reversed(-20), script(true)), "ready 100");
  assert.equal(judge(reversed(-20), script(false)), "ready 120");
  assert.equal(judge(reversed(0), script(true)), "fault script-up");
  assert.equal(judge(reversed(0), script(false)), "ready 100");
  const link = (reverse: boolean) => ({
    trackedInterfaces: [{ interface: "eth0", weight: 30, reverse }],
  });
  assert.equal(judge(link(true)), "ready 70");
  assert.equal(judge(link(false)), "ready 130");
});

test("a script's own reverse counts, unless noreverse takes it back", () => {
  const around = { trackers: { chk: { up: true, weight: 20, reverse: true, text: "" } } };
  assert.equal(judge({ trackedScripts: [{ script: "chk" }] }, around), "ready 80");
  const back = { trackedScripts: [{ script: "chk", reverse: false }] };
  assert.equal(judge(back, around), "ready 120");
});

test("a file's number times its weight changes the priority", () => {
  const tracking = { options: { trackedFiles: [{ name: "f" }] } };
  assert.equal(judge(tracking, file(7)), "ready 107");
  assert.equal(judge(tracking, file(-7)), "ready 93");
  assert.equal(judge(tracking, file(3, -10)), "ready 70");
  assert.equal(judge(tracking, file(3, 10, true)), "ready 70");
  assert.equal(judge(tracking, file(1_000_000)), "ready 254");
  assert.equal(
    judge({ options: { trackedFiles: [{ name: "f", weight: 2 }] } }, file(7)),
    "ready 114",
  );
});

test("a product below -253 is a fault, and -253 is not: keepalived.conf(5), track files", () => {
  const tracking = { priority: 254, options: { trackedFiles: [{ name: "f" }] } };
  assert.equal(judge(tracking, file(-253)), "ready 1");
  assert.equal(judge(tracking, file(-254)), "fault file-failed");
  assert.equal(judge(tracking, file(-1, 254)), "fault file-failed");
  assert.equal(judge(tracking, file(1, 254, true)), "fault file-failed");
  assert.equal(judge(tracking, file(1, 254)), "ready 254");
});

test("a file of weight 0: any number but 0 is a fault, with reverse 0 itself", () => {
  const tracking = { options: { trackedFiles: [{ name: "f" }] } };
  assert.equal(judge(tracking, file(0, 0)), "ready 100");
  assert.equal(judge(tracking, file(1, 0)), "fault file-failed");
  assert.equal(judge(tracking, file(1, 0, true)), "ready 100");
  assert.equal(judge(tracking, file(0, 0, true)), "fault file-up");
  assert.equal(judge(tracking), "waiting file-pending", "its weight comes with its number");
});

test("processes and BFD sessions count as scripts do", () => {
  const around = (up: boolean | null, weight: number): Around => ({
    trackers: { x: { up, weight, text: "3 of 4" } },
  });
  for (const kind of ["process", "bfd"] as const) {
    const followed = [{ name: "x", weight: 0 }];
    const options =
      kind === "process" ? { trackedProcesses: followed } : { trackedBfdSessions: followed };
    assert.equal(judge({ options }), `waiting ${kind}-pending`);
    assert.equal(judge({ options }, around(null, 0)), `waiting ${kind}-pending`);
    assert.equal(judge({ options }, around(false, 0)), `fault ${kind}-failed`);
    assert.equal(judge({ options }, around(true, 0)), "ready 100");
  }
  const options = { trackedProcesses: [{ name: "x" }] };
  assert.equal(judge({ options }, around(true, 5)), "ready 105");
  assert.equal(judge({ options }, around(false, -5)), "ready 95");
});

test("weights of several trackers add up before the limits count", () => {
  const options = { trackedFiles: [{ name: "f" }], trackedProcesses: [{ name: "p" }] };
  const trackers = {
    f: { up: true, weight: 1, value: 250, text: "" },
    p: { up: false, weight: -240, text: "" },
  };
  assert.equal(judge({ options }, { trackers }), "ready 110");
});

test("the owner's priority does not move, but weight 0 is a fault for it as well", () => {
  const owner = { priority: 255, options: { trackedFiles: [{ name: "f" }] } };
  assert.equal(judge(owner, file(-254)), "ready 255");
  assert.equal(judge(owner, file(1, 0)), "fault file-failed");
});

test("a member of a sync group follows what the group follows", () => {
  const tracking = { trackedScripts: [{ script: "chk" }] };
  const sum = { change: -30 };
  const member = (weights: boolean, around: Around, extra = {}): Around => ({
    ...around,
    membership: { sum: { ...sum, ...extra }, weights },
  });
  assert.equal(judge(tracking, member(true, script(true, 20))), "ready 90");
  assert.equal(
    judge(tracking, member(false, script(true, 20))),
    "ready 70",
    "own weights are ignored",
  );
  assert.equal(judge(tracking, member(false, script(false, 0))), "fault script-failed");
  const fault = { fault: { kind: "script-failed", text: "" } };
  assert.equal(judge(tracking, member(true, script(true), fault)), "fault script-failed");
  const waiting = { waiting: { kind: "bfd-pending", text: "" } };
  assert.equal(judge(tracking, member(true, script(true), waiting)), "waiting bfd-pending");
});

test("what a sync group follows is judged with the same arithmetic", () => {
  const objects = { interfaces: [{ name: "eth1" }], scripts: [], files: [{ name: "f" }] };
  const followed = trackedByGroup({ ...objects, processes: [], bfdSessions: [{ name: "b" }] });
  const view = {
    link: (name: string) => (name === "eth1" ? LINK_UP : undefined),
    tracker: (kind: string) =>
      kind === "file" ? { up: true, weight: 2, value: 10, text: "" } : undefined,
  };
  const sum = sumOutcomes(
    followed.map((one) => judgeTracked(one, view)),
    { weights: true },
  );
  assert.equal(sum.change, 20);
  assert.equal(sum.waiting?.kind, "bfd-pending");
  assert.equal(sum.fault, undefined);
});

test("a router that sees too few of its witnesses takes no part; before they were asked it waits", () => {
  const options = { witnesses: { names: ["gw", "web"], quorum: 1 } };
  const seen = (gw: boolean | null, web: boolean | null): Around => ({
    trackers: {
      gw: { up: gw, weight: 0, text: "no answer" },
      web: { up: web, weight: 0, text: "no answer" },
    },
  });
  assert.equal(judge({ options }), "waiting witness-missing");
  assert.equal(judge({ options }, seen(true, false)), "ready 100");
  assert.equal(judge({ options }, seen(null, false)), "waiting witness-missing");
  assert.equal(judge({ options }, seen(false, false)), "fault witness-missing");
  const both = { witnesses: { names: ["gw", "web"], quorum: 2 } };
  assert.equal(judge({ options: both }, seen(true, false)), "fault witness-missing");
  const more = { witnesses: { names: ["gw"], quorum: 5 } };
  assert.equal(judge({ options: more }, seen(true, false)), "ready 100");
});
