import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { TrackerResult } from "../model/vrrp-wish.ts";
import { judgeCondition, type LinkCondition } from "./condition.ts";

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
    },
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
  assert.equal(judge({ family: 6 }), "fault family-not-supported");
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
