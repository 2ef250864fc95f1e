// Makes the faults of a scene happen.

import { forgeAdvert, forgeJunk } from "./hostile.ts";
import type { Fault } from "./scene.ts";
import { type SceneNode, sumOfRejected, virtualFacts } from "./scene-node.ts";
import type { Stage } from "./stage.ts";

/** The longest skew and one interval. */
const LEAVING_MS = 3000;

/** Lets one fault happen now. */
export function cause(stage: Stage, fault: Fault): void {
  stage.reached.note(`fault ${fault.kind}`);
  switch (fault.kind) {
    case "cut":
      stage.segment(fault.router).cut(fault.from, fault.to);
      return;
    case "heal":
      for (const segment of stage.segments) segment.heal();
      return;
    case "quality":
      stage.segment(fault.router).quality = fault.quality;
      return;
    case "link":
      stage.segment(fault.router).setLink(fault.from, fault.to, fault.quality);
      return;
    case "junk":
      for (const node of stage.nodes) sendJunk(stage, node, fault);
      return;
    case "forged":
      sendForged(stage, fault);
      return;
    default:
      causeAt(stage, stage.node(fault.node), fault);
  }
}

type NodeFault = Extract<Fault, { readonly node: number }>;

function causeAt(stage: Stage, node: SceneNode, fault: NodeFault): void {
  const { host } = node;
  switch (fault.kind) {
    case "crash":
      node.crash();
      return;
    case "start":
      if (!node.alive) startUnknowing(stage, node);
      return;
    case "stop":
      if (!host.paused) node.stop();
      return;
    case "pause":
    case "freeze":
    case "suspend":
      sleep(stage, node, fault);
      return;
    case "failover":
      if (!node.active) return;
      node.asked = true;
      // Who is on the way out takes new addresses of a reload only when it stays.
      node.excuse(LEAVING_MS);
      node.engine?.failover(node.part(fault.router).router.name);
      return;
    case "carrier":
      host.setCarrier(fault.up, node.part(fault.router).interface);
      node.excuse();
      return;
    case "admin":
      host.setUp(fault.up, node.part(fault.router).interface);
      node.excuse();
      return;
    case "wall-step":
      host.clock.stepWall(fault.byMs);
      return;
    case "overrun":
      host.loseChanges();
      stage.time.plan(stage.time.nowMs + 500, () => host.overrun());
      node.excuse();
      return;
    case "refuse":
      host.refusal = { errno: 105, code: "ENOBUFS" };
      stage.time.plan(stage.time.nowMs + fault.forMs, () => allow(node));
      return;
    case "take-address":
    case "plant-address":
      changeAddress(node, fault);
      return;
    case "same-reload":
      reloadSame(stage, node);
      return;
    case "reload":
      reload(node, fault);
      return;
    case "script":
      if (!host.paused) node.track(fault.up);
      else node.scriptUp = fault.up;
  }
}

/** Starts a node whose script has no result yet. */
export function startUnknowing(stage: Stage, node: SceneNode): void {
  node.start(false);
  const { engine } = node;
  stage.time.plan(stage.time.nowMs + node.scene.scriptAfterMs, () => {
    if (node.engine === engine && !node.host.paused) node.track(node.scriptUp);
  });
}

function sleep(
  stage: Stage,
  node: SceneNode,
  { kind, forMs }: Extract<NodeFault, { readonly kind: "pause" | "freeze" | "suspend" }>,
): void {
  const excused = stage.time.nowMs <= node.excusedUntilMs;
  if (kind === "pause") node.host.pause(forMs);
  else node.host.freeze(forMs, kind === "suspend");
  // Who sleeps while its addresses are changed mends them when it wakes.
  if (excused) node.excuse();
}

/** Lets a kernel that refused go on. */
export function allow(node: SceneNode): void {
  if (node.host.refusal === undefined) return;
  node.host.refusal = undefined;
  // What could not be renewed in time is renewed in the next round.
  node.excuse(4 * Math.max(...node.parts.map(({ settings }) => settings.intervalCs * 10)));
}

function changeAddress(
  node: SceneNode,
  fault: Extract<NodeFault, { readonly kind: "take-address" | "plant-address" }>,
): void {
  const part = node.part(fault.router);
  const [fact] = virtualFacts(part.virtualAddresses, part.interface);
  if (fact === undefined) return;
  node.excuse();
  if (fault.kind === "take-address") node.host.removeAddress(fact);
  else node.host.addAddress(fact);
}

// S-14.
function reloadSame(stage: Stage, node: SceneNode): void {
  if (!node.active) return;
  const before = [node.host.alarmAtMs, node.newsCount, node.host.operations].join();
  const changes = node.configure();
  const after = [node.host.alarmAtMs, node.newsCount, node.host.operations].join();
  stage.demand("S-14", changes.length === 0, () => `${node.name}: ${changes.join("; ")}`);
  stage.demand("S-14", before === after, () => `${node.name}: ${before} became ${after}`);
}

function reload(node: SceneNode, fault: Extract<NodeFault, { readonly kind: "reload" }>): void {
  // Addresses that a dead process would still have to take away stay for whoever names them again.
  if (!node.active) return;
  node.change(fault.router, fault.changes, fault.virtualAddresses);
  node.configure();
}

// S-12 and S-13 for one packet.
function sendJunk(
  stage: Stage,
  node: SceneNode,
  { router, what, random }: Extract<Fault, { readonly kind: "junk" }>,
): void {
  const scene = stage.scene.routers[router];
  if (scene === undefined) return;
  const part = node.part(router);
  const bytes = forgeJunk(scene, what, {
    random,
    receiver: part.address,
    intervalCs: part.settings.intervalCs,
  });
  const nic = node.host.nic(part.interface);
  // The first input after a sleep is also the first that tells of it.
  const wakes = node.active && node.host.clock.asleepMs !== node.asleepSeenMs;
  if (wakes) node.asleepSeenMs = node.host.clock.asleepMs;
  if (!node.active || !nic.link.carrier || wakes) {
    nic.deliver(bytes);
    return;
  }
  const before = look(node);
  const readBefore = nic.packetsRead;
  const rejectedBefore = rejected(node, router);
  nic.deliver(bytes);
  const after = look(node);
  stage.demand("S-12", after === before, () => `${node.name}, ${what}: ${before} became ${after}`);
  const read = nic.packetsRead - readBefore;
  const counted = rejected(node, router) - rejectedBefore;
  stage.demand(
    "S-13",
    read === counted,
    () => `${node.name}, ${what}: read ${read}, counted ${counted}`,
  );
  if (read > 0) stage.reached.note(`junk ${what} to ${part.state ?? "nobody"}`);
}

/** Everything but the counters of rejected packets. */
function look(node: SceneNode): string {
  const { host } = node;
  const reports = (node.engine?.report() ?? []).map(({ counters, ...status }) => {
    const { rejected: _, ...others } = counters;
    return [status, others];
  });
  return JSON.stringify([reports, host.alarmAtMs, host.operations, node.newsCount]);
}

function rejected(node: SceneNode, router: number): number {
  const counts = node.status(router)?.counters.rejected ?? {};
  return sumOfRejected(counts);
}

function sendForged(stage: Stage, fault: Extract<Fault, { readonly kind: "forged" }>): void {
  const scene = stage.scene.routers[fault.router];
  if (scene === undefined) return;
  // Version 2 takes adverts of the own interval alone.
  for (const node of stage.nodes) {
    const part = node.part(fault.router);
    const intervalCs = scene.version === 2 ? part.settings.intervalCs : fault.intervalCs;
    const bytes = forgeAdvert(
      { ...scene, virtualAddresses: part.virtualAddresses },
      { ...fault, intervalCs },
      part.address,
    );
    node.host.deliver(bytes, part.interface);
  }
}
