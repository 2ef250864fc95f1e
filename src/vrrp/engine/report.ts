// What an instance says of itself.

import type { AlarmStatus, VrrpCounters, VrrpInstanceStatus } from "../../model/status.ts";
import type { GroupTracking } from "../../model/tracking.ts";
import type { TrackerKind, TrackerResult } from "../../model/vrrp-wish.ts";
import { vrrpStateName } from "../state.ts";
import {
  judgeTracked,
  type Tracked,
  type TrackedOutcome,
  trackedByGroup,
  trackedByInstance,
} from "../tracked.ts";
import type { RejectKind } from "../validate-advert.ts";
import type { LinkTable } from "./link-table.ts";
import type { RunningInstance } from "./running-instance.ts";

/** Where a report finds what the instance does not hold itself. */
export interface ReportSources {
  readonly links: LinkTable;
  tracker(kind: TrackerKind, name: string): TrackerResult | undefined;
  /** What the sync group of an instance follows for it. */
  groupTracking(instance: RunningInstance): GroupTracking | undefined;
  alarms(instance: RunningInstance): readonly AlarmStatus[];
  strays(interfaceName: string): ReadonlyMap<RejectKind, number> | undefined;
}

/** The status of one instance at this moment. */
export function reportInstance(
  instance: RunningInstance,
  sources: ReportSources,
): VrrpInstanceStatus {
  const { config, state, heard } = instance;
  const held = instance.claims.filter(({ key }) => sources.links.has(key));
  const master =
    heard === undefined ? {} : { master: { address: heard.source, priority: heard.priority } };
  return {
    name: config.name,
    interface: config.interface,
    vrid: config.vrid,
    version: config.version,
    state: vrrpStateName(state),
    sinceMs: instance.sinceMs,
    cause: instance.cause,
    basePriority: config.priority,
    priority: instance.condition.kind === "ready" ? instance.condition.priority : config.priority,
    advertIntervalCs: config.advertIntervalCs,
    virtualAddresses: instance.claims.map(({ fact }) => `${fact.address}/${fact.prefixLength}`),
    family: config.family,
    ...(config.options?.halfOf === undefined ? {} : { halfOf: config.options.halfOf }),
    heldAddresses: held.map(({ fact }) => `${fact.address}/${fact.prefixLength}`),
    ...master,
    ...(sources.alarms(instance).length === 0 ? {} : { alarms: sources.alarms(instance) }),
    trackers: reportTrackers(instance, sources),
    counters: reportCounters(instance, sources),
  };
}

/** What the instance follows and then what its sync group follows for it, each with what it does. */
function reportTrackers(
  instance: RunningInstance,
  sources: ReportSources,
): VrrpInstanceStatus["trackers"] {
  const view = {
    link: (name: string) => sources.links.link(name),
    tracker: (kind: TrackerKind, name: string) => sources.tracker(kind, name),
  };
  const report = (followed: Tracked): VrrpInstanceStatus["trackers"][number] => {
    const outcome = judgeTracked(followed, view);
    const { kind, name, up, text, weight } = outcome;
    return { kind, name, up, text, weight, effect: describeEffect(outcome) };
  };
  const tracking = sources.groupTracking(instance);
  const ofGroup = tracking === undefined ? [] : trackedByGroup(tracking);
  return [
    ...trackedByInstance(instance.config).map(report),
    ...ofGroup.map((followed) => ({ ...report(followed), ofGroup: true })),
  ];
}

function describeEffect({ effect }: TrackedOutcome): string {
  switch (effect.kind) {
    case "priority":
      if (effect.change === 0) return "nothing";
      return `priority ${effect.change > 0 ? "+" : ""}${effect.change}`;
    case "fault":
      return "FAULT";
    case "waiting":
      return "waits";
  }
}

function reportCounters(instance: RunningInstance, sources: ReportSources): VrrpCounters {
  const rejected: Record<string, number> = Object.fromEntries(instance.tally.rejected);
  // Packets that name no instance concern every instance of the interface.
  for (const [kind, count] of sources.strays(instance.config.interface) ?? [])
    rejected[kind] = (rejected[kind] ?? 0) + count;
  const { checksums, ...tally } = instance.tally;
  const forms = checksums.size === 0 ? {} : { checksums: Object.fromEntries(checksums) };
  return { ...tally, ...forms, rejected };
}
