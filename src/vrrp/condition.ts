// What the interface, its address and the trackers make of an instance: able to take part with some
// priority, not known yet, or at fault. keepalived's arithmetic: a positive weight is added while
// its tracker is up, a negative one subtracted while it is down, weight 0 means FAULT.

import type { IpAddress } from "../base/address.ts";
import type { Cause } from "../model/status.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { TrackerKind, TrackerResult } from "../model/vrrp-wish.ts";

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

/** The interface of an instance as the kernel shows it. */
export interface LinkCondition {
  readonly up: boolean;
  readonly carrier: boolean;
}

/** Everything that a condition depends on. */
export interface Surroundings {
  /** Undefined where the interface does not exist. */
  link(name: string): LinkCondition | undefined;
  tracker(kind: TrackerKind, name: string): TrackerResult | undefined;
  /** Undefined where the interface has no IPv4 address to send from. */
  readonly source: IpAddress | undefined;
}

const PRIORITY_MIN = 1;
const PRIORITY_MAX = 254;
const PRIORITY_OWNER = 255;

/** Judges an instance. The first reason found is the one reported. */
export function judgeCondition(instance: VrrpInstance, around: Surroundings): Condition {
  if (instance.family !== 4)
    return fault("family-not-supported", "IPv6 instances are not supported yet");
  const linkFault = judgeLink(instance.interface, around.link(instance.interface));
  if (linkFault !== undefined) return { kind: "fault", cause: linkFault };
  if (around.source === undefined)
    return fault("no-address", `${instance.interface} has no IPv4 address to send adverts from`);
  let priority = instance.priority;
  for (const tracked of instance.trackedInterfaces) {
    const broken = judgeLink(tracked.interface, around.link(tracked.interface));
    if (broken !== undefined && tracked.weight === 0)
      return fault("tracked-interface-down", broken.text);
    priority += weighed(tracked.weight, broken === undefined);
  }
  let pending: Cause | undefined;
  for (const tracked of instance.trackedScripts) {
    const result = around.tracker("script", tracked.script);
    const weight = tracked.weight ?? result?.weight ?? 0;
    const up = result?.up ?? null;
    if (weight === 0 && up === null)
      pending = { kind: "script-pending", text: `script ${tracked.script} has no result yet` };
    if (weight === 0 && up === false)
      return fault("script-failed", `script ${tracked.script} failed: ${result?.text ?? ""}`);
    priority += weighed(weight, up);
  }
  if (pending !== undefined) return { kind: "waiting", cause: pending };
  const { source } = around;
  // The owner's priority is never lowered: its addresses are real ones (RFC 9568 section 5.2.4).
  if (instance.priority === PRIORITY_OWNER)
    return { kind: "ready", priority: PRIORITY_OWNER, source };
  const clamped = Math.min(PRIORITY_MAX, Math.max(PRIORITY_MIN, priority));
  return { kind: "ready", priority: clamped, source };
}

/** True when nothing of a condition differs. */
export function sameCondition(a: Condition, b: Condition): boolean {
  if (a.kind === "ready")
    return b.kind === "ready" && a.priority === b.priority && a.source === b.source;
  return b.kind === a.kind && a.cause.kind === b.cause.kind && a.cause.text === b.cause.text;
}

function judgeLink(name: string, link: LinkCondition | undefined): Cause | undefined {
  if (link === undefined) return { kind: "interface-missing", text: `${name} does not exist` };
  if (!link.up) return { kind: "interface-down", text: `${name} is down` };
  if (!link.carrier) return { kind: "carrier-lost", text: `${name} has no carrier` };
  return undefined;
}

function weighed(weight: number, up: boolean | null): number {
  if (weight > 0) return up === true ? weight : 0;
  return up === false ? weight : 0;
}

function fault(kind: string, text: string): Condition {
  return { kind: "fault", cause: { kind, text } };
}
