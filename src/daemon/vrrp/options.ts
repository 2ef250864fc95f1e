// The command line of the VRRP process. The main process writes it, so faults are bugs or typing.

import { fail, ok, type Result } from "../../base/result.ts";

/** What the VRRP process is told when it starts. */
export interface VrrpOptions {
  /** Path of the UNIX socket to listen on. */
  readonly socketPath: string;
  /** SCHED_RR priority, 1..99; undefined: ordinary scheduling. */
  readonly realtimePriority: number | undefined;
  /** -20..19; undefined: as inherited. */
  readonly nice: number | undefined;
  readonly lockMemory: boolean;
  /** Takes the place of a process that has died: nothing that can wait comes before the first advert. */
  readonly hurry: boolean;
  /** What ps shows; undefined: the command line. */
  readonly title: string | undefined;
  /** SIGTERM leaves the addresses where they are. */
  readonly keepAddresses: boolean;
}

/** How to start the process. */
export const VRRP_USAGE =
  "usage: vrrp-main --socket PATH [--rt-priority 0..99] [--nice -20..19] [--no-mlock] [--hurry] [--title NAME] [--keep-addresses]";

/** Reads the arguments behind the program's name; a fault is a sentence. */
export function parseVrrpOptions(argv: readonly string[]): Result<VrrpOptions, string> {
  let socketPath: string | undefined;
  let realtimePriority: number | undefined;
  let nice: number | undefined;
  let title: string | undefined;
  let lockMemory = true;
  let keepAddresses = false;
  let hurry = false;
  for (let i = 0; i < argv.length; i++) {
    const option = argv[i] ?? "";
    if (option === "--no-mlock") {
      lockMemory = false;
      continue;
    }
    if (option === "--hurry") {
      hurry = true;
      continue;
    }
    if (option === "--keep-addresses") {
      keepAddresses = true;
      continue;
    }
    i++;
    const value = argv[i];
    if (value === undefined) return fail(`${option} is unknown or needs a value`);
    switch (option) {
      case "--socket":
        socketPath = value;
        break;
      case "--title":
        title = value;
        break;
      case "--rt-priority": {
        const priority = parseInteger(value, 0, 99);
        if (priority === undefined) return fail(`${option} takes 0 to 99, not ${value}`);
        realtimePriority = priority === 0 ? undefined : priority;
        break;
      }
      case "--nice":
        nice = parseInteger(value, -20, 19);
        if (nice === undefined) return fail(`${option} takes -20 to 19, not ${value}`);
        break;
      default:
        return fail(`${option} is unknown`);
    }
  }
  if (socketPath === undefined) return fail("--socket is missing");
  return ok({ socketPath, realtimePriority, nice, lockMemory, hurry, title, keepAddresses });
}

function parseInteger(text: string, min: number, max: number): number | undefined {
  if (!/^-?\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}
