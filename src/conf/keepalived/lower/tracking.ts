// track_file, vrrp_track_process, track_group, and the track_* blocks of sync groups.

import type {
  GroupTracking,
  TrackedObject,
  TrackFile,
  TrackGroup,
  TrackProcess,
} from "../../../model/tracking.ts";
import { type Section, type Setting, settingOf } from "../section.ts";
import { asNumber, asText, flagOf, given, numberOf, textOf } from "./setting-values.ts";
import { lowerTracks } from "./track-lines.ts";
import { entriesOf } from "./vrrp-instance.ts";

/** The objects of a track_* block. */
export function trackedObjects(section: Section, keyword: string): readonly TrackedObject[] {
  return lowerTracks(entriesOf(section, keyword)).map(({ name, weight, reverse }) => ({
    name,
    ...given({ weight, reverse }),
  }));
}

/** Everything that a sync group follows. */
export function groupTrackingOf(section: Section): GroupTracking {
  return {
    interfaces: trackedObjects(section, "track_interface"),
    scripts: trackedObjects(section, "track_script"),
    files: trackedObjects(section, "track_file"),
    processes: trackedObjects(section, "track_process"),
    bfdSessions: trackedObjects(section, "track_bfd"),
  };
}

/** True when the weight of a block is turned around. */
export function isReversed(section: Section): boolean {
  return settingOf(section, "weight")?.options?.some(({ name }) => name === "reverse") ?? false;
}

/** Reads one track_file; undefined when it names no file. */
export function lowerTrackFile(setting: Setting): TrackFile | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  const path = section && textOf(section, "file");
  if (section === undefined || name === undefined || path === undefined) return undefined;
  const init = settingOf(section, "init_file");
  return {
    name,
    path,
    weight: numberOf(section, "weight") ?? 1,
    reverse: isReversed(section),
    ...(init === undefined
      ? {}
      : {
          init: {
            value: asNumber(init.values[0]) ?? 0,
            overwrite: init.options?.some((option) => option.name === "overwrite") ?? false,
          },
        }),
  };
}

/** Reads one vrrp_track_process; undefined when it names no process. */
export function lowerTrackProcess(setting: Setting): TrackProcess | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  if (section === undefined || name === undefined) return undefined;
  const process = settingOf(section, "process")?.line.words.slice(1) ?? [];
  if (process.length === 0) return undefined;
  const match = settingOf(section, "param_match");
  const how = asText(match?.values[0]);
  const delayMs = numberOf(section, "delay") ?? 0;
  return {
    name,
    process: process.map(({ text }) => text),
    match: how === "initial" || how === "partial" ? how : "exact",
    ...(match === undefined ? {} : { matchesArguments: true }),
    fullCommand: flagOf(section, "full_command") ?? false,
    weight: numberOf(section, "weight") ?? 0,
    reverse: isReversed(section),
    quorum: numberOf(section, "quorum") ?? 1,
    ...given({ quorumMax: numberOf(section, "quorum_max") }),
    forkDelayMs: numberOf(section, "fork_delay") ?? delayMs,
    terminateDelayMs: numberOf(section, "terminate_delay") ?? delayMs,
  };
}

/** Reads one track_group. */
export function lowerTrackGroup(setting: Setting): TrackGroup | undefined {
  const { section, line } = setting;
  const name = line.words[1]?.text;
  if (section === undefined || name === undefined) return undefined;
  return { name, instances: namesIn(section, "group") };
}

/** The names in a block of names, one or several a line. */
export function namesIn(section: Section, keyword: string): readonly string[] {
  return entriesOf(section, keyword).flatMap(({ leading }) =>
    leading.filter((value) => typeof value === "string"),
  );
}
