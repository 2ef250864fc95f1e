// What processes cost, as /proc tells it.

import { readFileSync } from "node:fs";

/** Processor time and memory of some processes together. */
export interface ProcessFigures {
  /** User and system time; in steps of 10 ms. */
  readonly cpuMs: number;
  /** Resident memory, shared pages counted for each. */
  readonly rssMb: number;
  /** Memory of their own: what would be free without them. */
  readonly ownMb: number;
}

const tickMs = 10;

/** Adds up what is known of the processes; those that have ended count nothing. */
export function figuresOf(pids: readonly number[]): ProcessFigures {
  let cpuMs = 0;
  let rssMb = 0;
  let ownMb = 0;
  for (const pid of pids) {
    const stat = read(pid, "stat");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    cpuMs += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tickMs;
    const memory = read(pid, "smaps_rollup");
    rssMb += kilobytes(memory, "Rss") / 1000;
    ownMb += (kilobytes(memory, "Private_Clean") + kilobytes(memory, "Private_Dirty")) / 1000;
  }
  return { cpuMs, rssMb, ownMb };
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    // It has ended.
    return "";
  }
}
