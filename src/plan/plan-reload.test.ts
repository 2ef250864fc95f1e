import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import type { Model } from "../model/model.ts";
import type { HealthCheck, RealServer, VirtualServer } from "../model/virtual-server.ts";
import type { VrrpInstance, VrrpScript } from "../model/vrrp-instance.ts";
import { planReload } from "./plan-reload.ts";

const ip = (text: string): IpAddress => text as IpAddress;

const instance: VrrpInstance = {
  name: "VI_1",
  interface: "eth0",
  vrid: 51,
  version: 2,
  family: 4,
  initialState: "BACKUP",
  priority: 100,
  advertIntervalCs: 100,
  authentication: { type: "PASS", password: "first" },
  preempt: true,
  preemptDelayMs: 0,
  multicastGroup: ip("224.0.0.18"),
  virtualAddresses: [{ address: ip("192.0.2.10"), prefixLength: 24 }],
  excludedAddresses: [],
  trackedScripts: [],
  trackedInterfaces: [],
  garp: { delayMs: 5000, repeat: 5, refreshMs: 0, refreshRepeat: 1 },
};

const tcpCheck: HealthCheck = {
  kind: "TCP_CHECK",
  timing: {
    delayLoopMs: 6000,
    connectTimeoutMs: 3000,
    retries: 1,
    delayBeforeRetryMs: 1000,
    warmupMs: 6000,
  },
  target: { address: ip("10.0.0.7"), port: 80 },
};

const realServer: RealServer = {
  address: ip("10.0.0.7"),
  port: 80,
  weight: 1,
  forwarding: "NAT",
  inhibitOnFailure: false,
  upperThreshold: 0,
  lowerThreshold: 0,
  checks: [tcpCheck],
};

const virtualServer: VirtualServer = {
  key: { kind: "address", address: ip("192.0.2.10"), port: 80, protocol: "TCP" },
  scheduler: "rr",
  persistenceTimeoutS: 0,
  persistencePrefixLength: 32,
  onePacket: false,
  alpha: false,
  omega: false,
  quorum: 1,
  hysteresis: 0,
  realServers: [realServer],
};

const script: VrrpScript = {
  name: "chk",
  command: ["/usr/local/bin/check"],
  intervalMs: 1000,
  timeoutMs: 1000,
  rise: 1,
  fall: 1,
  weight: 0,
  initFail: false,
};

const base: Model = {
  global: { engine: "auto", attach: "auto", connectionsMax: 1024 },
  vrrpInstances: [instance],
  vrrpScripts: [script],
  virtualServers: [virtualServer],
};

function texts(before: Model, after: Model): readonly string[] {
  return planReload(before, after).map(({ part, text }) => `${part}: ${text}`);
}

test("the same twice is nothing", () => {
  assert.deepEqual(planReload(base, structuredClone(base)), []);
});

test("settings of an instance change in place, in the words of the file", () => {
  const changed = {
    ...instance,
    priority: 150,
    advertIntervalCs: 150,
    preempt: false,
    garp: { ...instance.garp, delayMs: 1000 },
    trackedScripts: [{ script: "chk", weight: -20 }],
  };
  assert.deepEqual(texts(base, { ...base, vrrpInstances: [changed] }), [
    "vrrp: VI_1: priority 100 -> 150",
    "vrrp: VI_1: advert_int 1 s -> 1.5 s",
    "vrrp: VI_1: preempt on -> off",
    "vrrp: VI_1: track_script + chk weight -20",
    "vrrp: VI_1: garp_master_delay 5 s -> 1 s",
    "scripts: begin script chk",
  ]);
});

test("a password is not told", () => {
  const authentication = { type: "PASS", password: "second" } as const;
  assert.deepEqual(texts(base, { ...base, vrrpInstances: [{ ...instance, authentication }] }), [
    "vrrp: VI_1: authentication PASS: another password",
  ]);
});

test("another VRID is another instance, and the address stays", () => {
  assert.deepEqual(texts(base, { ...base, vrrpInstances: [{ ...instance, vrid: 52 }] }), [
    "vrrp: VI_1: added, VRID 52 on eth0",
    "vrrp: VI_1: removed",
  ]);
});

test("addresses come before others go", () => {
  const virtualAddresses = [{ address: ip("192.0.2.11"), prefixLength: 24 }];
  const after = { ...base, vrrpInstances: [{ ...instance, virtualAddresses }] };
  assert.deepEqual(texts(base, after), [
    "vrrp: VI_1: virtual_ipaddress + 192.0.2.11/24, - 192.0.2.10/24",
    "addresses: add 192.0.2.11/24 on eth0",
    "addresses: remove 192.0.2.10/24 on eth0",
  ]);
});

test("a service goes when its address has gone", () => {
  const after: Model = { ...base, vrrpInstances: [], virtualServers: [] };
  assert.deepEqual(texts(base, after), [
    "checks: end TCP_CHECK of 10.0.0.7:80 for TCP 192.0.2.10:80",
    "vrrp: VI_1: removed",
    "addresses: remove 192.0.2.10/24 on eth0",
    "process: end the VRRP process",
    "departing: remove service TCP 192.0.2.10:80",
    "engine: close the data plane",
  ]);
});

test("a check with other settings goes on with what it knew", () => {
  const slower = { ...tcpCheck, timing: { ...tcpCheck.timing, delayLoopMs: 9000 } };
  const servers = [{ ...realServer, weight: 3, checks: [slower] }];
  const after = { ...base, virtualServers: [{ ...virtualServer, realServers: servers }] };
  assert.deepEqual(texts(base, after), [
    "checks: change TCP_CHECK of 10.0.0.7:80 for TCP 192.0.2.10:80",
    "table: change 10.0.0.7:80 NAT weight 3 of TCP 192.0.2.10:80",
  ]);
});

test("a director that begins to balance and to speak VRRP", () => {
  const empty: Model = { ...base, vrrpInstances: [], virtualServers: [] };
  assert.deepEqual(texts(empty, base), [
    "engine: open the data plane",
    "checks: begin TCP_CHECK of 10.0.0.7:80 for TCP 192.0.2.10:80",
    "table: add service TCP 192.0.2.10:80 rr",
    "table: add 10.0.0.7:80 NAT weight 1 to TCP 192.0.2.10:80",
    "process: start the VRRP process",
    "vrrp: VI_1: added, VRID 51 on eth0",
    "addresses: add 192.0.2.10/24 on eth0",
  ]);
});

test("global settings reach the data plane and the VRRP process", () => {
  const global = { ...base.global, interfaces: ["eth0", "eth1"], vrrpRealtimePriority: 20 };
  assert.deepEqual(texts(base, { ...base, global }), [
    "engine: open the data plane anew: lb_interfaces all -> eth0 eth1",
    "process: change the VRRP process: real-time priority 50 -> 20",
  ]);
});
