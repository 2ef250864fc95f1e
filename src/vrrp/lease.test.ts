import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { LeaseSetting } from "../model/vrrp-options.ts";
import { addressLeaseOf, leaseOf, ownLeaseOf } from "./lease.ts";

function instance(advertIntervalCs: number, lease?: LeaseSetting, adverts?: number): VrrpInstance {
  return {
    name: "VI_1",
    interface: "eth0",
    vrid: 51,
    version: 3,
    family: 4,
    initialState: "BACKUP",
    priority: 100,
    advertIntervalCs,
    authentication: { type: "none" },
    preempt: true,
    preemptDelayMs: 0,
    multicastGroup: "224.0.0.18" as IpAddress,
    virtualAddresses: [],
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 5000, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
    options: {
      ...(lease === undefined ? {} : { lease }),
      ...(adverts === undefined ? {} : { downTimerAdverts: adverts }),
    },
  };
}

test("a lease ends before a peer with an advert an interval older has lost patience", () => {
  for (const cs of [10, 20, 50, 100, 300, 4095])
    for (const adverts of [undefined, 3, 4, 100]) {
      const answer = leaseOf(instance(cs, "auto", adverts));
      assert.ok(answer.kind === "lease");
      const advertMs = cs * 10;
      assert.ok(answer.lease.guardMs + advertMs < 3 * advertMs);
      // Two renewals may come late and it is still alive.
      assert.ok(answer.lease.guardMs > 3 * answer.lease.guardEveryMs);
    }
});

test("a lease of its own ends before a peer has lost patience with its holder's last advert", () => {
  for (const cs of [10, 20, 50, 100, 300, 4095])
    for (const slot of [0, 7]) {
      const answer = ownLeaseOf(instance(cs, "auto"), slot);
      assert.ok(answer.kind === "lease");
      assert.ok(answer.lease.guardMs < 3 * cs * 10);
      // A renewal may fail, and the next comes in time.
      assert.ok(answer.lease.guardMs > 2 * cs * 10);
    }
  const lengths = [0, 1, 2, 3].map((slot) => {
    const answer = ownLeaseOf(instance(100), slot);
    return answer.kind === "lease" ? answer.lease.guardMs : 0;
  });
  assert.deepEqual(lengths, [2690, 2689, 2688, 2687]);
  assert.equal(ownLeaseOf(instance(100, "no"), 0).kind, "off");
});

test("a peer that misses two adverts at most halves the lease, one leaves no room", () => {
  const two = leaseOf(instance(100, "yes", 2));
  assert.equal(two.kind, "impossible");
  assert.equal(leaseOf(instance(100, "auto", 2)).kind, "off");
  assert.equal(leaseOf(instance(100, "auto", 1)).kind, "off");
});

test("auto has none below a tenth of a second, yes has one as far as ticks allow", () => {
  assert.equal(leaseOf(instance(9)).kind, "off");
  assert.equal(leaseOf(instance(5, "yes")).kind, "lease");
  assert.equal(leaseOf(instance(1, "yes")).kind, "impossible");
  assert.equal(leaseOf(instance(100, "no")).kind, "off");
});

test("behind the guard, addresses expire after a peer has taken over, and renewing stays cheap", () => {
  assert.deepEqual(addressLeaseOf(instance(100), true, 1), { lifetimeS: 4, everyMs: 1000 });
  assert.deepEqual(addressLeaseOf(instance(10), true, 1), { lifetimeS: 3, everyMs: 1000 });
  assert.deepEqual(addressLeaseOf(instance(100), true, 1000), { lifetimeS: 60, everyMs: 20_000 });
  assert.equal(addressLeaseOf(instance(100, "no"), true, 1), undefined);
});

test("without a guard, addresses expire before, where whole seconds can say it", () => {
  assert.deepEqual(addressLeaseOf(instance(100), false, 1), { lifetimeS: 2, everyMs: 1000 });
  assert.deepEqual(addressLeaseOf(instance(300), false, 1), { lifetimeS: 8, everyMs: 3000 });
  assert.equal(addressLeaseOf(instance(50), false, 1), undefined);
});
