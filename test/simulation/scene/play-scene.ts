// Plays a scene to its end: faults, mending, settling, quiet, a last partition, a clean stop, a
// crash. The first invariant that does not hold ends it.

import { longestIntervalMs, settlingMs, shortestIntervalMs, stableMs } from "./bounds.ts";
import { checkYield } from "./check-yield.ts";
import { allow, cause, startUnknowing } from "./faults.ts";
import { junkKinds } from "./hostile.ts";
import { playEnds } from "./play-ends.ts";
import { noteStep, Reached } from "./reached.ts";
import type { Scene } from "./scene.ts";
import { sumOfRejected } from "./scene-node.ts";
import { checkClients, checkSettled } from "./settled.ts";
import { Stage } from "./stage.ts";
import { Violation } from "./violation.ts";
import { observeMachine } from "./watched-step.ts";

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
  observeMachine((call, result) => {
    noteStep(reached, call, result);
    checkYield(stage, call, result);
  });
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
      if (!node.alive) startUnknowing(stage, node);
    });
  for (const fault of scene.faults) stage.time.plan(fault.atMs, () => cause(stage, fault));
  stage.runTo(scene.healAtMs);
  mend(stage);
  stage.run(settlingMs(scene));
  checkSettled(stage, stage.nodes, "after mending");
  playQuiet(stage);
  playEnds(stage);
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

/** S-7, S-8, S-10, S-12, S-14 while nothing happens but invalid packets. */
function playQuiet(stage: Stage): void {
  const { scene } = stage;
  const durationMs = stableMs(scene);
  const transitions = stage.transitions;
  const adverts = stage.nodes.map((node) => node.parts.map((part) => part.advertsSent));
  const gapMs = Math.max(durationMs / 12, shortestIntervalMs(scene) * 0.9);
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
