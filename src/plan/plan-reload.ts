// What a reload does: the steps of a director that runs one configuration and takes another, in its order. It is told
// as if every check succeeded and every instance were MASTER; what a director finds otherwise it leaves as it finds it.

import type { BalancerTable } from "../model/balancer-table.ts";
import { virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import { checkedServers } from "../model/server-group.ts";
import type { VirtualServer } from "../model/virtual-server.ts";
import { addressFacts } from "./address-facts.ts";
import { departingServices } from "./departing-services.ts";
import { describeOperation } from "./describe.ts";
import { describeInstanceOperation } from "./describe-instance.ts";
import { desiredTable } from "./desired-table.ts";
import { diffAddresses } from "./diff-addresses.ts";
import { type CheckOperation, diffChecks } from "./diff-checks.ts";
import { diffInstances } from "./diff-instances.ts";
import { diffTable } from "./diff-table.ts";
import { effectiveInstances } from "./effective-instances.ts";
import type { AddressOperation } from "./operation.ts";
import { dataPlaneSettings, runningScripts, vrrpPrecedence } from "./reload-settings.ts";
import { sameValue } from "./same-value.ts";

/** The parts of a director, in the order in which a reload reaches them. */
export type ReloadPart =
  | "engine"
  | "checks"
  | "table"
  | "vrrp"
  | "addresses"
  | "process"
  | "departing"
  | "scripts";

/** One thing that a reload does. */
export interface ReloadStep {
  readonly part: ReloadPart;
  readonly text: string;
}

/** The steps that lead from one configuration to another; none when nothing differs. */
export function planReload(before: Model, after: Model): readonly ReloadStep[] {
  const [was, becomes] = differingServers(before, after);
  const oldTable = desiredTable(was, new Map());
  const departing = departingServices(oldTable, before, after);
  const wished = desiredTable(becomes, new Map());
  const settled: BalancerTable = { services: [...wished.services, ...departing] };
  return [
    ...steps("engine", engineChanges(before, after)),
    ...steps("checks", diffChecks(becomes, was).map(describeCheckOperation)),
    ...steps("table", diffTable(settled, oldTable).map(describeOperation)),
    ...steps("process", processStart(before, after)),
    ...steps(
      "vrrp",
      diffInstances(effectiveInstances(after), effectiveInstances(before)).flatMap(
        describeInstanceOperation,
      ),
    ),
    ...steps("addresses", addressChanges(before, after).map(describeOperation)),
    ...steps("process", processChanges(before, after)),
    ...steps("departing", diffTable(wished, settled).map(describeOperation)),
    ...steps("engine", engineEnd(before, after)),
    ...steps("scripts", scriptChanges(before, after)),
  ];
}

/** Both without the virtual servers that are the same in both, which are nearly all of them in a large file. */
function differingServers(before: Model, after: Model): readonly [Model, Model] {
  const old = new Map(before.virtualServers.map((one) => [virtualServerIdentity(one.key), one]));
  const same = new Set<VirtualServer>();
  for (const server of after.virtualServers) {
    const was = old.get(virtualServerIdentity(server.key));
    if (was !== undefined && sameValue(was, server)) same.add(was).add(server);
  }
  const without = (model: Model): Model => ({
    ...model,
    virtualServers: model.virtualServers.filter((server) => !same.has(server)),
  });
  return [without(before), without(after)];
}

function steps(part: ReloadPart, texts: readonly string[]): readonly ReloadStep[] {
  return texts.map((text) => ({ part, text }));
}

function engineChanges(before: Model, after: Model): readonly string[] {
  const had = checkedServers(before).length > 0;
  const wants = checkedServers(after).length > 0;
  if (!had) return wants ? ["open the data plane"] : [];
  if (!wants) return [];
  const old = dataPlaneSettings(before.global);
  const fresh = dataPlaneSettings(after.global);
  const keys = ["engine", "attach", "interfaces", "connectionsMax"] as const;
  const differing = keys.filter((key) => JSON.stringify(old[key]) !== JSON.stringify(fresh[key]));
  const text = (value: unknown): string =>
    value === undefined ? "all" : Array.isArray(value) ? value.join(" ") : String(value);
  return differing.map(
    (key) => `open the data plane anew: ${keywords[key]} ${text(old[key])} -> ${text(fresh[key])}`,
  );
}

/** Without virtual servers nothing needs to look at packets. */
function engineEnd(before: Model, after: Model): readonly string[] {
  const ends = checkedServers(before).length > 0 && checkedServers(after).length === 0;
  return ends ? ["close the data plane"] : [];
}

const keywords = {
  engine: "lb_engine",
  attach: "lb_attach",
  interfaces: "lb_interfaces",
  connectionsMax: "lb_connections",
};

function describeCheckOperation({ kind, check }: CheckOperation): string {
  switch (kind) {
    case "begin-check":
      return `begin ${check}`;
    case "change-check":
      return `change ${check}`;
    case "end-check":
      return `end ${check}`;
  }
}

/** What a host that is MASTER of everything adds and removes. */
function addressChanges(before: Model, after: Model): readonly AddressOperation[] {
  const held = before.vrrpInstances.flatMap(addressFacts);
  const wished = after.vrrpInstances.flatMap(addressFacts);
  return diffAddresses(wished, [], held, held);
}

function processStart(before: Model, after: Model): readonly string[] {
  const starts = before.vrrpInstances.length === 0 && after.vrrpInstances.length > 0;
  return starts ? ["start the VRRP process"] : [];
}

function processChanges(before: Model, after: Model): readonly string[] {
  if (before.vrrpInstances.length === 0) return [];
  if (after.vrrpInstances.length === 0) return ["end the VRRP process"];
  const old = vrrpPrecedence(before.global);
  const fresh = vrrpPrecedence(after.global);
  const changes: string[] = [];
  if (old.realtimePriority !== fresh.realtimePriority)
    changes.push(`real-time priority ${old.realtimePriority} -> ${fresh.realtimePriority}`);
  if (old.nice !== fresh.nice)
    changes.push(`nice ${old.nice ?? "none"} -> ${fresh.nice ?? "none"}`);
  return changes.map((text) => `change the VRRP process: ${text}`);
}

function scriptChanges(before: Model, after: Model): readonly string[] {
  const old = new Map(runningScripts(before).map((script) => [script.name, script]));
  const changes: string[] = [];
  for (const script of runningScripts(after)) {
    const known = old.get(script.name);
    old.delete(script.name);
    if (known === undefined) changes.push(`begin script ${script.name}`);
    else if (JSON.stringify(known) !== JSON.stringify(script))
      changes.push(`change script ${script.name}`);
  }
  for (const name of old.keys()) changes.push(`end script ${name}`);
  return changes;
}
