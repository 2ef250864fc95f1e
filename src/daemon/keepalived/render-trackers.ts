// What instances follow, in the dump that keepalived writes on SIGUSR1.

import type { Model } from "../../model/model.ts";
import type { TrackFile, TrackProcess } from "../../model/tracking.ts";
import type { VrrpScript } from "../../model/vrrp-instance.ts";
import type { DumpedInstance } from "./instance-facts.ts";
import { showCommand } from "./shown-addresses.ts";

/** A script at one moment. */
export interface ScriptProgress {
  readonly name: string;
  /** Null: no result yet. */
  readonly up: boolean | null;
  /** It runs at this moment. */
  readonly running: boolean;
}

interface Source {
  readonly model: Model;
  readonly instances: readonly DumpedInstance[];
  readonly scripts: readonly ScriptProgress[];
}

/** The sections about scripts, files, processes and BFD sessions. */
export function renderTrackers(source: Source): readonly string[] {
  const { model } = source;
  const titled = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`------< ${title} >------`, ...lines];
  const tracked = (model.bfdSessions ?? []).filter((session) => session.forVrrp);
  return [
    ...titled(
      "VRRP Scripts",
      model.vrrpScripts.flatMap((script) => renderScript(script, source)),
    ),
    ...titled(
      "VRRP Track files",
      (model.trackFiles ?? []).flatMap((file) => renderFile(file, source)),
    ),
    ...titled(
      "VRRP Track processes",
      (model.trackProcesses ?? []).flatMap((one) => renderProcess(one, source)),
    ),
    ...titled(
      "VRRP Track BFDs",
      tracked.flatMap(({ name, weight, reverse }) => [
        ` VRRP Track BFD = ${name}`,
        `   Weight = ${weight}${reverse ? " reverse" : ""}`,
        `   Bfd is ${verdictOf(name, source) === true ? "up" : "down"}`,
        "   Tracking VRRP instances :",
        ...followersOf(name, weight, source, (config) => config.options?.trackedBfdSessions),
      ]),
    ),
  ];
}

function renderScript(script: VrrpScript, source: Source): readonly string[] {
  const progress = source.scripts.find(({ name }) => name === script.name);
  const up = progress?.up ?? null;
  const { weight } = script;
  const followers = followersOf(script.name, weight, source, (config) =>
    config.trackedScripts.map(({ script: name, ...rest }) => ({ name, ...rest })),
  );
  return [
    ` VRRP Script = ${script.name}`,
    `   Command = ${showCommand(script)}`,
    `   Interval = ${Math.floor(script.intervalMs / 1000)} sec`,
    `   Timeout = ${Math.floor(script.timeoutMs / 1000)} sec`,
    `   Weight = ${weight}`,
    `   Rise = ${script.rise}`,
    `   Fall = ${script.fall}`,
    `   Init state = ${up !== null ? "unknown" : script.initFail ? "INIT/FAILED" : "INIT"}`,
    `   Status = ${up === true ? "GOOD" : "BAD"}`,
    "   VRRP instances :",
    ...(followers.length === 0 ? [] : ["   Tracking instances :", ...followers]),
    `   State = ${progress?.running === true ? "running" : "idle"}`,
  ];
}

function renderFile(file: TrackFile, source: Source): readonly string[] {
  const followers = followersOf(
    file.name,
    file.weight,
    source,
    (config) => config.options?.trackedFiles,
  );
  return [
    ` Track file = ${file.name}`,
    `   File = ${file.path}`,
    `   Weight = ${file.weight}${file.reverse ? " reverse" : ""}`,
    "   Tracking instances :",
    ...followers,
  ];
}

function renderProcess(one: TrackProcess, source: Source): readonly string[] {
  const [program = "", ...parameters] = one.process;
  const followers = followersOf(
    one.name,
    one.weight,
    source,
    (config) => config.options?.trackedProcesses,
  );
  return [
    ` VRRP Track process = ${one.name}`,
    `   Process = ${program}`,
    ...(parameters.length === 0 ? [] : [`   Parameters = ${parameters.join(" ")}`]),
    `   Min processes = ${one.quorum}`,
    ...(one.quorumMax === undefined ? [] : [`   Max processes = ${one.quorumMax}`]),
    `   Have quorum = ${verdictOf(one.name, source) === true}`,
    `   Weight = ${one.weight}${one.reverse ? " reverse" : ""}`,
    `   Terminate delay = ${(one.terminateDelayMs / 1000).toFixed(6)}s`,
    `   Fork delay = ${(one.forkDelayMs / 1000).toFixed(6)}s`,
    `   Full command = ${one.fullCommand}`,
    "   Tracking instances :",
    ...followers,
  ];
}

interface Following {
  readonly name: string;
  readonly weight?: number;
  readonly reverse?: boolean;
}

function followersOf(
  name: string,
  ownWeight: number,
  { instances }: Source,
  of: (config: DumpedInstance["config"]) => readonly Following[] | undefined,
): readonly string[] {
  return instances.flatMap(({ config }) => {
    const follows = of(config)?.find((one) => one.name === name);
    if (follows === undefined) return [];
    const { weight = ownWeight, reverse } = follows;
    return [`     ${config.name}, weight ${weight}${reverse === true ? " reverse" : ""}`];
  });
}

/** What any instance that follows it says of a tracker. */
function verdictOf(name: string, { instances }: Source): boolean | null {
  for (const { status } of instances) {
    const tracker = status.trackers.find((one) => one.name === name);
    if (tracker !== undefined) return tracker.up;
  }
  return null;
}
