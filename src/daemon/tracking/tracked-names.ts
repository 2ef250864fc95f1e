// Which files and processes are watched: those that an instance or a sync group follows, as keepalived has it.

import type { Model } from "../../model/model.ts";
import type { TrackedObject, TrackFile, TrackProcess } from "../../model/tracking.ts";

/** The files that somebody follows. */
export function followedFiles(model: Model): readonly TrackFile[] {
  const names = namesOf([
    ...model.vrrpInstances.map(({ options }) => options?.trackedFiles ?? []),
    ...(model.syncGroups ?? []).map(({ tracking }) => tracking.files),
  ]);
  return (model.trackFiles ?? []).filter(({ name }) => names.has(name));
}

/** The processes that somebody follows. */
export function followedProcesses(model: Model): readonly TrackProcess[] {
  const names = namesOf([
    ...model.vrrpInstances.map(({ options }) => options?.trackedProcesses ?? []),
    ...(model.syncGroups ?? []).map(({ tracking }) => tracking.processes),
  ]);
  return (model.trackProcesses ?? []).filter(({ name }) => names.has(name));
}

function namesOf(lists: readonly (readonly TrackedObject[])[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.map(({ name }) => name)));
}
