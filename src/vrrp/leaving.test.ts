import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import {
  addressWish,
  NEVER,
  type VrrpEvent,
  type VrrpMachineState,
  vrrpStateName,
  vrrpWakeAtMs,
} from "./state.ts";
import { stepVrrp } from "./step.ts";

const OWN = "10.0.0.1" as IpAddress;
const PEER = "10.0.0.2" as IpAddress;
const config: VrrpInstance = {
  name: "VI_1",
  interface: "eth0",
  vrid: 51,
  version: 3,
  family: 4,
  initialState: "BACKUP",
  priority: 150,
  advertIntervalCs: 100,
  authentication: { type: "none" },
  preempt: true,
  preemptDelayMs: 0,
  multicastGroup: "224.0.0.18" as IpAddress,
  virtualAddresses: [],
  excludedAddresses: [],
  trackedScripts: [],
  trackedInterfaces: [],
  garp: { delayMs: 0, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
};

/** A MASTER that is asked to go, and what it does. */
class Leaver {
  state: VrrpMachineState = {
    role: "MASTER",
    ready: { kind: "ready", priority: 150, source: OWN },
    advertAtMs: 900,
    advertSentAtMs: 0,
    announcedAtMs: 0,
    secondBurstAtMs: NEVER,
    assertionAtMs: NEVER,
    refreshAtMs: NEVER,
    formerMaster: undefined,
    queryAtMs: NEVER,
    queryGapMs: 1000,
  };
  nowMs = 500;
  deeds: string[] = [];

  event(event: VrrpEvent): this {
    const { state, deeds } = stepVrrp(config, this.state, event, this.nowMs);
    this.state = state;
    for (const deed of deeds)
      this.deeds.push(deed.kind === "send-advert" ? `advert ${deed.priority}` : deed.kind);
    return this;
  }

  wait(): this {
    this.nowMs = vrrpWakeAtMs(this.state) ?? assert.fail("nothing to wait for");
    return this.event({ kind: "clock-reached" });
  }

  hear(priority: number): this {
    const advert = { priority, source: PEER, intervalMs: 1000, atMs: this.nowMs };
    return this.event({ kind: "advert-received", advert });
  }
}

test("a stop with a willing successor: no priority 0, and the addresses stay until it announces them", () => {
  const leaver = new Leaver().event({ kind: "stop", offers: true });
  assert.deepEqual(leaver.deeds, ["offer-handover", "record-transition"]);
  leaver.event({ kind: "successor-found", address: PEER });
  assert.equal(leaver.deeds.at(-1), "grant-handover");
  assert.equal(addressWish(leaver.state), "held");
  leaver.hear(100);
  assert.equal(addressWish(leaver.state), "held");
  leaver.wait();
  assert.deepEqual(leaver.deeds.slice(3), ["settle-addresses", "finish"]);
  assert.equal(addressWish(leaver.state), "absent");
});

test("an offer that nobody answers ends in the RFC's way: priority 0", () => {
  const leaver = new Leaver().event({ kind: "stop", offers: true }).wait();
  assert.equal(leaver.deeds.at(-1), "advert 0");
  assert.equal(addressWish(leaver.state), "held");
});

test("a successor that was told to take over and does not is not waited for", () => {
  const leaver = new Leaver().event({ kind: "stop", offers: true });
  leaver.event({ kind: "successor-found", address: PEER }).wait();
  assert.equal(leaver.deeds.at(-1), "advert 0");
});

test("where nobody can be asked, priority 0 goes out at once", () => {
  const leaver = new Leaver().event({ kind: "stop", offers: false });
  assert.deepEqual(leaver.deeds, ["advert 0", "record-transition"]);
});

test("a failover ends as BACKUP, which leaves the lower successor alone until it is gone", () => {
  const leaver = new Leaver().event({ kind: "failover", offers: false });
  assert.equal(vrrpStateName(leaver.state), "MASTER");
  leaver.hear(100).wait();
  assert.equal(vrrpStateName(leaver.state), "BACKUP");
  for (let i = 0; i < 10; i++) {
    leaver.nowMs += 1000;
    leaver.hear(100);
  }
  assert.equal(vrrpStateName(leaver.state), "BACKUP");
  leaver.wait().wait();
  assert.equal(vrrpStateName(leaver.state), "MASTER");
});

test("a failover that finds no successor takes the addresses back", () => {
  const leaver = new Leaver().event({ kind: "failover", offers: false }).wait();
  assert.equal(vrrpStateName(leaver.state), "MASTER");
  assert.deepEqual(leaver.deeds, ["advert 0", "advert 150", "settle-addresses", "announce"]);
});

test("a fault on the way out ends it", () => {
  const fault = {
    kind: "fault",
    cause: { kind: "carrier-lost", text: "eth0 has no carrier" },
  } as const;
  const stopping = new Leaver().event({ kind: "stop", offers: true });
  stopping.event({ kind: "condition-changed", condition: fault });
  assert.equal(addressWish(stopping.state), "absent");
  const leaving = new Leaver().event({ kind: "failover", offers: true });
  leaving.event({ kind: "condition-changed", condition: fault });
  assert.equal(vrrpStateName(leaving.state), "FAULT");
  assert.ok(leaving.deeds.includes("advert 0"));
});
