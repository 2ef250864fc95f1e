// The engine on a simulated host: addresses, repairs, reloads, stalls, and packets that are none.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IpAddress } from "../../src/base/address.ts";
import { wishOfInstances } from "../../src/model/vrrp-wish.ts";
import { encodeIpPacket } from "../../src/wire/ip-packet.ts";
import { encodeVrrpAdvert } from "../../src/wire/vrrp-advert.ts";
import { Cluster, instance, VIP, VIP_FACT } from "./cluster.ts";

function alone(changes: Parameters<typeof instance>[0] = {}): Cluster {
  const cluster = new Cluster(1, [instance(changes)]);
  cluster.router(0).start();
  return cluster;
}

test("an address that somebody deletes comes back at once, is announced and reported", () => {
  const cluster = alone();
  cluster.run(10_000);
  const router = cluster.router(0);
  assert.ok(router.holds);
  cluster.tolerant = true;
  const garpBefore = router.status()?.counters.garpSent ?? 0;
  router.outputs = [];
  router.host.removeAddress(VIP_FACT);
  cluster.run(100);
  assert.ok(router.holds);
  assert.deepEqual(
    router.outputs.map((output) => (output.kind === "repair" ? output.found : output.kind)),
    ["10.0.0.100/32 on eth0 was missing"],
  );
  assert.equal((router.status()?.counters.garpSent ?? 0) - garpBefore, 2);
});

test("an address that turns up on a BACKUP is taken away and reported", () => {
  const cluster = new Cluster(1, [instance({ priority: 200 }), instance()]);
  for (const router of cluster.routers) router.start();
  cluster.run(10_000);
  cluster.tolerant = true;
  const backup = cluster.router(1);
  backup.outputs = [];
  backup.host.addAddress(VIP_FACT);
  cluster.run(100);
  assert.ok(!backup.holds);
  assert.deepEqual(
    backup.outputs.map((output) => output.kind),
    ["repair"],
  );
});

test("a kernel that refuses is asked again, and complained about once", () => {
  const cluster = alone();
  const router = cluster.router(0);
  cluster.tolerant = true;
  router.host.refusal = { errno: 1, code: "EPERM" };
  cluster.run(10_000);
  assert.ok(!router.holds);
  const complaints = router.outputs.filter((output) => output.kind === "log");
  assert.equal(complaints.length, 1);
  router.host.refusal = undefined;
  cluster.run(1100);
  assert.ok(router.holds);
});

test("in quiet operation nothing at all is asked of the kernel", () => {
  const cluster = alone();
  cluster.run(10_000);
  const { host } = cluster.router(0);
  assert.equal(host.operations, 1);
  cluster.run(600_000);
  assert.equal(host.operations, 1);
});

test("a restarted MASTER finds its address and needs no operation to keep it", () => {
  const cluster = alone();
  cluster.run(10_000);
  const router = cluster.router(0);
  const before = router.host.operations;
  router.crash();
  assert.ok(router.holds);
  router.start();
  for (let i = 0; i < 100; i++) {
    cluster.run(100);
    assert.ok(router.holds);
  }
  assert.equal(router.host.operations, before);
  assert.ok(router.master);
});

test("a restarted MASTER gives its address up when it hears that another one has taken over", () => {
  // Without a lease, that is: otherwise the kernel has taken it away long before.
  const options = { lease: "no" } as const;
  const cluster = new Cluster(1, [instance({ priority: 200, options }), instance()]);
  for (const router of cluster.routers) router.start();
  cluster.run(10_000);
  cluster.router(0).crash();
  cluster.run(10_000);
  assert.deepEqual(cluster.holders(), ["r1", "r2"]);
  cluster.router(0).start();
  cluster.run(1001);
  assert.deepEqual(cluster.holders(), ["r2"]);
  cluster.run(10_000);
  assert.deepEqual(cluster.holders(), ["r1"]);
});

test("the address of a crashed MASTER is gone without anybody's doing", () => {
  const cluster = new Cluster(1, [instance({ priority: 200 }), instance()]);
  for (const router of cluster.routers) router.start();
  cluster.run(10_000);
  const { host, config } = cluster.router(0);
  const address = config.virtualAddresses[0]?.address ?? assert.fail("it has one");
  assert.ok(host.answers(address));
  cluster.router(0).crash();
  // The last advert may be an interval old, and three of them are the patience of the peer.
  cluster.run(2000);
  assert.ok(!host.answers(address), "its packets are dropped");
  assert.ok(cluster.router(0).holds, "the address itself stays a little longer");
  cluster.run(5000);
  assert.deepEqual(cluster.holders(), ["r2"]);
});

test("the same configuration again changes nothing", () => {
  const cluster = alone();
  cluster.run(10_000);
  const router = cluster.router(0);
  const { operations } = router.host;
  const transitions = cluster.transitions();
  const sent = cluster.segment.packetsSent;
  assert.deepEqual(router.engine?.configure(wishOfInstances([structuredClone(router.config)])), []);
  cluster.run(999);
  assert.equal(router.host.operations, operations);
  assert.equal(cluster.transitions(), transitions);
  assert.equal(cluster.segment.packetsSent, sent + 1);
});

test("a changed configuration of a MASTER takes effect without a transition", () => {
  const cluster = alone();
  cluster.run(10_000);
  const router = cluster.router(0);
  const transitions = cluster.transitions();
  const second = { address: "10.0.0.101" as IpAddress, prefixLength: 24 };
  const changed = instance({ priority: 150, advertIntervalCs: 10, virtualAddresses: [second] });
  const changes = router.engine?.configure(wishOfInstances([changed])) ?? [];
  assert.ok(changes.includes("VI_1: priority 100 -> 150"));
  cluster.tolerant = true;
  cluster.run(1000);
  assert.equal(cluster.transitions(), transitions);
  assert.deepEqual(router.status()?.heldAddresses, ["10.0.0.101/24"]);
  assert.ok(!router.holds);
  assert.equal(router.status()?.priority, 150);
});

test("a removed instance hands over; a replaced one keeps its address throughout", () => {
  const cluster = new Cluster(1, [instance({ priority: 200 }), instance()]);
  for (const router of cluster.routers) router.start();
  cluster.run(10_000);
  cluster.router(0).engine?.configure(wishOfInstances([]));
  cluster.run(5000);
  assert.deepEqual(cluster.holders(), ["r2"]);

  const single = alone();
  single.run(10_000);
  single.router(0).engine?.configure(wishOfInstances([instance({ vrid: 52 })]));
  for (let i = 0; i < 100; i++) {
    single.run(100);
    assert.ok(single.router(0).holds);
  }
  assert.equal(single.router(0).status()?.vrid, 52);
  assert.ok(single.router(0).master);
});

test("a BACKUP that was stalled does not take a late look for a dead MASTER", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const cluster = new Cluster(seed, [
      instance({ priority: 200, advertIntervalCs: 1 }),
      instance({ advertIntervalCs: 1 }),
    ]);
    for (const router of cluster.routers) router.start();
    cluster.run(1000);
    const before = cluster.transitions();
    for (let i = 0; i < 20; i++) {
      cluster.router(1).host.pause(500);
      cluster.run(700);
    }
    assert.equal(cluster.transitions(), before, `seed ${seed}`);
  }
});

test("losing carrier is a fault; its return is an election with a whole Down interval", () => {
  const cluster = alone();
  cluster.run(10_000);
  const router = cluster.router(0);
  cluster.tolerant = true;
  router.host.setCarrier(false);
  cluster.run(10);
  assert.equal(router.status()?.state, "FAULT");
  assert.equal(router.status()?.cause.text, "eth0 has no carrier");
  assert.ok(!router.holds);
  router.host.setCarrier(true);
  cluster.run(3500);
  assert.equal(router.status()?.state, "BACKUP");
  cluster.run(200);
  assert.ok(router.master);
});

test("a failing script without weight puts the instance in FAULT, its success back in line", () => {
  const cluster = alone({ trackedScripts: [{ script: "chk" }] });
  const router = cluster.router(0);
  cluster.run(10_000);
  assert.equal(router.status()?.state, "INIT");
  assert.equal(router.status()?.cause.kind, "script-pending");
  router.engine?.track("script", "chk", { up: true, weight: 0, text: "exit status 0" });
  cluster.run(4000);
  assert.ok(router.master);
  // A main process that starts again has no results yet; that is no failure.
  router.engine?.track("script", "chk", { up: null, weight: 0, text: "" });
  cluster.run(100);
  assert.ok(router.master);
  router.engine?.track("script", "chk", { up: false, weight: 0, text: "exit status 1" });
  cluster.run(10);
  assert.equal(router.status()?.state, "FAULT");
  assert.equal(router.status()?.cause.text, "script chk failed: exit status 1");
});

test("packets that are rejected change nothing but their counters", () => {
  const PEER = "10.0.0.7" as IpAddress;
  const GROUP = "224.0.0.18" as IpAddress;
  const ends = { source: PEER, destination: GROUP };
  const valid = encodeVrrpAdvert(
    { version: 3, vrid: 51, priority: 255, intervalCs: 1, addresses: [PEER] },
    ends,
  );
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc
      .nat({ max: valid.length - 1 })
      .map((length) => ({ payload: valid.slice(0, length), hopLimit: 255 })),
    fc.nat({ max: 254 }).map((hopLimit) => ({ payload: valid, hopLimit })),
    fc.tuple(fc.nat(), fc.nat({ max: 7 })).map(([at, bit]) => {
      const payload = valid.slice();
      payload[at % payload.length] = (payload[at % payload.length] ?? 0) ^ (1 << bit);
      return { payload, hopLimit: 255 };
    }),
  );
  for (const priority of [100, 200]) {
    const cluster = new Cluster(1, [instance({ priority: 150 }), instance({ priority })]);
    for (const router of cluster.routers) router.start();
    cluster.run(10_000);
    const router = cluster.router(0);
    const look = (): string => {
      const { counters, ...status } = router.status() ?? assert.fail("no status");
      const { rejected: _, ...counted } = counters;
      return JSON.stringify([status, counted, router.host.alarmAtMs, router.host.operations]);
    };
    fc.assert(
      fc.property(hostile, (packet) => {
        const bytes =
          packet instanceof Uint8Array
            ? packet
            : encodeIpPacket({ trafficClass: 0, label: 0, protocol: 112, ...ends, ...packet });
        const before = look();
        const total = (): number =>
          Object.values(router.status()?.counters.rejected ?? {}).reduce((a, b) => a + b, 0);
        const counted = total();
        router.host.deliver(bytes);
        assert.equal(look(), before);
        assert.equal(total(), counted + 1);
      }),
      { numRuns: 500 },
    );
  }
});

test("a storm of rejected packets delays no advert and wakes no BACKUP", () => {
  const ends = { source: "10.0.0.7" as IpAddress, destination: "224.0.0.18" as IpAddress };
  const addresses = [ends.source];
  const advert = { version: 3, vrid: 51, priority: 250, intervalCs: 100, addresses } as const;
  const packet = encodeIpPacket({
    trafficClass: 0,
    label: 0,
    hopLimit: 254,
    protocol: 112,
    ...ends,
    payload: encodeVrrpAdvert(advert, ends),
  });
  for (const gapMs of [900, 10]) {
    const cluster = new Cluster(1, [instance({ priority: 200 }), instance()]);
    for (const router of cluster.routers) router.start();
    cluster.run(10_000);
    const transitions = cluster.transitions();
    const sent = cluster.segment.packetsSent;
    for (let elapsedMs = 0; elapsedMs < 45_000; elapsedMs += gapMs) {
      for (const router of cluster.routers) router.host.deliver(packet);
      cluster.run(gapMs);
    }
    assert.equal(cluster.transitions(), transitions);
    assert.equal(cluster.segment.packetsSent - sent, 45);
  }
});

test("a MASTER announces along with its adverts, unless it is written how often", () => {
  const announced = (refreshMs: number, addresses: number): number => {
    const garp = { delayMs: 0, repeat: 1, refreshMs, refreshRepeat: 1 };
    const virtualAddresses = Array.from({ length: addresses }, (_, i) => ({
      address: (i === 0 ? VIP : `10.0.1.${i}`) as IpAddress,
      prefixLength: 32,
    }));
    const cluster = new Cluster(1, [instance({ advertIntervalCs: 10, garp, virtualAddresses })]);
    const router = cluster.router(0);
    router.start();
    cluster.run(2000);
    const before = router.status()?.counters.garpSent ?? 0;
    cluster.run(10_000);
    return (router.status()?.counters.garpSent ?? 0) - before;
  };
  // A peer that yields without a word leaves clients blind until the next one.
  assert.equal(announced(60_000, 1), 100);
  assert.equal(announced(0, 1), 0);
  assert.equal(announced(2000, 1), 5);
  // Many addresses take turns: a hundred frames a second for all of them.
  const many = announced(60_000, 50);
  assert.ok(many > 800 && many <= 1000, `${many} frames`);
});
