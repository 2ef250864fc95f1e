import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { BalancerTable } from "../model/balancer-table.ts";
import type { HealthView, RealServerHealth } from "../model/health.ts";
import type { RealServer, VirtualServer } from "../model/virtual-server.ts";
import { adoptHealth } from "./adopted-health.ts";

function realServer(address: string): RealServer {
  return {
    address: address as IpAddress,
    port: 0,
    weight: 3,
    forwarding: "NAT",
    inhibitOnFailure: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    checks: [],
  };
}

const wish: VirtualServer = {
  key: { kind: "address", address: "10.0.0.1" as IpAddress, port: 80, protocol: "TCP" },
  scheduler: "rr",
  persistenceTimeoutS: 0,
  persistencePrefixLength: 32,
  onePacket: false,
  alpha: false,
  omega: false,
  quorum: 1,
  hysteresis: 0,
  sorryServer: { address: "10.0.0.9" as IpAddress, port: 80, forwarding: "NAT", inhibit: false },
  realServers: [realServer("10.0.0.7"), realServer("10.0.0.8")],
};

function tableWith(...addresses: readonly string[]): BalancerTable {
  const destinations = addresses.map((address) => ({
    address: address as IpAddress,
    port: 80,
    weight: 3,
    forwarding: "NAT" as const,
    upperThreshold: 0,
    lowerThreshold: 0,
  }));
  return { services: [{ ...wish, destinations }] };
}

function view(health: RealServerHealth["health"], alive: boolean): HealthView {
  const cause = { kind: "started", text: "" };
  const server: RealServerHealth = { health, alive, sinceMs: 0, cause };
  const realServers = new Map([
    ["10.0.0.7:0", server],
    ["10.0.0.8:0", server],
  ]);
  return new Map([["TCP 10.0.0.1:80", { quorumUp: true, realServers }]]);
}

function alive(adjusted: HealthView): (boolean | undefined)[] {
  const servers = adjusted.get("TCP 10.0.0.1:80")?.realServers;
  return ["10.0.0.7:0", "10.0.0.8:0"].map((identity) => servers?.get(identity)?.alive);
}

test("a server that was out stays out until its first check, one that served goes on", () => {
  const adjusted = adoptHealth([wish], view("unknown", true), tableWith("10.0.0.7"));
  assert.deepEqual(alive(adjusted), [true, false]);
});

test("with alpha, a server that served goes on serving", () => {
  const adjusted = adoptHealth([wish], view("unknown", false), tableWith("10.0.0.8"));
  assert.deepEqual(alive(adjusted), [false, true]);
});

test("a sorry server that served goes on until the checks have spoken", () => {
  const adjusted = adoptHealth([wish], view("unknown", true), tableWith("10.0.0.9"));
  assert.equal(adjusted.get("TCP 10.0.0.1:80")?.quorumUp, false);
  assert.deepEqual(alive(adjusted), [false, false]);
});

test("what a check has decided is not overruled", () => {
  const adjusted = adoptHealth([wish], view("up", true), tableWith("10.0.0.7"));
  assert.deepEqual(alive(adjusted), [true, true]);
});

test("a table of other servers, or none, tells nothing", () => {
  for (const table of [tableWith(), tableWith("10.0.0.77"), { services: [] }])
    assert.deepEqual(alive(adoptHealth([wish], view("unknown", true), table)), [true, true]);
});
