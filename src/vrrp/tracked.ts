// What instances and sync groups follow, and what each followed thing does to them: keepalived's
// arithmetic. Weight 0: failure means FAULT. A positive weight is added while all is well, a
// negative one is subtracted on failure; `reverse` turns the sense around. A file's number is
// multiplied by its weight.

import type { Cause } from "../model/status.ts";
import type { GroupTracking, TrackedObject } from "../model/tracking.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { TrackerKind, TrackerResult } from "../model/vrrp-wish.ts";

/** One thing that an instance or a sync group follows. */
export interface Tracked {
  readonly kind: TrackerKind | "interface";
  readonly name: string;
  /** Absent: the thing's own weight counts; interfaces have none, which is 0. */
  readonly weight?: number;
  /** Absent: the thing's own sense counts. */
  readonly reverse?: boolean;
}

/** The interface of an instance as the kernel shows it. */
export interface LinkCondition {
  readonly up: boolean;
  readonly carrier: boolean;
}

/** Where the state of followed things is found. */
export interface TrackerView {
  /** Undefined where the interface does not exist. */
  link(name: string): LinkCondition | undefined;
  tracker(kind: TrackerKind, name: string): TrackerResult | undefined;
}

/** What one followed thing does at this moment. */
export interface TrackedOutcome {
  readonly kind: Tracked["kind"];
  readonly name: string;
  /** Whether it is well; null: nothing is known of it yet. */
  readonly up: boolean | null;
  readonly weight: number;
  readonly effect:
    | { readonly kind: "priority"; readonly change: number }
    | { readonly kind: "waiting"; readonly cause: Cause }
    | { readonly kind: "fault"; readonly cause: Cause };
  /** Its state in words, without the effect. */
  readonly text: string;
}

/** What all followed things do together. The first fault in their order is the one reported. */
export interface TrackedSum {
  readonly fault?: Cause;
  readonly waiting?: Cause;
  /** Sum of the weights that count. */
  readonly change: number;
}

/** A file's product beyond this is FAULT below and limited above (keepalived's range). */
const CHANGE_MAX = 253;

/** What an instance follows itself, in the order in which reasons are looked for. */
export function trackedByInstance(instance: VrrpInstance): readonly Tracked[] {
  const { options = {} } = instance;
  return [
    ...instance.trackedInterfaces.map(({ interface: name, ...rest }) =>
      tracked("interface", { name, ...rest }),
    ),
    ...instance.trackedScripts.map(({ script: name, ...rest }) =>
      tracked("script", { name, ...rest }),
    ),
    ...(options.trackedFiles ?? []).map((object) => tracked("file", object)),
    ...(options.trackedProcesses ?? []).map((object) => tracked("process", object)),
    ...(options.trackedBfdSessions ?? []).map((object) => tracked("bfd", object)),
  ];
}

/** What a sync group follows for its members. */
export function trackedByGroup(tracking: GroupTracking): readonly Tracked[] {
  return [
    ...tracking.interfaces.map((object) => tracked("interface", object)),
    ...tracking.scripts.map((object) => tracked("script", object)),
    ...tracking.files.map((object) => tracked("file", object)),
    ...tracking.processes.map((object) => tracked("process", object)),
    ...tracking.bfdSessions.map((object) => tracked("bfd", object)),
  ];
}

/** Judges one followed thing. */
export function judgeTracked(followed: Tracked, view: TrackerView): TrackedOutcome {
  if (followed.kind === "interface") {
    const broken = judgeLink(followed.name, view.link(followed.name));
    const state = { up: broken === undefined, text: broken?.text ?? "up, with carrier" };
    return outcome(followed, state, followed.weight ?? 0, followed.reverse ?? false);
  }
  const result = view.tracker(followed.kind, followed.name);
  const weight = followed.weight ?? result?.weight ?? 0;
  const reverse = followed.reverse ?? result?.reverse ?? false;
  const text = result?.text ?? "no result yet";
  if (followed.kind === "file" && result?.value !== undefined)
    return fileOutcome(followed, { value: result.value, text }, weight, reverse);
  return outcome(followed, { up: result?.up ?? null, text }, weight, reverse);
}

/**
 * Adds up what things do. Without `weights` only those of weight 0 count: so for the owner of the
 * addresses, and for members of a sync group without sync_group_tracking_weight.
 */
export function sumOutcomes(
  outcomes: readonly TrackedOutcome[],
  options: { readonly weights: boolean },
): TrackedSum {
  let change = 0;
  let fault: Cause | undefined;
  let waiting: Cause | undefined;
  for (const { effect, weight } of outcomes) {
    if (weight !== 0 && !options.weights) continue;
    if (effect.kind === "priority") change += effect.change;
    else if (effect.kind === "fault") fault ??= effect.cause;
    else waiting ??= effect.cause;
  }
  return {
    change,
    ...(fault === undefined ? {} : { fault }),
    ...(waiting === undefined ? {} : { waiting }),
  };
}

/** Why an interface cannot be used; undefined: it can. */
export function judgeLink(name: string, link: LinkCondition | undefined): Cause | undefined {
  if (link === undefined) return { kind: "interface-missing", text: `${name} does not exist` };
  if (!link.up) return { kind: "interface-down", text: `${name} is down` };
  if (!link.carrier) return { kind: "carrier-lost", text: `${name} has no carrier` };
  return undefined;
}

function tracked(kind: Tracked["kind"], { name, weight, reverse }: TrackedObject): Tracked {
  return {
    kind,
    name,
    ...(weight === undefined ? {} : { weight }),
    ...(reverse === undefined ? {} : { reverse }),
  };
}

function outcome(
  { kind, name }: Tracked,
  { up, text }: { readonly up: boolean | null; readonly text: string },
  weight: number,
  reverse: boolean,
): TrackedOutcome {
  const base = { kind, name, up, weight, text };
  if (weight !== 0) {
    const counts = weight > 0 ? up === true : up === false;
    const signed = reverse ? -weight : weight;
    return { ...base, effect: { kind: "priority", change: counts ? signed : 0 } };
  }
  if (up === null) {
    const cause = { kind: `${kind}-pending`, text: `${kind} ${name} has no result yet` };
    return { ...base, effect: { kind: "waiting", cause } };
  }
  if (up !== reverse) return { ...base, effect: { kind: "priority", change: 0 } };
  return { ...base, effect: { kind: "fault", cause: faultOf(base, up) } };
}

function fileOutcome(
  followed: Tracked,
  { value, text }: { readonly value: number; readonly text: string },
  weight: number,
  reverse: boolean,
): TrackedOutcome {
  if (weight === 0) return outcome(followed, { up: value === 0, text }, 0, reverse);
  const product = value * weight * (reverse ? -1 : 1);
  const base = { kind: followed.kind, name: followed.name, up: product >= 0, weight, text };
  if (product >= -CHANGE_MAX) {
    const change = Math.min(product, CHANGE_MAX) + 0;
    return { ...base, up: true, effect: { kind: "priority", change } };
  }
  const cause = {
    kind: "file-failed",
    text: `file ${followed.name}: ${text}, which with weight ${weight} is below -${CHANGE_MAX}`,
  };
  return { ...base, up: false, effect: { kind: "fault", cause } };
}

function faultOf(
  {
    kind,
    name,
    text,
  }: { readonly kind: Tracked["kind"]; readonly name: string; readonly text: string },
  up: boolean,
): Cause {
  if (up) return { kind: `${kind}-up`, text: `${kind} ${name} is up, and counts in reverse` };
  if (kind === "interface") return { kind: "tracked-interface-down", text };
  if (kind === "script") return { kind: "script-failed", text: `script ${name} failed: ${text}` };
  return { kind: `${kind}-failed`, text: `${kind} ${name}: ${text}` };
}
