import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { Service } from "../model/balancer-table.ts";
import { type HealthView, virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import type { GroupServer, ServerGroupEntry } from "../model/server-group.ts";
import {
  endpointName,
  type RealServer,
  type VirtualServer,
  type VirtualServerKey,
  virtualServerName,
} from "../model/virtual-server.ts";
import { desiredTable } from "./desired-table.ts";

const ip = (text: string): IpAddress => text as IpAddress;

function entry(first: string, last: string, port: number): ServerGroupEntry {
  return { kind: "addresses", first: ip(first), last: ip(last), port };
}

function real(address: string, port: number): RealServer {
  return {
    address: ip(address),
    port,
    weight: 1,
    forwarding: "DR",
    inhibitOnFailure: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    checks: [],
  };
}

function server(key: VirtualServerKey, more: Partial<VirtualServer> = {}): VirtualServer {
  const port = key.kind === "address" ? key.port : 0;
  return {
    key,
    scheduler: "rr",
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    // With DR the port is that of the service.
    realServers: [real("10.0.0.7", port), real("10.0.0.8", port)],
    ...more,
  };
}

/** A group of these entries, as a configuration gives it. */
function group(
  entries: readonly ServerGroupEntry[],
  more: Partial<VirtualServer> = {},
): readonly GroupServer[] {
  const servers = entries.map((one) =>
    one.kind === "fwmark"
      ? server({ kind: "fwmark", fwmark: one.fwmark, family: 4 }, more)
      : server({ kind: "address", address: one.first, port: one.port, protocol: "TCP" }, more),
  );
  const leader = servers[0]?.key;
  assert.ok(leader !== undefined);
  return entries.flatMap((one, i) => {
    const member = servers[i];
    return member === undefined ? [] : [{ group: "web", entry: one, server: member, leader }];
  });
}

function tableOf(
  groupServers: readonly GroupServer[],
  more: { readonly alone?: readonly VirtualServer[]; readonly health?: HealthView } = {},
): readonly Service[] {
  const model: Model = {
    global: { engine: "model", attach: "auto", connectionsMax: 1024 },
    vrrpInstances: [],
    vrrpScripts: [],
    virtualServers: more.alone ?? [],
    groupServers,
  };
  return desiredTable(model, more.health ?? new Map()).services;
}

const names = (services: readonly Service[]): string[] =>
  services.map(({ key }) => virtualServerName(key));

test("a range is a service for each of its addresses, both ends among them", () => {
  const services = tableOf(group([entry("192.0.2.254", "192.0.3.1", 80)]));
  assert.deepEqual(names(services), [
    "TCP 192.0.2.254:80",
    "TCP 192.0.2.255:80",
    "TCP 192.0.3.0:80",
    "TCP 192.0.3.1:80",
  ]);
});

test("addresses, ports and marks of one group have the same real servers at the port of each", () => {
  const services = tableOf(
    group([
      entry("192.0.2.1", "192.0.2.1", 80),
      entry("192.0.2.1", "192.0.2.1", 443),
      { kind: "fwmark", fwmark: 7 },
    ]),
  );
  assert.deepEqual(
    services.map(({ key, destinations }) => [
      virtualServerName(key),
      ...destinations.map((one) => endpointName(one.address, one.port)),
    ]),
    [
      ["TCP 192.0.2.1:80", "10.0.0.7:80", "10.0.0.8:80"],
      ["TCP 192.0.2.1:443", "10.0.0.7:443", "10.0.0.8:443"],
      ["FWM 7", "10.0.0.7:0", "10.0.0.8:0"],
    ],
  );
});

test("what the checks of the first entry say holds for all entries", () => {
  const members = group([
    entry("192.0.2.1", "192.0.2.1", 80),
    entry("192.0.2.2", "192.0.2.2", 443),
  ]);
  const leader = members[0]?.leader;
  assert.ok(leader !== undefined);
  const down = {
    health: "down",
    alive: false,
    sinceMs: 0,
    cause: { kind: "check-failed", text: "" },
  } as const;
  const health: HealthView = new Map([
    [
      virtualServerIdentity(leader),
      { quorumUp: true, realServers: new Map([["10.0.0.7:80", down]]) },
    ],
  ]);
  const left = tableOf(members, { health }).map(({ destinations }) =>
    destinations.map(({ address }) => address),
  );
  assert.deepEqual(left, [["10.0.0.8"], ["10.0.0.8"]]);
});

test("an address that a virtual server has already is not taken by a group", () => {
  const key = { kind: "address", address: ip("192.0.2.2"), port: 80, protocol: "TCP" } as const;
  const services = tableOf(group([entry("192.0.2.1", "192.0.2.3", 80)], { scheduler: "wlc" }), {
    alone: [server(key)],
  });
  assert.deepEqual(
    services.map(({ key: own, scheduler }) => `${virtualServerName(own)} ${scheduler}`),
    ["TCP 192.0.2.2:80 rr", "TCP 192.0.2.1:80 wlc", "TCP 192.0.2.3:80 wlc"],
  );
});

test("a group shares its clients where it is asked to, and only if it remembers them", () => {
  const entries = [entry("192.0.2.1", "192.0.2.2", 80), entry("192.0.2.1", "192.0.2.1", 443)];
  const options = { group: "web", persistenceAcrossGroup: true };
  const shared = tableOf(group(entries, { options, persistenceTimeoutS: 300 }));
  const numbers = new Set(shared.map(({ persistenceGroup }) => persistenceGroup));
  assert.equal(numbers.size, 1);
  assert.ok(Number(shared[0]?.persistenceGroup) > 0);
  assert.equal(tableOf(group(entries, { options }))[0]?.persistenceGroup, undefined);
  const apart = group(entries, { options: { group: "web" }, persistenceTimeoutS: 300 });
  assert.equal(tableOf(apart)[0]?.persistenceGroup, undefined);
});
