// The moment at which keepalived was asked: the same configuration, interfaces, states and results, so that
// its answers and ours can be compared line by line.

import { fileURLToPath } from "node:url";
import type { IpAddress } from "../../src/base/address.ts";
import { fromHex } from "../../src/base/bytes.ts";
import { loadConfigurationFile } from "../../src/daemon/config-files.ts";
import { judgeConfiguration } from "../../src/daemon/configuration.ts";
import type { InstanceHistory, ManagementFacts } from "../../src/management/facts.ts";
import type { Model } from "../../src/model/model.ts";
import type { SnmpSettings } from "../../src/model/notification.ts";
import type { DirectorStatus, VrrpInstanceStatus } from "../../src/model/status.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import type { TrackerKind, TrackerResult } from "../../src/model/vrrp-wish.ts";
import type { AddressFact } from "../../src/plan/operation.ts";
import type { LinkFact } from "../../src/world/kernel.ts";

export const stageDirectory = fileURLToPath(
  new URL("../../../test/golden/management/", import.meta.url),
);

/** Everything is served, and traps are sent. */
export const allServed: SnmpSettings = {
  vrrp: true,
  rfcVersion2: true,
  rfcVersion3: true,
  checkers: true,
  traps: true,
};

/** The model of a file of this directory. */
export function modelOf(name: string): Model {
  const path = `${stageDirectory}${name}`;
  const judged = judgeConfiguration(loadConfigurationFile(path), { format: "short", color: false });
  if (!judged.ok) throw new Error(`${path}: ${judged.fault.summary}`);
  return judged.value.model;
}

const priorities: Readonly<Record<string, number>> = { A: 171, B: 125 };

/** An instance that is MASTER and holds everything, as all were. */
export function masterStatus(
  wish: VrrpInstance,
  changes: Partial<VrrpInstanceStatus> = {},
): VrrpInstanceStatus {
  const held = [...wish.virtualAddresses, ...wish.excludedAddresses].map(
    ({ address, prefixLength }) => `${address}/${prefixLength}`,
  );
  return {
    name: wish.name,
    interface: wish.interface,
    vrid: wish.vrid,
    version: wish.version,
    state: "MASTER",
    sinceMs: 1000,
    cause: { kind: "master-down", text: "" },
    basePriority: wish.priority,
    priority: priorities[wish.name] ?? wish.priority,
    advertIntervalCs: wish.advertIntervalCs,
    virtualAddresses: held,
    heldAddresses: held,
    trackers: [],
    counters: {
      becameMaster: 1,
      advertsSent: 10,
      advertsReceived: 0,
      priorityZeroSent: 0,
      priorityZeroReceived: 0,
      garpSent: 5,
      rejected: {},
    },
    ...changes,
  };
}

/** A status of a director with these instances, all MASTER. */
export function statusOf(model: Model): DirectorStatus {
  return {
    version: "0.0.0",
    pid: 1,
    startedAtMs: 0,
    configFile: "keepalived.conf",
    engine: { kind: "none", reason: "", interfaces: [] },
    vrrpInstances: model.vrrpInstances.map((wish) => masterStatus(wish)),
    syncGroups: (model.syncGroups ?? []).map(({ name, members }) => {
      return { name, members, state: "MASTER", sinceMs: 1000 };
    }),
    virtualServers: [],
    repairs: [],
  };
}

function link(index: number, name: string, mac: string): LinkFact {
  return { index, name, up: true, carrier: true, mtu: 1500, mac: fromHex(mac), type: 1 };
}

const links: readonly LinkFact[] = [
  link(1, "lo", "000000000000"),
  link(3, "ka0", "caba31b12228"),
  link(5, "ka1", "064745f38cde"),
  link(10, "vrrp.62", "00005e00013e"),
];

function address(text: string, prefixLength: number, interfaceName: string): AddressFact {
  return { address: text as IpAddress, prefixLength, interface: interfaceName };
}

const addresses: readonly AddressFact[] = [
  address("10.9.0.101", 32, "ka0"),
  address("10.9.0.1", 24, "ka0"),
  address("fd00:9::1", 64, "ka1"),
  address("fe80::53", 128, "ka1"),
  address("fe80::447:45ff:fef3:8cde", 64, "ka1"),
];

const up = { up: true, weight: 0, text: "" } as const;
const down = { up: false, weight: 0, text: "" } as const;
const results: Readonly<Record<string, TrackerResult>> = {
  "script chk_a": up,
  "script chk_b": down,
  "file tf": { ...up, value: 7 },
  "process tp": { ...down, value: 0 },
};

const history: InstanceHistory = {
  upSinceMs: 1000,
  masterReason: "master-no-response",
  protocolError: "none",
};

/** What was true at that moment, or would be with `changes`. */
export function factsOf(model: Model, changes: Partial<ManagementFacts> = {}): ManagementFacts {
  return {
    status: statusOf(model),
    model,
    links,
    addresses,
    tracker: (kind: TrackerKind, name: string) => results[`${kind} ${name}`],
    atMs: 61_000,
    agentBootMs: 0,
    history: () => history,
    rates: () => ({ connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 }),
    ...changes,
  };
}
