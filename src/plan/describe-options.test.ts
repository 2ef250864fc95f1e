import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { HmacSettings, VrrpOptions } from "../model/vrrp-options.ts";
import { describeInstanceOperation } from "./describe-instance.ts";
import { diffInstances, instanceIdentity } from "./diff-instances.ts";

const signing: HmacSettings = {
  keys: [{ id: 1, key: "a secret that nobody may read in a log" }],
  activeKey: 1,
  antiReplay: "time",
  mode: "permissive",
};

function instance(options: VrrpOptions | undefined, name = "VI_1"): VrrpInstance {
  return {
    name,
    interface: "eth0",
    vrid: 1,
    version: 3,
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
    garp: { delayMs: 0, repeat: 1, refreshMs: 0, refreshRepeat: 1 },
    ...(options === undefined ? {} : { options }),
  };
}

function told(before: VrrpOptions | undefined, after: VrrpOptions | undefined): readonly string[] {
  return diffInstances([instance(after)], [instance(before)]).flatMap(describeInstanceOperation);
}

test("a changed option is a change of the instance, told without its secrets", () => {
  assert.deepEqual(told(undefined, undefined), []);
  assert.deepEqual(told({ accept: true }, { accept: true }), []);
  assert.deepEqual(told(undefined, { accept: false, downTimerAdverts: 5 }), [
    "VI_1: accept not said -> off",
    "VI_1: down_timer_adverts not said -> 5",
  ]);
  assert.deepEqual(told({ hmac: signing }, { hmac: { ...signing, mode: "enforce" } }), [
    "VI_1: auth_hmac: changed",
  ]);
});

test("virtual routers of one VRID are several where they speak by unicast", () => {
  const peers = [{ address: "192.0.2.2" as IpAddress }];
  const unicast = { peers, ttl: 255, checkSource: true, faultWithoutPeers: false };
  const identities = [
    instance(undefined, "A"),
    instance(undefined, "B"),
    instance({ unicast }, "A"),
    instance({ unicast }, "B"),
  ].map(instanceIdentity);
  assert.equal(identities[0], identities[1]);
  assert.equal(new Set(identities).size, 3);
});
