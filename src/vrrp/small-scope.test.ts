// Every story that two or three routers can live through when some of their adverts are lost: at each
// advert and each receiver both ways are followed. From every state that is ever reached, the routers
// must come to one MASTER, and to the right one, once nothing is lost any more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareAddresses, type IpAddress } from "../base/address.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { NOT_STARTED, type VrrpEvent, type VrrpMachineState, vrrpWakeAtMs } from "./state.ts";
import { stepVrrp } from "./step.ts";

const INTERVAL_MS = 1000;
/** Longer ago than anything that the machine still asks for. */
const FORGOTTEN_MS = -6000;
const SETTLING_MS = 4 * INTERVAL_MS + 10;
const ADDRESSES: readonly string[] = ["10.0.0.2", "192.168.0.3", "10.0.0.1"];

interface Advert {
  readonly from: number;
  readonly to: number;
  readonly priority: number;
}

interface World {
  readonly nowMs: number;
  readonly states: readonly VrrpMachineState[];
  readonly onTheWay: readonly Advert[];
  readonly lossesLeft: number;
}

interface Scope {
  readonly version: 2 | 3;
  readonly priorities: readonly number[];
  readonly preempt: boolean;
  readonly losses: number;
  readonly step?: typeof stepVrrp;
}

function configOf(scope: Scope, node: number): VrrpInstance {
  return {
    name: `VI_${node}`,
    interface: "eth0",
    vrid: 51,
    version: scope.version,
    family: 4,
    initialState: "BACKUP",
    priority: scope.priorities[node] ?? 0,
    advertIntervalCs: INTERVAL_MS / 10,
    authentication: { type: "none" },
    preempt: scope.preempt,
    preemptDelayMs: 0,
    multicastGroup: "224.0.0.18" as IpAddress,
    virtualAddresses: [],
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 0, repeat: 1, refreshMs: 0, refreshRepeat: 1 },
  };
}

function addressOf(node: number): IpAddress {
  return (ADDRESSES[node] ?? assert.fail(`no node ${node}`)) as IpAddress;
}

/** One event at one node; what it sends is on the way to all others. */
function happen(scope: Scope, world: World, node: number, event: VrrpEvent): World {
  const before = world.states[node] ?? assert.fail(`no node ${node}`);
  const machine = scope.step ?? stepVrrp;
  const { state, deeds } = machine(configOf(scope, node), before, event, world.nowMs);
  const sent = deeds.flatMap((deed) =>
    deed.kind !== "send-advert"
      ? []
      : scope.priorities.flatMap((_, to) =>
          to === node ? [] : [{ from: node, to, priority: deed.priority }],
        ),
  );
  const states = world.states.map((one, i) => (i === node ? state : one));
  return { ...world, states, onTheWay: [...world.onTheWay, ...sent] };
}

function arrive(scope: Scope, world: World): World {
  const [advert, ...others] = world.onTheWay;
  if (advert === undefined) return world;
  const { from, to, priority } = advert;
  const heard = { priority, source: addressOf(from), intervalMs: INTERVAL_MS, atMs: world.nowMs };
  return happen(scope, { ...world, onTheWay: others }, to, {
    kind: "advert-received",
    advert: heard,
  });
}

/** The nodes that wake next, in both orders where several do at once. */
function wake(scope: Scope, world: World): readonly World[] {
  const wakes = world.states.map((state) => vrrpWakeAtMs(state) ?? Number.POSITIVE_INFINITY);
  const nowMs = Math.max(world.nowMs, Math.min(...wakes));
  if (nowMs === Number.POSITIVE_INFINITY) return [];
  const due = wakes.flatMap((atMs, node) => (atMs <= nowMs ? [node] : []));
  return due.map((node) => happen(scope, { ...world, nowMs }, node, { kind: "clock-reached" }));
}

/** Everything that can come next. */
function successors(scope: Scope, world: World): readonly World[] {
  if (world.onTheWay.length === 0) return wake(scope, world);
  const arrived = arrive(scope, world);
  if (world.lossesLeft === 0) return [arrived];
  const lost = { ...world, onTheWay: world.onTheWay.slice(1), lossesLeft: world.lossesLeft - 1 };
  return [arrived, lost];
}

/** A name for what matters of a world: times count from now, and what is long ago is all the same. */
function nameOf({ nowMs, states, onTheWay, lossesLeft }: World): string {
  const relative = (key: string, value: unknown): unknown => {
    if (typeof value !== "number" || !key.endsWith("Ms") || key.endsWith("IntervalMs"))
      return value;
    if (!key.endsWith("AtMs") && key !== "atMs" && key !== "silentSinceMs") return value;
    return value === Number.POSITIVE_INFINITY ? "never" : Math.max(FORGOTTEN_MS, value - nowMs);
  };
  return JSON.stringify([states, onTheWay, lossesLeft], relative);
}

/** What must be true of routers that hear each other for long enough. */
function checkSettled(scope: Scope, world: World): void {
  const masters = world.states.flatMap((state, node) => (state.role === "MASTER" ? [node] : []));
  assert.equal(masters.length, 1, `MASTERs: ${masters.join(", ")}`);
  const highest = Math.max(...scope.priorities);
  if (scope.preempt) assert.equal(scope.priorities[masters[0] ?? -1], highest);
}

function settle(scope: Scope, world: World): void {
  let now: World = { ...world, lossesLeft: 0 };
  const endsMs = now.nowMs + SETTLING_MS;
  for (let i = 0; i < 1000; i++) {
    const [next] = successors(scope, now);
    if (next === undefined || next.nowMs > endsMs) break;
    now = next;
  }
  checkSettled(scope, now);
}

/** Follows everything, and returns how many states there are. */
function explore(scope: Scope): number {
  let first: World = {
    nowMs: 0,
    states: scope.priorities.map(() => NOT_STARTED),
    onTheWay: [],
    lossesLeft: scope.losses,
  };
  for (const [node, priority] of scope.priorities.entries()) {
    const condition = { kind: "ready", priority, source: addressOf(node) } as const;
    first = happen(scope, first, node, { kind: "started", condition });
  }
  const seen = new Set([nameOf(first)]);
  const open = [first];
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    settle(scope, world);
    for (const next of successors(scope, world)) {
      const name = nameOf(next);
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(next);
    }
  }
  return seen.size;
}

const scopes: readonly (readonly [string, readonly number[], number])[] = [
  ["two routers, six losses", [100, 200], 6],
  ["two equal routers, six losses", [100, 100], 6],
  ["three routers, four losses", [100, 200, 50], 4],
  ["three equal routers, three losses", [100, 100, 100], 3],
];

for (const [name, priorities, losses] of scopes)
  for (const version of [2, 3] as const)
    test(`${name}, version ${version}: whatever is lost, one MASTER remains`, (t) => {
      const sizes = [true, false].map((preempt) =>
        explore({ version, priorities, preempt, losses }),
      );
      t.diagnostic(`${sizes.join(" and ")} states`);
      for (const size of sizes) assert.ok(size > 100, `${size} states: nothing was followed`);
    });

test("a machine that never yields between equals is found out", () => {
  const stubborn: typeof stepVrrp = (config, state, event, nowMs) => {
    const equal =
      event.kind === "advert-received" &&
      state.role === "MASTER" &&
      event.advert.priority === state.ready.priority &&
      compareAddresses(event.advert.source, state.ready.source) > 0;
    return equal ? { state, deeds: [] } : stepVrrp(config, state, event, nowMs);
  };
  const scope = { version: 3, priorities: [100, 100], preempt: true, losses: 6 } as const;
  assert.throws(() => explore({ ...scope, step: stubborn }), /MASTERs: 0, 1/);
});
