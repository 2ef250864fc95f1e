import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { HealthView, RealServerHealth } from "../model/health.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import type { RealServer, VirtualServer } from "../model/virtual-server.ts";
import { desiredTable } from "./desired-table.ts";

function real(last: number, more: Partial<RealServer> = {}): RealServer {
  return {
    address: `192.168.0.${last}` as IpAddress,
    port: 80,
    weight: 10,
    forwarding: "DR",
    inhibitOnFailure: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    checks: [],
    ...more,
  };
}

function virtual(realServers: RealServer[], more: Partial<VirtualServer> = {}): VirtualServer {
  return {
    key: { kind: "address", address: "10.0.0.1" as IpAddress, port: 8000, protocol: "TCP" },
    scheduler: "wrr",
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    realServers,
    ...more,
  };
}

function view(wish: VirtualServer, alive: readonly boolean[], quorumUp = true): HealthView {
  const entries = wish.realServers.map((server, i): [string, RealServerHealth] => [
    realServerIdentity(server),
    {
      health: alive[i] === true ? "up" : "down",
      alive: alive[i] === true,
      sinceMs: 0,
      cause: { kind: "check-failed", text: "" },
    },
  ]);
  const health = { quorumUp, realServers: new Map(entries) };
  return new Map([[virtualServerIdentity(wish.key), health]]);
}

/** `address:port method weight` of the one service. */
function destinations(wish: VirtualServer, health: HealthView): string[] {
  const model: Model = {
    global: { engine: "model", attach: "auto", connectionsMax: 1024 },
    vrrpInstances: [],
    vrrpScripts: [],
    virtualServers: [wish],
  };
  const [service] = desiredTable(model, health).services;
  return (service?.destinations ?? []).map(
    (one) => `${one.address}:${one.port} ${one.forwarding} ${one.weight}`,
  );
}

const sorryServer = {
  address: "192.168.0.99" as IpAddress,
  port: 80,
  forwarding: "NAT",
  inhibit: false,
} as const;

test("servers stand in the order of the configuration, with their weights", () => {
  const wish = virtual([real(8, { weight: 3 }), real(7)]);
  assert.deepEqual(destinations(wish, new Map()), ["192.168.0.8:80 DR 3", "192.168.0.7:80 DR 10"]);
});

test("a failed server is left out", () => {
  const wish = virtual([real(7), real(8)]);
  assert.deepEqual(destinations(wish, view(wish, [false, true])), ["192.168.0.8:80 DR 10"]);
});

test("inhibit_on_failure keeps a failed server with weight 0", () => {
  const wish = virtual([real(7, { inhibitOnFailure: true }), real(8)]);
  assert.deepEqual(destinations(wish, view(wish, [false, true])), [
    "192.168.0.7:80 DR 0",
    "192.168.0.8:80 DR 10",
  ]);
});

test("port 0 is the virtual server's own port", () => {
  const wish = virtual([real(7, { port: 0 })]);
  assert.deepEqual(destinations(wish, new Map()), ["192.168.0.7:8000 DR 10"]);
});

test("a lost quorum puts the sorry server in the place of every real server", () => {
  const wish = virtual([real(7), real(8)], { sorryServer, quorum: 20 });
  assert.deepEqual(destinations(wish, view(wish, [true, false], false)), ["192.168.0.99:80 NAT 1"]);
  assert.deepEqual(destinations(wish, view(wish, [true, true], true)), [
    "192.168.0.7:80 DR 10",
    "192.168.0.8:80 DR 10",
  ]);
});

test("a lost quorum without a sorry server leaves the servers that are alive", () => {
  const wish = virtual([real(7), real(8)], { quorum: 20 });
  assert.deepEqual(destinations(wish, view(wish, [true, false], false)), ["192.168.0.7:80 DR 10"]);
});

test("an inhibited sorry server waits in the table with weight 0", () => {
  const wish = virtual([real(7, { inhibitOnFailure: true })], {
    sorryServer: { ...sorryServer, inhibit: true },
  });
  assert.deepEqual(destinations(wish, view(wish, [true])), [
    "192.168.0.7:80 DR 10",
    "192.168.0.99:80 NAT 0",
  ]);
  assert.deepEqual(destinations(wish, view(wish, [true], false)), [
    "192.168.0.7:80 DR 0",
    "192.168.0.99:80 NAT 1",
  ]);
});
