// Processes that must run [vrrp_track_process]: which ones count, and when their number counts. Pure.
//
// keepalived's rules: without arguments the name counts, as /proc/PID/comm has it; with arguments, with
// param_match or with full_command the command line does. A change of the number counts after fork_delay
// when it has grown and after terminate_delay when it has shrunk, if it still holds then.

import type { TrackProcess } from "../model/tracking.ts";

/** One process, as far as it is compared. */
export interface ComparedProcess {
  /** At most 15 bytes. */
  readonly name: string;
  readonly argv: readonly string[];
}

/** What is known of the processes of one tracker. */
export interface ProcessState {
  readonly count: number;
  readonly up: boolean;
  /** When a change that has been seen counts; undefined: there is none. */
  readonly changesAtMs: number | undefined;
}

/** The length to which the kernel cuts names. */
const NAME_LENGTH = 15;

/** Whether a process is one of those that are counted. */
export function matchesProcess(tracker: TrackProcess, process: ComparedProcess): boolean {
  const [wanted = "", ...wantedArguments] = tracker.process;
  const { name, argv } = process;
  const [program = "", ...given] = argv;
  const short = wanted.slice(0, NAME_LENGTH);
  const compared = wantedArguments.length > 0 || tracker.matchesArguments === true;
  if (tracker.fullCommand) {
    if (program !== wanted) return false;
  } else if (!compared) {
    return name === short;
  } else if (name !== short && program !== wanted) {
    return false;
  }
  return !compared || matchesArguments(tracker.match, wantedArguments, given);
}

function matchesArguments(
  match: TrackProcess["match"],
  wanted: readonly string[],
  given: readonly string[],
): boolean {
  if (wanted.length === 0 || match === "exact")
    return wanted.length === given.length && wanted.every((one, i) => one === given[i]);
  const whole = match === "partial" ? wanted.length : wanted.length - 1;
  if (!wanted.slice(0, whole).every((one, i) => one === given[i])) return false;
  return match === "partial" || (given[whole]?.startsWith(wanted[whole] ?? "") ?? false);
}

/** The first look counts at once. */
export function startProcesses(tracker: TrackProcess, count: number): ProcessState {
  return { count, up: isEnough(tracker, count), changesAtMs: undefined };
}

/** A look at the processes, or at the clock with the same count. */
export function stepProcesses(
  tracker: TrackProcess,
  state: ProcessState,
  count: number,
  nowMs: number,
): ProcessState {
  const up = isEnough(tracker, count);
  if (up === state.up) return { count, up, changesAtMs: undefined };
  const delayMs = count > state.count ? tracker.forkDelayMs : tracker.terminateDelayMs;
  const changesAtMs = state.changesAtMs ?? nowMs + delayMs;
  if (nowMs >= changesAtMs) return { count, up, changesAtMs: undefined };
  return { count, up: state.up, changesAtMs };
}

/** The number in words. */
export function describeProcesses(tracker: TrackProcess, state: ProcessState): string {
  const { quorum, quorumMax } = tracker;
  const upTo = quorumMax === undefined ? "" : `, at most ${quorumMax} may`;
  return `${state.count} of \`${tracker.process.join(" ")}\` run, ${quorum} must${upTo}`;
}

function isEnough({ quorum, quorumMax }: TrackProcess, count: number): boolean {
  // quorum_max 0 asks that none runs, whatever the quorum is.
  if (quorumMax === 0) return count === 0;
  return count >= quorum && (quorumMax === undefined || count <= quorumMax);
}
