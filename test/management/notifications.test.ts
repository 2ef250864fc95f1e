// Notifications, varbind by varbind: those of keepalived 2.2.7 as a trap receiver got them, and those that
// need IPVS in the kernel as KEEPALIVED-MIB describes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import type { ManagementFacts } from "../../src/management/facts.ts";
import type { ManagementEvent } from "../../src/management/management-event.ts";
import {
  type Notification,
  notificationsFor,
  protocolErrorNotification,
} from "../../src/management/snmp/notifications.ts";
import { printOid } from "../../src/management/snmp/oid.ts";
import { integer, octets, type SnmpValue } from "../../src/management/snmp/value.ts";
import type { RealServer, VirtualServer } from "../../src/model/virtual-server.ts";
import { allServed, factsOf, modelOf } from "./stage.ts";

const keepalived = "1.3.6.1.4.1.9586.100.5";
const routerId = [`${keepalived}.1.2.0`, octets("director1")] as const;
const model = modelOf("keepalived.conf");
const facts = factsOf(model);

type Line = readonly [string, SnmpValue];

/** The name of the notification, and its varbinds. */
function lines([trap, ...varbinds]: Notification): readonly [string, ...Line[]] {
  const name = trap?.value.type === "oid" ? printOid(trap.value.value) : "";
  return [name, ...varbinds.map(({ oid, value }): Line => [printOid(oid), value])];
}

function told(event: ManagementEvent, served = allServed, around: ManagementFacts = facts) {
  return notificationsFor(event, around, served).map(lines);
}

const becomes = (instance: string, to: "MASTER" | "FAULT" | "STOP"): ManagementEvent => ({
  kind: "transition",
  instance,
  to,
  cause: "master-down",
  atMs: 0,
});

function stateChange(name: string, state: number, initial: number): readonly [string, ...Line[]] {
  return [
    `${keepalived}.2.10.0.2`,
    [`${keepalived}.2.3.1.2`, octets(name)],
    [`${keepalived}.2.3.1.4`, integer(state)],
    [`${keepalived}.2.3.1.5`, integer(initial)],
    routerId,
  ];
}

test("a change of state names the instance, its state and its first state", () => {
  assert.deepEqual(told(becomes("A", "FAULT")), [stateChange("A", 3, 2)]);
  assert.deepEqual(told(becomes("B", "STOP")), [stateChange("B", 5, 1)]);
});

test("a new MASTER is told in the words of both RFCs as well", () => {
  const own: SnmpValue = { type: "ip-address", value: Uint8Array.of(10, 9, 0, 1) };
  assert.deepEqual(told(becomes("A", "MASTER")), [
    stateChange("A", 2, 2),
    ["1.3.6.1.2.1.68.0.1", ["1.3.6.1.2.1.68.1.3.1.7.3.51", own]],
    [
      "1.3.6.1.2.1.207.0.1",
      ["1.3.6.1.2.1.207.1.1.1.1.3.3.51.1", octets(Uint8Array.of(10, 9, 0, 1))],
      ["1.3.6.1.2.1.207.1.2.5.1.2.3.51.1", integer(3)],
    ],
  ]);
});

test("an instance of version 3 is none of RFC 2787's", () => {
  const names = told(becomes("B", "MASTER")).map(([name]) => name);
  assert.deepEqual(names, [`${keepalived}.2.10.0.2`, "1.3.6.1.2.1.207.0.1"]);
});

test("a sync group tells its state", () => {
  assert.deepEqual(told({ kind: "group-transition", group: "G1", to: "MASTER" }), [
    [
      `${keepalived}.2.10.0.1`,
      [`${keepalived}.2.1.1.2`, octets("G1")],
      [`${keepalived}.2.1.1.3`, integer(2)],
      routerId,
    ],
  ]);
});

test("only what is served is told of", () => {
  const none = { ...allServed, vrrp: false, rfcVersion2: false, rfcVersion3: false };
  assert.deepEqual(told(becomes("A", "MASTER"), none), []);
  assert.deepEqual(told({ kind: "group-transition", group: "G1", to: "MASTER" }, none), []);
});

test("RFC 6527: a wrong packet is told with its kind", () => {
  const wrong = factsOf(model, {
    history: () => ({ upSinceMs: 0, masterReason: "not-master", protocolError: "checksum" }),
  });
  const notification = protocolErrorNotification("C", wrong);
  assert.deepEqual(notification && lines(notification), [
    "1.3.6.1.2.1.207.0.2",
    ["1.3.6.1.2.1.207.1.2.5.1.6.5.53.2", integer(3)],
  ]);
});

const real: RealServer = {
  address: "192.0.2.1" as IpAddress,
  port: 8080,
  weight: 1,
  forwarding: "NAT",
  inhibitOnFailure: false,
  upperThreshold: 0,
  lowerThreshold: 0,
  checks: [],
};
const virtual: VirtualServer = {
  key: { kind: "address", address: "192.0.2.9" as IpAddress, port: 80, protocol: "TCP" },
  scheduler: "rr",
  persistenceTimeoutS: 0,
  persistencePrefixLength: 32,
  onePacket: false,
  alpha: false,
  omega: false,
  quorum: 1,
  hysteresis: 0,
  realServers: [real],
};
const balancing = factsOf({ ...model, virtualServers: [virtual] });

test("a real server tells of itself and of its virtual server", () => {
  const event = {
    kind: "real-server",
    virtualServer: "TCP 192.0.2.9:80",
    realServer: "192.0.2.1:8080",
    up: false,
  } as const;
  const gauge = (value: number): SnmpValue => ({ type: "gauge32", value });
  assert.deepEqual(told(event, allServed, balancing), [
    [
      `${keepalived}.3.5.0.1`,
      [`${keepalived}.3.4.1.3`, integer(1)],
      [`${keepalived}.3.4.1.4`, octets(Uint8Array.of(192, 0, 2, 1))],
      [`${keepalived}.3.4.1.5`, gauge(8080)],
      [`${keepalived}.3.4.1.6`, integer(2)],
      [`${keepalived}.3.3.1.2`, integer(2)],
      [`${keepalived}.3.3.1.8`, integer(1)],
      [`${keepalived}.3.3.1.21`, gauge(0)],
      [`${keepalived}.3.3.1.20`, gauge(1)],
      routerId,
      [`${keepalived}.3.3.1.5`, integer(1)],
      [`${keepalived}.3.3.1.6`, octets(Uint8Array.of(192, 0, 2, 9))],
      [`${keepalived}.3.3.1.7`, gauge(80)],
    ],
  ]);
});

test("a quorum tells of its virtual server; what a configuration no longer has tells nothing", () => {
  const event = { kind: "quorum", virtualServer: "TCP 192.0.2.9:80", up: false } as const;
  const [notification] = told(event, allServed, balancing);
  assert.equal(notification?.[0], `${keepalived}.3.5.0.2`);
  assert.deepEqual(notification?.[3], [`${keepalived}.3.3.1.23`, integer(2)]);
  assert.deepEqual(
    told({ ...event, virtualServer: "TCP 192.0.2.10:80" }, allServed, balancing),
    [],
  );
});
