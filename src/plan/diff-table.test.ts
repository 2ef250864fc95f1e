import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IpAddress } from "../base/address.ts";
import type { BalancerTable, Destination, Service } from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import type { SchedulerName, VirtualServerKey } from "../model/virtual-server.ts";
import { applyToTable } from "./apply-table.ts";
import { describeOperation } from "./describe.ts";
import { diffTable } from "./diff-table.ts";
import type { BalancerOperation } from "./operation.ts";

function key(last: number): VirtualServerKey {
  return { kind: "address", address: `10.0.0.${last}` as IpAddress, port: 80, protocol: "TCP" };
}

function destination(last: number, weight = 1): Destination {
  return {
    address: `192.168.0.${last}` as IpAddress,
    port: 8080,
    weight,
    forwarding: "NAT",
    upperThreshold: 0,
    lowerThreshold: 0,
  };
}

function service(
  last: number,
  destinations: Destination[],
  scheduler: SchedulerName = "rr",
): Service {
  return {
    key: key(last),
    scheduler,
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    destinations,
  };
}

function lines(desired: Service[], observed: Service[]): string[] {
  return diffTable({ services: desired }, { services: observed }).map(describeOperation);
}

test("a service comes with its destinations before the next one", () => {
  const wish = [service(1, [destination(7), destination(8, 3)]), service(2, [])];
  assert.deepEqual(lines(wish, []), [
    "add service TCP 10.0.0.1:80 rr",
    "add 192.168.0.7:8080 NAT weight 1 to TCP 10.0.0.1:80",
    "add 192.168.0.8:8080 NAT weight 3 to TCP 10.0.0.1:80",
    "add service TCP 10.0.0.2:80 rr",
  ]);
});

test("flags, engines, groups, tunnels and FULLNAT are facts, and what is only not said is none", () => {
  const wish: Service = {
    ...service(1, [
      {
        ...destination(7),
        forwarding: "TUN",
        tunnel: { type: "gue", port: 6080, checksum: "full" },
      },
      {
        ...destination(8),
        forwarding: "FULLNAT",
        fullNat: { sources: ["10.9.9.9" as IpAddress], tellsClient: "tcp-option" },
      },
    ]),
    scheduler: "sh",
    schedulerFlags: [1, 2],
    persistenceTimeoutS: 60,
    persistenceEngine: "sip",
    persistenceGroup: 9,
  };
  const plain = service(1, [
    { ...destination(7), forwarding: "TUN" },
    { ...destination(8), forwarding: "FULLNAT" },
  ]);
  assert.deepEqual(lines([wish], [plain]), [
    "change service TCP 10.0.0.1:80 sh flag-1 flag-2 persistent 60 s /32 by sip across its group",
    "change 192.168.0.7:8080 TUN gue 6080 csum weight 1 of TCP 10.0.0.1:80",
    "change 192.168.0.8:8080 FULLNAT from 10.9.9.9 client by tcp-option weight 1 of TCP 10.0.0.1:80",
  ]);
  const said = service(1, [
    { ...destination(7), forwarding: "TUN", tunnel: { type: "ipip", checksum: "none" } },
    { ...destination(8), forwarding: "FULLNAT", fullNat: { sources: [], tellsClient: "nothing" } },
  ]);
  assert.deepEqual(lines([{ ...said, schedulerFlags: [] }], [plain]), []);
});

test("new servers come before old ones go, and old services go last", () => {
  const wish = [service(1, [destination(9), destination(8, 0)]), service(3, [])];
  const found = [service(2, [destination(7)]), service(1, [destination(7), destination(8, 5)])];
  assert.deepEqual(lines(wish, found), [
    "add 192.168.0.9:8080 NAT weight 1 to TCP 10.0.0.1:80",
    "change 192.168.0.8:8080 NAT weight 0 of TCP 10.0.0.1:80",
    "remove 192.168.0.7:8080 from TCP 10.0.0.1:80",
    "add service TCP 10.0.0.3:80 rr",
    "remove service TCP 10.0.0.2:80",
  ]);
});

test("a scheduler is changed in place, its destinations stay", () => {
  const found = [service(1, [destination(7)])];
  assert.deepEqual(lines([service(1, [destination(7)], "wlc")], found), [
    "change service TCP 10.0.0.1:80 wlc",
  ]);
});

test("the order of destinations is no difference", () => {
  const wish = [service(1, [destination(7), destination(8)])];
  assert.deepEqual(lines(wish, [service(1, [destination(8), destination(7)])]), []);
});

test("marks of two families are two services", () => {
  const mark = (family: 4 | 6): Service => ({
    ...service(1, []),
    key: { kind: "fwmark", fwmark: 10, family },
  });
  assert.equal(diffTable({ services: [mark(6)] }, { services: [mark(4)] }).length, 2);
});

const anyDestination: fc.Arbitrary<Destination> = fc.record({
  address: fc.integer({ min: 1, max: 4 }).map((last) => `192.168.0.${last}` as IpAddress),
  port: fc.constantFrom(80, 81),
  weight: fc.constantFrom(0, 1, 5),
  forwarding: fc.constantFrom("NAT" as const, "DR" as const),
  upperThreshold: fc.constantFrom(0, 9),
  lowerThreshold: fc.constantFrom(0, 3),
});
const anyKey: fc.Arbitrary<VirtualServerKey> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map(key),
  fc.record({
    kind: fc.constant("fwmark" as const),
    fwmark: fc.constantFrom(1, 2),
    family: fc.constantFrom(4 as const, 6 as const),
  }),
);
const anyService: fc.Arbitrary<Service> = fc.record({
  key: anyKey,
  scheduler: fc.constantFrom("rr" as const, "wlc" as const),
  persistenceTimeoutS: fc.constantFrom(0, 360),
  persistencePrefixLength: fc.constantFrom(24, 32),
  onePacket: fc.boolean(),
  destinations: fc.uniqueArray(anyDestination, { selector: realServerIdentity, maxLength: 6 }),
});
const anyTable: fc.Arbitrary<BalancerTable> = fc
  .uniqueArray(anyService, { selector: (one) => virtualServerIdentity(one.key), maxLength: 5 })
  .map((services) => ({ services }));

/** The tables after each operation; fails when one is refused. */
function steps(table: BalancerTable, operations: readonly BalancerOperation[]): BalancerTable[] {
  const tables = [table];
  for (const operation of operations) {
    const next = applyToTable(tables[tables.length - 1] ?? table, operation);
    assert.ok(next.ok, `refused: ${describeOperation(operation)}`);
    tables.push(next.value);
  }
  return tables;
}

function sorted(table: BalancerTable): unknown {
  const text = (value: unknown): string => JSON.stringify(value);
  return table.services
    .map((one) => text({ ...one, destinations: one.destinations.map(text).sort() }))
    .sort();
}

test("property: applying the difference to the observed table gives the desired one", () => {
  fc.assert(
    fc.property(anyTable, anyTable, (desired, observed) => {
      const tables = steps(observed, diffTable(desired, observed));
      const last = tables[tables.length - 1] ?? observed;
      assert.deepEqual(sorted(last), sorted(desired));
      assert.deepEqual(diffTable(desired, last), []);
    }),
  );
});

test("property: equal tables differ in nothing", () => {
  fc.assert(fc.property(anyTable, (table) => assert.deepEqual(diffTable(table, table), [])));
});

/** How many destinations of a service take new connections. */
function serving(table: BalancerTable, identity: string): number {
  const found = table.services.find((one) => virtualServerIdentity(one.key) === identity);
  return (found?.destinations ?? []).filter((one) => one.weight > 0).length;
}

test("property: on the way no service serves with fewer destinations than before and after", () => {
  fc.assert(
    fc.property(anyTable, anyTable, (desired, observed) => {
      const tables = steps(observed, diffTable(desired, observed));
      for (const { key: wished } of desired.services) {
        const identity = virtualServerIdentity(wished);
        const first = serving(observed, identity);
        const floor = Math.min(first, serving(desired, identity));
        for (const table of tables) assert.ok(serving(table, identity) >= floor);
      }
    }),
  );
});
