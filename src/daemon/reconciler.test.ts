import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { BalancerTable, Destination, Service } from "../model/balancer-table.ts";
import type { RepairRecord } from "../model/status.ts";
import { describeOperation } from "../plan/describe.ts";
import { TableEngine } from "../simulated/table-engine.ts";
import type { LogEvent } from "../world/log.ts";
import { Reconciler } from "./reconciler.ts";

function destination(address: string, weight = 1): Destination {
  return {
    address: address as IpAddress,
    port: 80,
    weight,
    forwarding: "DR",
    upperThreshold: 0,
    lowerThreshold: 0,
  };
}

function service(address: string, destinations: readonly Destination[]): Service {
  return {
    key: { kind: "address", address: address as IpAddress, port: 80, protocol: "TCP" },
    scheduler: "rr",
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    destinations,
  };
}

const web: BalancerTable = {
  services: [service("10.0.0.1", [destination("10.0.0.7"), destination("10.0.0.8")])],
};

/** A reconciler with hands on everything around it. Time stands still unless moved. */
function bench(desired: BalancerTable) {
  const engine = new TableEngine();
  const log: LogEvent[] = [];
  const repairs: RepairRecord[] = [];
  const world = { desired, nowMs: 0 };
  const reconciler = new Reconciler({
    engine,
    clock: { nowMs: () => world.nowMs, wallMs: () => 1_000_000 + world.nowMs },
    log: { write: (event) => log.push(event) },
    desired: () => world.desired,
    onRepair: (record) => repairs.push(record),
  });
  return { engine, log, repairs, world, reconciler };
}

test("an empty data plane is filled, and then left alone", async () => {
  const { engine, reconciler } = bench(web);
  await reconciler.adopt();
  await reconciler.settle();
  assert.deepEqual(engine.taken.map(describeOperation), [
    "add service TCP 10.0.0.1:80 rr",
    "add 10.0.0.7:80 DR weight 1 to TCP 10.0.0.1:80",
    "add 10.0.0.8:80 DR weight 1 to TCP 10.0.0.1:80",
  ]);
  await reconciler.settle();
  assert.equal(engine.attempts, 3);
});

test("a table that an earlier process left and that is as wished causes no operation", async () => {
  const { engine, repairs, reconciler } = bench(web);
  engine.table = web;
  await reconciler.adopt();
  await reconciler.settle();
  assert.equal(engine.attempts, 0);
  assert.deepEqual(repairs, []);
});

test("differences to an earlier process's table are changes of the wish, not foreign ones", async () => {
  const { engine, repairs, reconciler } = bench(web);
  engine.table = { services: [service("10.0.0.1", [destination("10.0.0.7")])] };
  await reconciler.adopt();
  await reconciler.settle();
  assert.equal(engine.attempts, 1);
  assert.deepEqual(repairs, []);
});

test("a wish that changes is followed without being reported as a repair", async () => {
  const { engine, repairs, world, reconciler } = bench(web);
  await reconciler.settle();
  engine.taken.length = 0;
  world.desired = { services: [service("10.0.0.1", [destination("10.0.0.8")])] };
  await reconciler.settle();
  assert.deepEqual(engine.taken.map(describeOperation), [
    "remove 10.0.0.7:80 from TCP 10.0.0.1:80",
  ]);
  assert.deepEqual(repairs, []);
});

test("foreign changes are repaired, and reported with what was found and done", async () => {
  const { engine, repairs, reconciler } = bench(web);
  await reconciler.settle();
  engine.table = {
    services: [
      service("10.0.0.1", [destination("10.0.0.8", 0), destination("10.0.0.9")]),
      service("10.0.0.2", []),
    ],
  };
  await reconciler.settle();
  assert.deepEqual(
    repairs.map(({ found, done, ok }) => ({ found, done, ok })),
    [
      {
        found: "real server 10.0.0.7:80 was gone from TCP 10.0.0.1:80",
        done: "add 10.0.0.7:80 DR weight 1 to TCP 10.0.0.1:80",
        ok: true,
      },
      {
        found: "real server 10.0.0.8:80 of TCP 10.0.0.1:80 had weight 0 instead of 1",
        done: "change 10.0.0.8:80 DR weight 1 of TCP 10.0.0.1:80",
        ok: true,
      },
      {
        found: "real server 10.0.0.9:80 was in TCP 10.0.0.1:80 and is not ours",
        done: "remove 10.0.0.9:80 from TCP 10.0.0.1:80",
        ok: true,
      },
      {
        found: "virtual server TCP 10.0.0.2:80 was in the data plane and is not ours",
        done: "remove service TCP 10.0.0.2:80",
        ok: true,
      },
    ],
  );
  repairs.length = 0;
  await reconciler.settle();
  assert.deepEqual(repairs, []);
});

test("a service that is gone is one finding with its real servers", async () => {
  const { engine, repairs, reconciler } = bench(web);
  await reconciler.settle();
  engine.table = { services: [] };
  await reconciler.settle();
  assert.equal(repairs.length, 1);
  assert.equal(repairs[0]?.found, "virtual server TCP 10.0.0.1:80 was gone from the data plane");
  assert.equal(repairs[0]?.done, "add service TCP 10.0.0.1:80 rr and 2 more");
  assert.equal(engine.table.services[0]?.destinations.length, 2);
});

test("a foreign change to what is wished by now is told, and left", async () => {
  const { engine, repairs, world, reconciler } = bench(web);
  await reconciler.settle();
  engine.table = { services: [] };
  world.desired = { services: [] };
  await reconciler.settle();
  assert.equal(repairs[0]?.done, "left so, it is wished for");
});

test("a refused operation blocks no other one, and is tried again later and later", async () => {
  const { engine, log, world, reconciler } = bench(web);
  engine.refuse = (operation) =>
    operation.kind === "add-destination" && operation.destination.address === "10.0.0.7"
      ? { kind: "no-route", text: "no route to 10.0.0.7" }
      : undefined;
  await reconciler.settle();
  assert.equal(engine.table.services[0]?.destinations.length, 1);
  const attemptsAtMs: number[] = [];
  let attempts = engine.attempts;
  for (world.nowMs = 0; world.nowMs < 8000; world.nowMs += 100) {
    await reconciler.settle();
    if (engine.attempts > attempts) attemptsAtMs.push(world.nowMs);
    attempts = engine.attempts;
  }
  assert.deepEqual(attemptsAtMs, [500, 1500, 3500, 7500]);
  const errors = log.filter((event) => event.level === "error");
  assert.equal(errors.length, 1, "the same refusal is told once");
  assert.match(errors[0]?.text ?? "", /cannot add 10\.0\.0\.7:80 .*: no route to 10\.0\.0\.7/);
  engine.refuse = () => undefined;
  world.nowMs += 30_000;
  await reconciler.settle();
  assert.equal(engine.table.services[0]?.destinations.length, 2);
  assert.equal(reconciler.pendingCount, 0);
  assert.match(log[log.length - 1]?.text ?? "", /add 10\.0\.0\.7:80 .*attempt 6/);
});

test("a repair that is refused is reported as failed", async () => {
  const { engine, repairs, reconciler } = bench(web);
  await reconciler.settle();
  engine.table = { services: [service("10.0.0.1", [destination("10.0.0.8")])] };
  engine.refuse = () => ({ kind: "syscall-failed", text: "ENOSPC" });
  await reconciler.settle();
  assert.equal(repairs[0]?.ok, false);
  assert.match(repairs[0]?.done ?? "", /ENOSPC/);
});

test("what the data plane mended by itself is reported too", async () => {
  const { engine, repairs, reconciler } = bench(web);
  engine.findings = [{ found: "the program was detached", done: "attached it", ok: true }];
  await reconciler.settle();
  assert.equal(repairs[0]?.found, "the program was detached");
});
