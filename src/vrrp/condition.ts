// What the interface, its address and the followed things make of an instance: able to take part
// with some priority, not known yet, or at fault.

import type { IpAddress } from "../base/address.ts";
import type { Cause } from "../model/status.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import {
  judgeLink,
  judgeTracked,
  sumOutcomes,
  type TrackedSum,
  type TrackerView,
  trackedByInstance,
} from "./tracked.ts";

export type { LinkCondition } from "./tracked.ts";

/** Whether an instance can take part in elections. */
export type Condition =
  | {
      readonly kind: "ready";
      /** Effective priority, 1..255. */
      readonly priority: number;
      /** Source of the adverts. */
      readonly source: IpAddress;
    }
  | { readonly kind: "waiting"; readonly cause: Cause }
  | { readonly kind: "fault"; readonly cause: Cause };

/** Everything that a condition depends on. */
export interface Surroundings extends TrackerView {
  /** Undefined where the interface has no address of the instance's family to send from. */
  readonly source: IpAddress | undefined;
  /** Whether the interface has the address. Absent: nobody looks [track_src_ip]. */
  holdsAddress?(interfaceName: string, address: IpAddress): boolean;
}

/** What a sync group changes of the judgement of a member. */
export interface Membership {
  /** What the group follows for its members, judged. */
  readonly sum: TrackedSum;
  /** Whether weights of the member's own trackers count [sync_group_tracking_weight]. */
  readonly weights: boolean;
}

const PRIORITY_MIN = 1;
const PRIORITY_MAX = 254;
const PRIORITY_OWNER = 255;

/** Judges an instance. The first reason found is the one reported. */
export function judgeCondition(
  instance: VrrpInstance,
  around: Surroundings,
  membership?: Membership,
): Condition {
  const broken = judgePrimary(instance, around);
  if (broken !== undefined) return { kind: "fault", cause: broken };
  const { source } = around;
  if (source === undefined) {
    const text = `${instance.interface} has no IPv${instance.family} address to send adverts from`;
    return { kind: "fault", cause: { kind: "no-address", text } };
  }
  const owner = instance.priority === PRIORITY_OWNER;
  const outcomes = trackedByInstance(instance).map((followed) => judgeTracked(followed, around));
  const own = sumOutcomes(outcomes, { weights: !owner && (membership?.weights ?? true) });
  const unseen = judgeWitnesses(instance, around);
  if (unseen?.kind === "fault") return unseen;
  const fault = own.fault ?? membership?.sum.fault;
  if (fault !== undefined) return { kind: "fault", cause: fault };
  const waiting = own.waiting ?? membership?.sum.waiting;
  if (waiting !== undefined) return { kind: "waiting", cause: waiting };
  if (unseen !== undefined) return unseen;
  // The owner's priority is never lowered: its addresses are real ones (RFC 9568 section 5.2.4).
  if (owner) return { kind: "ready", priority: PRIORITY_OWNER, source };
  const wanted = instance.priority + own.change + (membership?.sum.change ?? 0);
  const priority = Math.min(PRIORITY_MAX, Math.max(PRIORITY_MIN, wanted));
  return { kind: "ready", priority, source };
}

/** True when nothing of a condition differs. */
export function sameCondition(a: Condition, b: Condition): boolean {
  if (a.kind === "ready")
    return b.kind === "ready" && a.priority === b.priority && a.source === b.source;
  return b.kind === a.kind && a.cause.kind === b.cause.kind && a.cause.text === b.cause.text;
}

/**
 * Whether the instance sees enough of its witnesses: a router that sees none may be the part of a
 * network that is cut off, and must not hold addresses there. Undefined: it does, or needs none.
 */
function judgeWitnesses(
  { options }: VrrpInstance,
  around: TrackerView,
): Exclude<Condition, { readonly kind: "ready" }> | undefined {
  if (options?.witnesses === undefined) return undefined;
  const { names, quorum } = options.witnesses;
  const results = names.map((name) => ({ name, result: around.tracker("witness", name) }));
  const seen = results.filter(({ result }) => result?.up === true).length;
  const wanted = Math.min(quorum, names.length);
  if (seen >= wanted) return undefined;
  const pending = results.filter(({ result }) => (result?.up ?? null) === null).length;
  const missing = results.filter(({ result }) => result?.up !== true);
  const why = missing.map(({ name, result }) => `${name} (${result?.text ?? "not asked yet"})`);
  const text = `sees ${seen} of the ${wanted} witnesses that it needs: ${why.join(", ")}`;
  const cause: Cause = { kind: "witness-missing", text };
  return { kind: seen + pending >= wanted ? "waiting" : "fault", cause };
}

/** What is wrong with the instance's own interface and source address. */
function judgePrimary(instance: VrrpInstance, around: Surroundings): Cause | undefined {
  const { interface: name, sourceAddress, options = {} } = instance;
  const link = around.link(name);
  const broken = judgeLink(name, link);
  // Without an interface there is nothing to send from, whatever is tracked.
  const ignored = options.trackOwnInterface === false && link !== undefined;
  if (broken !== undefined && !ignored) return broken;
  const source = options.unicast?.source ?? sourceAddress;
  if (options.trackSourceAddress !== true || source === undefined) return undefined;
  if (around.holdsAddress?.(name, source) ?? true) return undefined;
  return {
    kind: "source-address-missing",
    text: `${name} does not have the source address ${source}`,
  };
}
