// How a scene ends: a partition, a clean stop, a hang, a crash, each from a settled state.

import type { IpAddress } from "../../../src/base/address.ts";
import { handoverMs, masterDownMs, skewMs } from "../../../src/vrrp/timers.ts";
import {
  linkMs,
  longestIntervalMs,
  REFRESH_DEFAULT_MS,
  settlingMs,
  shortestIntervalMs,
} from "./bounds.ts";
import { membersDisagree } from "./crossed.ts";
import type { SceneNode } from "./scene-node.ts";
import { checkClients, checkSettled } from "./settled.ts";
import type { Stage } from "./stage.ts";

const CLOCK_ERROR = 1.025;
/** A leaving MASTER holds on for a moment after its successor's first advert. */
const GRACE_MS = 60;
/** How long the asking can take, and how much longer when members of a group were promised to several nodes. */
const ASKING_MS = 205;
const PROMISED_MS = 110;

/** Plays the ends of a scene that has settled. */
export function playEnds(stage: Stage): void {
  playPartition(stage);
  playStop(stage);
  playHang(stage);
  playCrash(stage);
}

function settle(stage: Stage, when: string): readonly SceneNode[] {
  stage.run(settlingMs(stage.scene));
  return checkSettled(stage, stage.nodes, when);
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
  const holders = settle(stage, "after a partition");
  // Without a rhythm of its own an announcement goes along with the adverts: no client stays blind.
  if (!stage.scene.routers.every((router) => router.garpRefreshMs === REFRESH_DEFAULT_MS)) return;
  checkClients(stage, holders, "after a partition");
  stage.reached.note("a partition that clients have survived");
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
  const asking = ASKING_MS + (stage.scene.together ? PROMISED_MS : 0);
  const askingMs = holder.scene.keelson ? asking : 0;
  const untilMs = stage.time.nowMs + skew * CLOCK_ERROR + askingMs + 4 * linkMs(stage.scene) + 1;
  holder.stop();
  stage.runTo(untilMs, () => {
    const held = stage.nodes.some((node) => node.holds(0));
    stage.demand("S-11", held, () => `${holder.name} stopped, and for a moment nobody held`);
  });
  const masters = others.filter((node) => node.master(0));
  const agreed = !stage.scene.together || !membersDisagree(stage.scene.nodes);
  if (agreed)
    stage.demand(
      "S-11",
      masters.length > 0,
      () => `${holder.name} stopped, nobody within the skew`,
    );
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

/** S-11 and S-15: the Down interval of the most eager survivor, and never two that answer. */
function playCrash(stage: Stage): void {
  if (stage.nodes.length < 2) return;
  const holder = checkSettled(stage, stage.nodes, "before a crash")[0];
  if (holder === undefined) return;
  const others = stage.nodes.filter((node) => node !== holder);
  holder.crash();
  awaitSuccessor(stage, holder, others, "crashed");
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

/** S-11 and S-15 for a process that hangs while its kernel goes on. */
function playHang(stage: Stage): void {
  if (stage.nodes.length < 2) return;
  const holder = checkSettled(stage, stage.nodes, "before a hang")[0];
  if (holder === undefined) return;
  const others = stage.nodes.filter((node) => node !== holder);
  holder.host.pause(settlingMs(stage.scene));
  awaitSuccessor(stage, holder, others, "hung");
  while (holder.host.paused) stage.run(longestIntervalMs(stage.scene));
  settle(stage, "after a hang");
}

function awaitSuccessor(
  stage: Stage,
  holder: SceneNode,
  others: readonly SceneNode[],
  what: string,
): void {
  const { version } = stage.scene.routers[0] ?? { version: 3 };
  const down = soonest(stage, holder, others, (priority, interval) =>
    masterDownMs(version, priority, interval),
  );
  const leased = stage.scene.routers.every((_, router) => holder.isLeased(router));
  if (leased) stage.reached.note("a lease that ran out");
  const [first] = holder.part(0).virtualAddresses;
  stage.run(down * CLOCK_ERROR + 4 * linkMs(stage.scene) + 1, () => {
    if (!leased || first === undefined) return;
    const answers = (node: SceneNode): boolean => node.host.answers(first as IpAddress);
    const two = answers(holder) && others.some(answers);
    stage.demand("S-15", !two, () => `${holder.name} ${what} and still answers beside another`);
  });
  if (stage.scene.together && membersDisagree(stage.scene.nodes)) return;
  stage.demand(
    "S-11",
    others.some((node) => node.master(0)),
    () => `${holder.name} ${what}, nobody took over`,
  );
}
