// KEEPALIVED-MIB's part for virtual servers, by the names of its objects.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import type { ManagementFacts } from "../../src/management/facts.ts";
import { MibTree, MibView } from "../../src/management/snmp/mib-view.ts";
import { servedParts } from "../../src/management/snmp/snmp-agent.ts";
import { integer, octets, type SnmpValue } from "../../src/management/snmp/value.ts";
import type { RealServerStatus, VirtualServerStatus } from "../../src/model/status.ts";
import type { RealServer, VirtualServer } from "../../src/model/virtual-server.ts";
import { allServed, factsOf, modelOf, statusOf } from "./stage.ts";

const counters = {
  connections: 2 ** 33 + 5,
  inPackets: 2 ** 32 + 7,
  outPackets: 3,
  inBytes: 2 ** 40,
  outBytes: 9,
};
const checkTiming = {
  delayLoopMs: 2500,
  connectTimeoutMs: 4000,
  retries: 3,
  delayBeforeRetryMs: 1500,
  warmupMs: 2000,
};
const real: RealServer = {
  address: "192.0.2.1" as IpAddress,
  port: 0,
  weight: 7,
  forwarding: "DR",
  inhibitOnFailure: true,
  upperThreshold: 100,
  lowerThreshold: 0,
  checks: [
    {
      kind: "TCP_CHECK",
      timing: checkTiming,
      target: { address: "192.0.2.1" as IpAddress, port: 80 },
    },
  ],
  options: { snmpName: "first", down: { command: ["/usr/bin/tell", "down"] } },
};
const wish: VirtualServer = {
  key: { kind: "address", address: "192.0.2.9" as IpAddress, port: 80, protocol: "UDP" },
  scheduler: "mh",
  persistenceTimeoutS: 300,
  persistencePrefixLength: 24,
  onePacket: true,
  alpha: true,
  omega: false,
  quorum: 2,
  hysteresis: 1,
  realServers: [real, { ...real, address: "192.0.2.2" as IpAddress, weight: 3, options: {} }],
  sorryServer: { address: "192.0.2.3" as IpAddress, port: 8080, forwarding: "NAT", inhibit: false },
  options: { schedulerFlags: [2], snmpName: "site" },
};

function server(changes: Partial<RealServerStatus>): RealServerStatus {
  return {
    address: "192.0.2.1" as IpAddress,
    port: 80,
    forwarding: "DR",
    configuredWeight: 7,
    weight: 7,
    health: "up",
    sinceMs: 0,
    cause: { kind: "", text: "" },
    role: "real",
    activeConnections: 11,
    inactiveConnections: 12,
    counters,
    ...changes,
  };
}

const down = server({
  address: "192.0.2.2" as IpAddress,
  configuredWeight: 3,
  weight: 0,
  health: "down",
});
const { weight: _idle, ...sorry } = server({
  address: "192.0.2.3" as IpAddress,
  port: 8080,
  role: "sorry",
  configuredWeight: 1,
});
const status: VirtualServerStatus = {
  name: "UDP 192.0.2.9:80",
  scheduler: "mh",
  forwarding: "DR",
  persistenceTimeoutS: 300,
  quorumUp: false,
  counters,
  realServers: [server({}), down, sorry],
};
const model = { ...modelOf("keepalived.conf"), virtualServers: [wish] };
const facts = factsOf(model, {
  status: { ...statusOf(model), virtualServers: [status] },
  rates: (_virtual, one) => ({
    connections: one === undefined ? 2 ** 32 + 4 : 1,
    inPackets: 0,
    outPackets: 0,
    inBytes: 0,
    outBytes: 0,
  }),
});

/** An object of one row by its name; undefined where the row has none. */
function ask(
  around: ManagementFacts,
  name: string,
  ...index: readonly number[]
): SnmpValue | undefined {
  const groups = servedParts(allServed).flatMap((part) => part.groups);
  const group = groups.find(({ columns }) => columns.some((column) => column.name === name));
  const column = group?.columns.find((one) => one.name === name);
  assert.ok(group && column, `${name} is an object`);
  const value = new MibView(new MibTree(groups), around).get([
    ...group.root,
    column.number,
    ...index,
  ]);
  return typeof value === "string" ? undefined : value;
}

function check(
  index: readonly number[],
  expected: Readonly<Record<string, SnmpValue | undefined>>,
): void {
  for (const [name, value] of Object.entries(expected))
    assert.deepEqual(ask(facts, name, ...index), value, name);
}

const gauge = (value: number): SnmpValue => ({ type: "gauge32", value });

test("a virtual server shows where it is, how it chooses, and what it needs", () => {
  check([1], {
    virtualServerType: integer(2),
    virtualServerFwMark: undefined,
    virtualServerAddress: octets(Uint8Array.of(192, 0, 2, 9)),
    virtualServerPort: gauge(80),
    virtualServerProtocol: integer(2),
    virtualServerLoadBalancingAlgo: integer(13),
    virtualServerLoadBalancingKind: integer(2),
    virtualServerPersist: integer(1),
    virtualServerPersistTimeout: gauge(300),
    virtualServerPersistGranularity: octets(Uint8Array.of(255, 255, 255, 0)),
    virtualServerPersistGranularity6: undefined,
    virtualServerOPS: integer(1),
    virtualServerMHFallback: integer(2),
    virtualServerMHPort: integer(1),
    virtualServerSHPort: integer(2),
    virtualServerQuorum: gauge(2),
    virtualServerQuorumStatus: integer(2),
    virtualServerHysteresis: gauge(1),
    virtualServerName: octets("site"),
  });
});

test("a virtual server counts its servers; the sorry server is none of them", () => {
  check([1], {
    virtualServerStatus: integer(1),
    virtualServerRealServersTotal: gauge(2),
    virtualServerRealServersUp: gauge(1),
  });
});

test("counters begin again after 32 bits where they have no more, and do not where they have 64", () => {
  check([1], {
    virtualServerStatsConns: gauge(5),
    virtualServerStatsConns64: { type: "counter64", value: 2n ** 33n + 5n },
    virtualServerStatsInPkts: { type: "counter32", value: 7 },
    virtualServerStatsInPkts64: { type: "counter64", value: 2n ** 32n + 7n },
    virtualServerStatsInBytes: { type: "counter64", value: 2n ** 40n },
  });
});

test("a rate beyond 32 bits stays at the greatest, and is whole in its two halves", () => {
  check([1], {
    virtualServerRateCps: gauge(2 ** 32 - 1),
    virtualServerRateCpsLow: gauge(4),
    virtualServerRateCpsHigh: gauge(1),
  });
});

test("times of checks are in seconds, and in microseconds for those who need it exactly", () => {
  check([1, 1], {
    realServerDelayLoop: gauge(2),
    realServerDelayLoopUsec: gauge(2_500_000),
    realServerConnTimeoutUsec: gauge(4_000_000),
    realServerRetry: gauge(3),
    realServerDelayBeforeRetry: gauge(1),
    realServerWarmup: gauge(2),
  });
});

test("a real server shows its weight as configured, its health, its limits and its connections", () => {
  check([1, 1], {
    realServerType: integer(1),
    realServerPort: gauge(80),
    realServerStatus: integer(1),
    realServerWeight: integer(7),
    realServerUpperConnectionLimit: gauge(100),
    realServerLowerConnectionLimit: undefined,
    realServerActionWhenDown: integer(2),
    realServerNotifyUp: undefined,
    realServerNotifyDown: octets("'/usr/bin/tell' 'down'"),
    realServerFailedChecks: gauge(0),
    realServerStatsActiveConns: gauge(11),
    realServerStatsInactiveConns: gauge(12),
    realServerAlpha: integer(1),
    realServerName: octets("first"),
  });
  check([1, 2], {
    realServerStatus: integer(2),
    realServerWeight: integer(3),
    realServerFailedChecks: gauge(1),
    realServerName: undefined,
  });
});

test("the sorry server is the last one, and idle while others serve", () => {
  check([1, 3], {
    realServerType: integer(2),
    realServerPort: gauge(8080),
    realServerStatus: integer(2),
    realServerForwardingMethod: integer(1),
    realServerRetry: undefined,
    realServerActionWhenDown: undefined,
  });
});

test("a mark has no address and no protocol", () => {
  const marked: VirtualServer = { ...wish, key: { kind: "fwmark", fwmark: 9, family: 4 } };
  const around = factsOf({ ...model, virtualServers: [marked] });
  assert.deepEqual(ask(around, "virtualServerType", 1), integer(1));
  assert.deepEqual(ask(around, "virtualServerFwMark", 1), gauge(9));
  assert.equal(ask(around, "virtualServerAddress", 1), undefined);
  assert.deepEqual(ask(around, "virtualServerProtocol", 1), integer(4));
});

test("no two objects stand in the same place", () => {
  const { places } = new MibTree(servedParts(allServed).flatMap((part) => part.groups));
  const roots = places.map(({ root }) => root.join("."));
  assert.equal(new Set(roots).size, roots.length);
  const nested = roots.filter((root) => roots.some((other) => other.startsWith(`${root}.`)));
  assert.deepEqual(nested, [], "no object stands below another");
});
