// Plays a scene to its end: faults, mending, settling, quiet, a last partition, a clean stop, a
// crash. The first invariant that does not hold ends it.

import { handoverMs, masterDownMs, skewMs } from "../../../src/vrrp/timers.ts";
import { linkMs, longestIntervalMs, settlingMs, shortestIntervalMs, stableMs } from "./bounds.ts";
import { allow, cause } from "./faults.ts";
import { junkKinds } from "./hostile.ts";
import { noteStep, Reached } from "./reached.ts";
import type { Scene } from "./scene.ts";
import { type SceneNode, sumOfRejected } from "./scene-node.ts";
import { checkClients, checkSettled } from "./settled.ts";
import { Stage } from "./stage.ts";
import { Violation } from "./violation.ts";
import { observeMachine } from "./watched-step.ts";

/** A leaving MASTER holds on for a moment after its successor's first advert. */
const GRACE_MS = 60;
/** How long the asking can take, and when members of a group have been promised to several nodes. */
const ASKING_MS = 25;
const ASKING_FOR_GROUP_MS = 130;
const CLOCK_ERROR = 1.025;

export interface Played {
  /** Undefined: everything held. */
  readonly violation: Violation | undefined;
  readonly events: number;
  readonly simulatedMs: number;
  /** Equal for equal scenes. */
  readonly hash: number;
  readonly reached: Reached;
}

/** Plays a scene; `trace` takes a line for each advert, announcement and transition. */
export function playScene(scene: Scene, trace?: string[]): Played {
  const reached = new Reached();
  const stage = new Stage(scene, reached, trace);
  observeMachine((call, result) => noteStep(reached, call, result));
  let violation: Violation | undefined;
  try {
    play(stage);
  } catch (error) {
    violation = asViolation(error, stage);
  }
  observeMachine(undefined);
  const { events, hash } = stage;
  return { violation, events, hash, reached, simulatedMs: stage.time.nowMs };
}

function asViolation(error: unknown, stage: Stage): Violation {
  if (error instanceof Violation) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Violation("no-throw", stage.time.nowMs, text);
}

function play(stage: Stage): void {
  const { scene } = stage;
  for (const node of stage.nodes)
    stage.time.plan(node.scene.startAtMs, () => {
      if (!node.alive) node.start();
    });
  for (const fault of scene.faults) stage.time.plan(fault.atMs, () => cause(stage, fault));
  stage.runTo(scene.healAtMs);
  mend(stage);
  settle(stage, "after mending");
  playQuiet(stage);
  playPartition(stage);
  playStop(stage);
  playCrash(stage);
  checkCounters(stage);
  checkRates(stage);
}

/** Everything works again, and everybody is there as the scene says. */
function mend(stage: Stage): void {
  for (const segment of stage.segments) {
    segment.heal();
    segment.clear();
    segment.quality = stage.scene.quality;
  }
  for (const node of stage.nodes) {
    allow(node);
    node.host.overrun();
    node.excuse();
    for (const part of node.parts) node.host.setUp(true, part.interface);
    node.host.wakeUp();
  }
  // A frozen machine comes back by itself.
  while (stage.nodes.some((node) => node.host.clock.frozen))
    stage.run(longestIntervalMs(stage.scene));
  for (const node of stage.nodes) {
    node.track(true);
    for (const [router, settings] of node.scene.settings.entries())
      node.change(router, settings, stage.scene.routers[router]?.virtualAddresses);
    if (!node.alive || node.stopping || node.asked) node.start();
    else node.configure();
  }
}

function settle(stage: Stage, when: string): readonly SceneNode[] {
  stage.run(settlingMs(stage.scene));
  return checkSettled(stage, stage.nodes, when);
}

/** S-7, S-8, S-10, S-12, S-14 while nothing happens but invalid packets. */
function playQuiet(stage: Stage): void {
  const { scene } = stage;
  const durationMs = stableMs(scene);
  const transitions = stage.transitions;
  const adverts = stage.nodes.map((node) => node.parts.map((part) => part.advertsSent));
  const gapMs = Math.max(durationMs / 24, shortestIntervalMs(scene) * 0.9);
  let turn = scene.seed;
  for (let atMs = gapMs; atMs < durationMs; atMs += gapMs) {
    stage.run(gapMs);
    const router = turn % scene.routers.length;
    const kinds = junkKinds(scene.routers[router] ?? { version: 3 });
    const what = kinds[turn % kinds.length] ?? "noise";
    cause(stage, { kind: "junk", atMs: stage.time.nowMs, router, what, random: turn });
    cause(stage, { kind: "same-reload", atMs: stage.time.nowMs, node: turn % stage.nodes.length });
    turn++;
  }
  stage.run(gapMs);
  stage.demand("S-7", stage.transitions === transitions, () => "somebody moved in the quiet phase");
  const holders = checkSettled(stage, stage.nodes, "after the quiet phase");
  if (scene.routers.every((router) => router.garpRefreshMs > 0))
    checkClients(stage, holders, "after the quiet phase");
  // S-10: one router speaks, at its own rate.
  for (const [n, node] of stage.nodes.entries())
    for (const [router, part] of node.parts.entries()) {
      const sent = part.advertsSent - (adverts[n]?.[router] ?? 0);
      const own = (durationMs + gapMs) / (part.settings.intervalCs * 10);
      const most = holders[router] === node ? own * CLOCK_ERROR + 1 : 0;
      stage.demand("S-10", sent <= most, () => `${node.name} sent ${sent} adverts, not ${most}`);
    }
}

/** S-5 for both sides of a partition, and again when it is over. */
function playPartition(stage: Stage): void {
  const { apart } = stage.scene;
  if (apart.length === 0) return;
  stage.reached.note("a partition with both sides settled");
  const inside = stage.nodes.filter((_, i) => apart.includes(i));
  const outside = stage.nodes.filter((_, i) => !apart.includes(i));
  for (const segment of stage.segments)
    for (const a of inside)
      for (const b of outside) {
        segment.cut(a.name, b.name);
        segment.cut(b.name, a.name);
      }
  stage.run(settlingMs(stage.scene));
  checkSettled(stage, inside, "inside a partition");
  checkSettled(stage, outside, "outside a partition");
  for (const segment of stage.segments) segment.heal();
  settle(stage, "after a partition");
}

/** S-11: the next one takes over within its skew, and nobody is without the addresses. */
function playStop(stage: Stage): void {
  if (stage.nodes.length < 2) return;
  const holder = checkSettled(stage, stage.nodes, "before a stop")[0];
  if (holder === undefined) return;
  const others = stage.nodes.filter((node) => node !== holder);
  const { version } = stage.scene.routers[0] ?? { version: 3 };
  const intervalMs = holder.part(0).settings.intervalCs * 10;
  const skew = soonest(stage, holder, others, (priority, interval) =>
    skewMs(version, priority, interval),
  );
  // Other Keelson routers are asked first; where none answers, the skew begins a little later.
  const asking = stage.scene.together ? ASKING_FOR_GROUP_MS : ASKING_MS;
  const askingMs = holder.scene.keelson ? asking : 0;
  const untilMs = stage.time.nowMs + skew * CLOCK_ERROR + askingMs + 4 * linkMs(stage.scene) + 1;
  holder.stop();
  let unheld = false;
  stage.time.run(untilMs, () => {
    stage.events++;
    unheld ||= !stage.nodes.some((node) => node.holds(0));
  });
  stage.demand("S-11", !unheld, () => `${holder.name} stopped, and for a moment nobody held`);
  const masters = others.filter((node) => node.master(0));
  stage.demand("S-11", masters.length > 0, () => `${holder.name} stopped, nobody within the skew`);
  stage.run(settlingMs(stage.scene) + handoverMs(version, intervalMs) + GRACE_MS);
  checkSettled(stage, others, "after a stop");
  stage.demand("S-11", holder.stopped, () => `${holder.name} has not stopped`);
  stage.demand("S-1", !holder.holdsAny(0), () => `${holder.name} has stopped and still holds`);
  holder.start();
  settle(stage, "after a stop and a start");
}

/** When the first of the others acts; members of a group wait for each other. */
function soonest(
  stage: Stage,
  holder: SceneNode,
  others: readonly SceneNode[],
  waitMs: (priority: number, intervalMs: number) => number,
): number {
  const parts = stage.scene.together ? holder.parts : holder.parts.slice(0, 1);
  return Math.min(
    ...others.map((node) =>
      Math.max(
        ...parts.map(({ settings }, router) =>
          waitMs(node.status(router)?.priority ?? 1, settings.intervalCs * 10),
        ),
      ),
    ),
  );
}

/** S-11: the Down interval of the most eager survivor, counted from the last advert. */
function playCrash(stage: Stage): void {
  if (stage.nodes.length < 2) return;
  const holder = checkSettled(stage, stage.nodes, "before a crash")[0];
  if (holder === undefined) return;
  const others = stage.nodes.filter((node) => node !== holder);
  const { version } = stage.scene.routers[0] ?? { version: 3 };
  const down = soonest(stage, holder, others, (priority, interval) =>
    masterDownMs(version, priority, interval),
  );
  holder.crash();
  stage.run(down * CLOCK_ERROR + 4 * linkMs(stage.scene) + 1);
  stage.demand(
    "S-11",
    others.some((node) => node.master(0)),
    () => `${holder.name} crashed, nobody took over`,
  );
  stage.run(settlingMs(stage.scene));
  const [successor] = checkSettled(stage, others, "after a crash");
  const transitions = stage.transitions;
  holder.start();
  settle(stage, "after a crash and a start");
  // S-6 without preemption: who comes back takes nothing from who holds.
  const patient = stage.nodes.every((node) => {
    const part = node.part(0);
    return !part.settings.preempt && part.settings.priority !== 255;
  });
  // Who starts with a shorter interval than the holder's has no time to hear it.
  const same = longestIntervalMs(stage.scene) === shortestIntervalMs(stage.scene);
  if (!patient || !same || stage.scene.routers.length > 1) return;
  stage.reached.note("a router that came back and left the MASTER alone");
  stage.demand(
    "S-6",
    successor?.master(0) === true && stage.transitions === transitions + 1,
    () => `${holder.name} came back and disturbed ${successor?.name}`,
  );
}

// S-13 over a whole life.
function checkCounters(stage: Stage): void {
  for (const node of stage.nodes)
    for (const [router, part] of node.parts.entries()) {
      const counters = node.status(router)?.counters;
      if (counters === undefined) continue;
      for (const [kind, count] of Object.entries(counters.rejected))
        stage.reached.note(`drop ${kind}`, count);
      const rejected = sumOfRejected(counters.rejected);
      const counted = counters.advertsReceived + rejected;
      const read = node.host.nic(part.interface).packetsRead - part.packetsReadBefore;
      stage.demand("S-13", counted === read, () => `${node.name} read ${read}, counted ${counted}`);
    }
}

// S-10 over the whole story: what others provoke is bounded.
function checkRates(stage: Stage): void {
  const elapsedMs = stage.time.nowMs;
  for (const node of stage.nodes)
    for (const part of node.parts) {
      const gapMs = Math.max(part.leastIntervalCs * 2.5, 10);
      const most = (elapsedMs / gapMs) * CLOCK_ERROR + 2 * part.transitions + 2;
      stage.demand(
        "S-10",
        part.advertsSent <= most,
        () => `${node.name} sent ${part.advertsSent} adverts in ${elapsedMs} ms`,
      );
    }
}
