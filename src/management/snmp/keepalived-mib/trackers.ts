// KEEPALIVED-MIB: scripts, files, BFD sessions and processes with their results.

import type { BfdSession } from "../../../model/bfd-session.ts";
import type { TrackFile, TrackProcess } from "../../../model/tracking.ts";
import type { VrrpScript } from "../../../model/vrrp-instance.ts";
import type { TrackerKind, TrackerResult } from "../../../model/vrrp-wish.ts";
import type { ManagementFacts } from "../../facts.ts";
import { column, type IndexedRow, type MibGroup, table } from "../mib-group.ts";
import { gauge, integer, octets, truth } from "../value.ts";
import { vrrpEntry } from "./identifiers.ts";
import { commandText } from "./programs.ts";

/** A followed object and its result. */
interface Tracker<Wish> {
  readonly wish: Wish;
  readonly result: TrackerResult | undefined;
}

function trackers<Wish extends { readonly name: string }>(
  kind: TrackerKind,
  wishes: (facts: ManagementFacts) => readonly Wish[],
): (facts: ManagementFacts) => readonly IndexedRow<Tracker<Wish>>[] {
  return (facts) =>
    wishes(facts).map((wish, i) => ({
      index: [i + 1],
      row: { wish, result: facts.tracker(kind, wish.name) },
    }));
}

/** init(1), bad(2), good(3), initfailed(5). */
function scriptResult({ wish, result }: Tracker<VrrpScript>): number {
  if (result?.up === true) return 3;
  if (result?.up === false) return 2;
  return wish.initFail ? 5 : 1;
}

const scripts = table<ManagementFacts, Tracker<VrrpScript>>({
  name: "vrrpScriptTable",
  entry: vrrpEntry(9),
  rows: trackers("script", ({ model }) => model.vrrpScripts),
  columns: [
    column(2, "vrrpScriptName", ({ wish }) => octets(wish.name)),
    column(3, "vrrpScriptCommand", ({ wish }) => octets(commandText(wish.command))),
    column(4, "vrrpScriptInterval", ({ wish }) => integer(wish.intervalMs / 1000)),
    column(5, "vrrpScriptWeight", ({ wish }) => integer(wish.weight)),
    column(6, "vrrpScriptResult", (row) => integer(scriptResult(row))),
    column(7, "vrrpScriptRise", ({ wish }) => gauge(wish.rise)),
    column(8, "vrrpScriptFall", ({ wish }) => gauge(wish.fall)),
    column(9, "vrrpScriptWgtRev", ({ wish }) => truth(wish.reverse ?? false)),
  ],
});

const files = table<ManagementFacts, Tracker<TrackFile>>({
  name: "vrrpFileTable",
  entry: vrrpEntry(13),
  rows: trackers("file", ({ model }) => model.trackFiles ?? []),
  columns: [
    column(2, "vrrpFileName", ({ wish }) => octets(wish.name)),
    column(3, "vrrpFilePath", ({ wish }) => octets(wish.path)),
    column(4, "vrrpFileResult", ({ wish, result }) =>
      integer(result?.value ?? wish.init?.value ?? 0),
    ),
    column(5, "vrrpFileWeight", ({ wish }) => integer(wish.weight)),
    column(6, "vrrpFileWgtRev", ({ wish }) => truth(wish.reverse)),
  ],
});

/** The result of a session comes from whoever speaks BFD, by the instances that follow it. */
function bfdIsUp(facts: ManagementFacts, name: string): boolean {
  const told = facts.status.vrrpInstances
    .flatMap(({ trackers: followed }) => followed)
    .find((one) => one.name === name);
  return facts.tracker("bfd", name)?.up ?? told?.up ?? false;
}

const bfdSessions = table<ManagementFacts, { readonly wish: BfdSession; readonly up: boolean }>({
  name: "vrrpBfdTable",
  entry: vrrpEntry(18),
  rows: (facts) =>
    (facts.model.bfdSessions ?? [])
      .filter(({ forVrrp }) => forVrrp)
      .map((wish, i) => ({ index: [i + 1], row: { wish, up: bfdIsUp(facts, wish.name) } })),
  columns: [
    column(2, "vrrpBfdName", ({ wish }) => octets(wish.name)),
    column(3, "vrrpBfdResult", ({ up }) => integer(up ? 1 : 0)),
    column(4, "vrrpBfdWeight", ({ wish }) => integer(wish.weight)),
    column(5, "vrrpBfdWgtRev", ({ wish }) => truth(wish.reverse)),
  ],
});

const matches = { exact: 1, partial: 2, initial: 3 } as const;
const noArguments = 0;

const processes = table<ManagementFacts, Tracker<TrackProcess>>({
  name: "vrrpProcessTable",
  entry: vrrpEntry(21),
  rows: trackers("process", ({ model }) => model.trackProcesses ?? []),
  columns: [
    column(2, "vrrpProcessName", ({ wish }) => octets(wish.name)),
    column(3, "vrrpProcessPath", ({ wish }) => octets(wish.process[0] ?? "")),
    column(4, "vrrpProcessParams", ({ wish }) =>
      wish.process.length < 2 ? undefined : octets(wish.process.slice(1).join(" ")),
    ),
    column(5, "vrrpProcessParamMatch", ({ wish }) =>
      integer(wish.process.length < 2 ? noArguments : matches[wish.match]),
    ),
    column(6, "vrrpProcessWeight", ({ wish }) => integer(wish.weight)),
    column(7, "vrrpProcessWgtRev", ({ wish }) => truth(wish.reverse)),
    column(8, "vrrpProcessQuorum", ({ wish }) => gauge(wish.quorum)),
    column(9, "vrrpProcessQuorumMax", ({ wish }) => integer(wish.quorumMax ?? -1)),
    column(10, "vrrpProcessForkDelay", ({ wish }) => gauge(wish.forkDelayMs * 1000)),
    column(11, "vrrpProcessTerminateDelay", ({ wish }) => gauge(wish.terminateDelayMs * 1000)),
    column(12, "vrrpProcessFullCommand", ({ wish }) =>
      truth(wish.fullCommand || wish.process.length > 1),
    ),
    column(13, "vrrpProcessCurProc", ({ result }) => integer(result?.value ?? 0)),
    column(14, "vrrpProcessResult", ({ result }) => truth(result?.up ?? false)),
  ],
});

/** The tables of scripts, files, sessions and processes. */
export const trackerGroups: readonly MibGroup<ManagementFacts>[] = [
  scripts,
  files,
  bfdSessions,
  processes,
];
