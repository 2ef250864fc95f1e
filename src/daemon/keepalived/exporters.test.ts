// What the exporters in the field read from the dumps: their rules, written down here, applied to what we write.
// `data` and `stats` are mehdy's keepalived-exporter (the text files), `json` is gen2brain's and mehdy's with --ka.json.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "../../base/result.ts";
import { loadConfiguration } from "../../conf/load-configuration.ts";
import type { Model } from "../../model/model.ts";
import type { VrrpInstanceStatus, VrrpState } from "../../model/status.ts";
import { vrrpWish } from "../../plan/vrrp-wish.ts";
import { ClearedCounters, countersOf } from "./counters.ts";
import { dumpPath } from "./dumps.ts";
import type { DumpedInstance } from "./instance-facts.ts";
import { renderKeepalivedData } from "./render-data.ts";
import { renderKeepalivedJson } from "./render-json.ts";
import { renderKeepalivedStatistics } from "./render-statistics.ts";

const text = `
global_defs {
  router_id LB1
}
vrrp_script chk {
  script "/bin/true"
}
vrrp_script other {
  script "/bin/false"
}
vrrp_instance VI_1 {
  state MASTER
  interface eth0
  virtual_router_id 51
  priority 100
  garp_master_delay 7
  authentication {
    auth_type PASS
    auth_pass s3cret
  }
  virtual_ipaddress {
    192.0.2.10/24 label eth0:1
    192.0.2.11 dev eth1
  }
  virtual_ipaddress_excluded {
    198.51.100.7/24
    2001:db8::7/64
  }
  virtual_routes {
    203.0.113.0/24 via 192.0.2.254 dev eth0
  }
  track_script {
    chk
    other
  }
  track_interface {
    eth1 weight 2
  }
  notify_master "/bin/echo master"
}
vrrp_instance VI_2 {
  state BACKUP
  interface eth1
  virtual_router_id 52
  nopreempt
  unicast_peer {
    192.0.2.2
  }
  virtual_ipaddress {
    192.0.2.12
  }
}
`;

function modelOf(): Model {
  const { model } = loadConfiguration({
    path: "k.conf",
    randomSeed: 1,
    readFile: () => ok(text),
  });
  assert.ok(model !== undefined);
  return model;
}

function statusOf(name: string, state: VrrpState): VrrpInstanceStatus {
  return {
    name,
    interface: "eth0",
    vrid: 51,
    version: 2,
    state,
    sinceMs: 1_795_281_114_072,
    cause: { kind: "master-down", text: "no advert for 3.6 s = too long: a MASTER" },
    basePriority: 100,
    priority: 98,
    advertIntervalCs: 100,
    virtualAddresses: [],
    heldAddresses: state === "MASTER" ? ["192.0.2.10/24", "198.51.100.7/24"] : [],
    trackers: [],
    counters: {
      becameMaster: 3,
      advertsSent: 17,
      advertsReceived: 5,
      priorityZeroSent: 2,
      priorityZeroReceived: 1,
      garpSent: 9,
      rejected: {
        "ttl-wrong": 1,
        truncated: 2,
        "length-wrong": 1,
        "type-wrong": 4,
        "interval-mismatch": 5,
        "address-list-mismatch": 6,
        "auth-type-wrong": 7,
        "auth-mismatch": 8,
        "checksum-wrong": 100,
        "vrid-unknown": 100,
      },
    },
  };
}

const model = modelOf();
const states: Readonly<Record<string, VrrpState>> = { VI_1: "MASTER", VI_2: "BACKUP" };
const instances: readonly DumpedInstance[] = vrrpWish(model).instances.map((config) => {
  const status = statusOf(config.name, states[config.name] ?? "INIT");
  return { config, status, counters: countersOf(status) };
});
const data = renderKeepalivedData({
  model,
  instances,
  scripts: [
    { name: "chk", up: true, running: false },
    { name: "other", up: null, running: true },
  ],
});

/** An instance begins at one blank, properties stand at three, items of lists at five. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the exporter's rules in their own order.
function readData(dump: string): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const read = new Map<string, Map<string, string[]>>();
  let instance: Map<string, string[]> | undefined;
  let key = "";
  for (const line of dump.split("\n")) {
    if (line.startsWith(" VRRP Instance") && line.includes("=")) {
      instance = new Map();
      read.set((line.split("=")[1] ?? "").trim(), instance);
    } else if (line.startsWith("   ") && instance !== undefined) {
      const separator = line.includes("=") ? "=" : ":";
      if (!line.startsWith("     ") && !line.includes(separator)) continue;
      if (!line.startsWith("     ")) key = (line.split(separator)[0] ?? "").trim();
      const value = line.startsWith("     ")
        ? line.trim()
        : (line.split(separator)[1] ?? "").trim();
      instance.set(
        key,
        [...(instance.get(key) ?? []), value].filter((item) => item !== ""),
      );
    } else if (!/^ VRRP (Version|Script)/.test(line)) {
      instance = undefined;
    }
  }
  return read;
}

test("data: each instance has state, wish, interface, VRID and garp delay", () => {
  const read = readData(data);
  assert.deepEqual([...read.keys()], ["VI_1", "VI_2"]);
  const first = read.get("VI_1");
  for (const [key, value] of [
    ["State", "MASTER"],
    ["Wantstate", "MASTER"],
    ["Interface", "eth0"],
    ["Gratuitous ARP delay", "7"],
    ["Virtual Router ID", "51"],
  ] as const)
    assert.deepEqual(first?.get(key), [value], key);
  assert.deepEqual(read.get("VI_2")?.get("State"), ["BACKUP"]);
  assert.deepEqual(read.get("VI_2")?.get("Virtual Router ID"), ["52"]);
});

test("data: addresses have at least three words, and the third is the interface", () => {
  const first = readData(data).get("VI_1");
  const addresses = first?.get("Virtual IP (2)");
  assert.deepEqual(addresses, [
    "192.0.2.10/24 dev eth0 scope global label eth0:1 set",
    "192.0.2.11 dev eth1 scope global",
  ]);
  assert.deepEqual(first?.get("Virtual IP Excluded"), [
    "198.51.100.7/24 dev eth0 scope global set",
    "2001:db8::7/64 dev eth0 scope global preferred_lft forever",
  ]);
  for (const address of addresses ?? []) assert.match(address.split(" ")[2] ?? "", /^eth\d$/);
});

test("data: a script has a status, GOOD or BAD, and a state", () => {
  const scripts = [...data.matchAll(/^ VRRP Script = (.*)\n((?: {3}.*\n)*)/gm)].map(
    ([, name = "", lines = ""]) =>
      [
        name,
        ...[...lines.matchAll(/^ {3}(?:Status|State) = (.*)$/gm)].map((one) => one[1]),
      ] as const,
  );
  assert.deepEqual(scripts, [
    ["chk", "GOOD", "idle"],
    ["other", "BAD", "running"],
  ]);
});

test("no dump holds a password", () => {
  const json = renderKeepalivedJson(model, instances);
  assert.doesNotMatch(data + json, /s3cret/);
  assert.match(data, /^ {3}Password = \*{8}$/m);
  assert.match(json, /"auth_type":1,"auth_data":"\*{8}"/);
});

test("stats: sections at two blanks end with a colon, their numbers stand at four", () => {
  const counted = instances.map(({ config, counters }) => ({ name: config.name, counters }));
  const stats = renderKeepalivedStatistics(counted);
  const read = new Map<string, number>();
  let path = "";
  let section = "";
  for (const line of stats.trimEnd().split("\n")) {
    const [name = "", value = ""] = line.trim().split(":");
    if (line.startsWith("VRRP Instance")) path = value.trim();
    else if (line.endsWith(":")) section = name;
    else {
      if (!line.startsWith("    ")) section = "";
      assert.match(value, /^ \d+$/);
      read.set([path, section, name].filter(Boolean).join(" / "), Number(value));
    }
  }
  assert.deepEqual(Object.fromEntries([...read].filter(([name]) => name.startsWith("VI_1"))), {
    "VI_1 / Advertisements / Received": 5,
    "VI_1 / Advertisements / Sent": 17,
    "VI_1 / Became master": 3,
    "VI_1 / Released master": 2,
    "VI_1 / Packet Errors / Length": 3,
    "VI_1 / Packet Errors / TTL": 1,
    "VI_1 / Packet Errors / Invalid Type": 4,
    "VI_1 / Packet Errors / Advertisement Interval": 5,
    "VI_1 / Packet Errors / Address List": 6,
    "VI_1 / Authentication Errors / Invalid Type": 0,
    "VI_1 / Authentication Errors / Type Mismatch": 7,
    "VI_1 / Authentication Errors / Failure": 8,
    "VI_1 / Priority Zero / Received": 1,
    "VI_1 / Priority Zero / Sent": 2,
  });
  assert.equal(read.get("VI_2 / Released master"), 3);
});

test("json: an array of data and stats, whose numbers are whole where exporters take whole ones", () => {
  const parsed = JSON.parse(renderKeepalivedJson(model, instances)) as readonly {
    readonly data: Readonly<Record<string, unknown>>;
    readonly stats: Readonly<Record<string, unknown>>;
  }[];
  assert.equal(parsed.length, 2);
  const [first, second] = parsed;
  assert.equal(first?.data["iname"], "VI_1");
  assert.equal(first?.data["ifp_ifname"], "eth0");
  assert.equal(first?.data["vrid"], 51);
  assert.equal(first?.data["state"], 2);
  assert.equal(first?.data["wantstate"], 2);
  assert.equal(first?.data["garp_delay"], 7);
  assert.equal(first?.data["last_transition"], 1_795_281_114.072);
  assert.deepEqual(first?.data["track_script"], ["'/bin/true'", "'/bin/false'"]);
  assert.deepEqual(first?.data["track_ifp"], ["eth1"]);
  assert.equal(first?.data["script_master"], "'/bin/echo' 'master'");
  assert.equal(second?.data["state"], 1);
  assert.equal(second?.data["nopreempt"], true);
  for (const { stats } of parsed)
    for (const [name, value] of Object.entries(stats))
      assert.ok(Number.isSafeInteger(value), `${name} is ${value}`);
});

test("dumps have the names that the configuration gives them", () => {
  const place = (name: string, traces = {}, more = {}): string =>
    dumpPath(name, "/tmp", { ...more, traces });
  assert.equal(place("keepalived.data"), "/tmp/keepalived.data");
  const blue = { netNamespace: "blue", instanceName: "a" };
  const named = { dumpsNameInstance: true };
  assert.equal(place("keepalived.data", named, blue), "/tmp/keepalived.blue_a.data");
  assert.equal(place("keepalived.stats", named, blue), "/tmp/keepalived.stats");
  assert.equal(place("keepalived.data", { stateDump: "/run/d/" }), "/run/d/keepalived.data");
  assert.equal(place("keepalived.data", { stateDump: "/run/d/x" }), "/run/d/x");
  assert.equal(
    place("keepalived_check.data", { stateDump: "/run/d/x" }),
    "/run/d/keepalived_check.data",
  );
  assert.equal(place("keepalived.json", { jsonDump: "/run/j" }), "/run/j");
  assert.equal(place("keepalived.stats", { countersDump: "/run/s" }), "/run/s");
});

test("json_version 2 puts instances and processes side by side", () => {
  const options = { ...model.global.options, traces: { jsonVersion: 2 as const } };
  const second: Model = {
    ...model,
    global: { ...model.global, options },
    trackProcesses: [
      {
        name: "p",
        process: ["haproxy", "-W"],
        match: "initial",
        fullCommand: false,
        weight: 4,
        reverse: false,
        quorum: 2,
        forkDelayMs: 500,
        terminateDelayMs: 0,
      },
    ],
  };
  const read = JSON.parse(renderKeepalivedJson(second, instances)) as Record<string, unknown[]>;
  assert.deepEqual(Object.keys(read), ["vrrp", "track_process"]);
  assert.equal(read["vrrp"]?.length, 2);
  assert.deepEqual(read["track_process"], [
    {
      process: "haproxy",
      parameters: "-W",
      param_match: "initial",
      min_processes: 2,
      weight: 4,
      terminate_delay: 0,
      fork_delay: 0.5,
      full_command: false,
    },
  ]);
});

test("cleared counters begin at 0, and again when the VRRP process counts anew", () => {
  const cleared = new ClearedCounters();
  const status = statusOf("VI_1", "MASTER");
  assert.equal(cleared.of(status).advert_sent, 17);
  cleared.clear([status]);
  assert.deepEqual(new Set(Object.values(cleared.of(status))), new Set([0]));
  const later = { ...status, counters: { ...status.counters, advertsSent: 20 } };
  assert.equal(cleared.of(later).advert_sent, 3);
  const anew = { ...status, counters: { ...status.counters, advertsSent: 1, becameMaster: 1 } };
  assert.equal(cleared.of(anew).advert_sent, 1);
});
