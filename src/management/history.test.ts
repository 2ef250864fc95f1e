import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { DirectorStatus, VrrpInstanceStatus } from "../model/status.ts";
import { InstanceHistories, RateBook } from "./history.ts";

function instance(changes: Partial<VrrpInstanceStatus> = {}): VrrpInstanceStatus {
  return {
    name: "A",
    interface: "eth0",
    vrid: 1,
    version: 3,
    state: "BACKUP",
    sinceMs: 500,
    cause: { kind: "started", text: "" },
    basePriority: 100,
    priority: 100,
    advertIntervalCs: 100,
    virtualAddresses: [],
    heldAddresses: [],
    trackers: [],
    counters: {
      becameMaster: 0,
      advertsSent: 0,
      advertsReceived: 0,
      priorityZeroSent: 0,
      priorityZeroReceived: 0,
      garpSent: 0,
      rejected: {},
    },
    ...changes,
  };
}

function status(...vrrpInstances: readonly VrrpInstanceStatus[]): DirectorStatus {
  return {
    version: "",
    pid: 1,
    startedAtMs: 0,
    configFile: "",
    engine: { kind: "", reason: "", interfaces: [] },
    vrrpInstances,
    virtualServers: [],
    repairs: [],
  };
}

test("an instance is up from its leaving INIT or FAULT on, through elections", () => {
  const histories = new InstanceHistories();
  const enter = (to: "BACKUP" | "MASTER" | "FAULT", atMs: number): void =>
    histories.take({ kind: "transition", instance: "A", to, cause: "master-down", atMs });
  assert.equal(histories.of("A").upSinceMs, undefined);
  enter("BACKUP", 100);
  enter("MASTER", 200);
  assert.equal(histories.of("A").upSinceMs, 100);
  enter("FAULT", 300);
  assert.equal(histories.of("A").upSinceMs, undefined);
  enter("BACKUP", 400);
  assert.equal(histories.of("A").upSinceMs, 400);
});

test("what happened before anybody listened is taken from the status", () => {
  const histories = new InstanceHistories();
  histories.observe(status(instance({ state: "MASTER", cause: { kind: "preempting", text: "" } })));
  const { upSinceMs, masterReason } = histories.of("A");
  assert.deepEqual([upSinceMs, masterReason], [500, "preempted"]);
});

test("RFC 6527: the reason of the last rise to MASTER stays after the fall", () => {
  const histories = new InstanceHistories();
  const enter = (to: "BACKUP" | "MASTER", cause: string): void =>
    histories.take({ kind: "transition", instance: "A", to, cause, atMs: 1 });
  assert.equal(histories.of("A").masterReason, "not-master");
  enter("MASTER", "priority-zero");
  enter("BACKUP", "higher-priority-advert");
  assert.equal(histories.of("A").masterReason, "priority");
  enter("MASTER", "master-down");
  assert.equal(histories.of("A").masterReason, "master-no-response");
});

test("wrong packets are told once they are counted, but not those from before", () => {
  const histories = new InstanceHistories();
  const rejected = (counts: Readonly<Record<string, number>>): DirectorStatus =>
    status(instance({ counters: { ...instance().counters, rejected: counts } }));
  assert.deepEqual(histories.observe(rejected({ "ttl-wrong": 4 })), []);
  assert.deepEqual(histories.observe(rejected({ "ttl-wrong": 4 })), []);
  assert.deepEqual(histories.observe(rejected({ "ttl-wrong": 4, "checksum-wrong": 1 })), ["A"]);
  assert.equal(histories.of("A").protocolError, "checksum");
  assert.deepEqual(histories.observe(status()), []);
  assert.equal(histories.of("A").protocolError, "none", "an instance that is gone is forgotten");
});

test("rates are differences of counters over the time between two readings", () => {
  const counted = (connections: number): DirectorStatus => {
    const counters = {
      connections,
      inPackets: 0,
      outPackets: 0,
      inBytes: 10 * connections,
      outBytes: 0,
    };
    const real = {
      address: "192.0.2.1" as IpAddress,
      port: 80,
      forwarding: "NAT",
      configuredWeight: 1,
      health: "up",
      sinceMs: 0,
      cause: { kind: "", text: "" },
      role: "real",
      activeConnections: 0,
      inactiveConnections: 0,
      counters,
    } as const;
    return {
      ...status(),
      virtualServers: [
        {
          name: "TCP 192.0.2.9:80",
          scheduler: "rr",
          forwarding: "NAT",
          persistenceTimeoutS: 0,
          quorumUp: true,
          counters,
          realServers: [real],
        },
      ],
    };
  };
  const rates = new RateBook();
  rates.observe(counted(0), 10_000);
  assert.equal(rates.of(counted(0), 0).connections, 0, "one reading says nothing");
  rates.observe(counted(100), 10_100);
  assert.equal(rates.of(counted(100), 0).connections, 0, "readings that are too near say nothing");
  rates.observe(counted(100), 12_000);
  assert.equal(rates.of(counted(100), 0).connections, 50);
  assert.equal(rates.of(counted(100), 0, 0).inBytes, 500);
  rates.observe(counted(0), 14_000);
  assert.equal(rates.of(counted(0), 0).connections, 0, "counters that began again are no traffic");
});
