// How long things may take, derived from the configuration of a scene. Clocks differ by a hundredth
// at most.

import { membersDisagree } from "./crossed.ts";
import type { Scene } from "./scene.ts";

/** Nobody has written how often: then announcements go along with adverts. */
export const REFRESH_DEFAULT_MS = 60_000;
const CLOCK_ERROR = 1.025;
/** Wish and kernel are compared once a second where nothing announces a difference. */
const RECONCILE_MS = 1000;

/** The longest interval that any router can have learned. */
export function longestIntervalMs(scene: Scene): number {
  const own = scene.nodes.flatMap((node) => node.settings.map((one) => one.intervalCs));
  const told = scene.faults.flatMap((fault) => {
    if (fault.kind === "reload") return [fault.changes.intervalCs ?? 0];
    return fault.kind === "forged" ? [fault.intervalCs] : [];
  });
  return 10 * Math.max(...own, ...told);
}

/** The shortest interval of any router. */
export function shortestIntervalMs(scene: Scene): number {
  const own = scene.nodes.flatMap((node) => node.settings.map((one) => one.intervalCs));
  return 10 * Math.min(...own);
}

/** The longest time that a BACKUP believes in a silent MASTER. */
export function patienceMs(scene: Scene): number {
  const intervalMs = longestIntervalMs(scene);
  const skewMs = scene.routers.some((router) => router.version === 2) ? 1000 : intervalMs;
  return (
    3 * intervalMs + Math.max(skewMs, scene.routers.every((r) => r.version === 2) ? 0 : intervalMs)
  );
}

/** How long after everything has been mended each virtual router must have its one right MASTER. */
export function settlingMs(scene: Scene): number {
  const patience = patienceMs(scene);
  const delays = scene.nodes.flatMap((node) => node.settings.map((one) => one.preemptDelayMs));
  const delayMs = Math.max(...delays);
  // A delay counts from the first lower advert, and the last one before its end counts as a proof.
  const preemption = delayMs === 0 ? 0 : delayMs + longestIntervalMs(scene) + patience;
  return (patience + preemption + disagreementMs(scene)) * CLOCK_ERROR + 10 * linkMs(scene) + 5;
}

/** Groups whose members disagree yield to each other once, and then try again at different times. */
function disagreementMs(scene: Scene): number {
  if (!scene.together || !membersDisagree(scene.nodes)) return 0;
  return 2 * (patienceMs(scene) + longestIntervalMs(scene));
}

/** How long the quiet phase lasts: everybody is heard, everything periodic happens. */
export function stableMs(scene: Scene): number {
  // The default is no rhythm: announcements go along with adverts.
  const rhythms = scene.routers.map((router) => router.garpRefreshMs);
  const refresh = Math.max(0, ...rhythms.filter((one) => one < REFRESH_DEFAULT_MS));
  return Math.max(
    6 * longestIntervalMs(scene),
    1.1 * refresh + longestIntervalMs(scene),
    2 * RECONCILE_MS,
  );
}

/** What a link without faults may add. */
export function linkMs({ quality }: Scene): number {
  return quality.delayMs + 20 * quality.jitterMs;
}

/** The time of a change that the kernel had refused. */
export const REPAIR_MS: number = RECONCILE_MS * CLOCK_ERROR;
