// Asking the kernel for precedence: a real-time priority, a nice value, memory that is never paged
// out. All of it concerns the calling thread but locked memory, which is the process's.

import { readFileSync } from "node:fs";
import { ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import { syscallFailed } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

const schedulerOther = 0;
const schedulerRoundRobin = 2;
/** A child (a notify script) starts with the ordinary policy. */
const resetOnFork = 0x40000000;
const priorityOfProcess = 0;
const limitLockedMemory = 8;

/** What to ask for; what is absent is left as it is. */
export interface Precedence {
  /** SCHED_RR priority, 1..99. */
  readonly realtimePriority?: number;
  /** -20 (first) .. 19 (last). */
  readonly nice?: number;
  /** Keeps the program's text, heap and stack in RAM; not the memory of V8, see `lockMemoryOf`. */
  readonly lockMemory?: boolean;
}

/** One thing that was asked for, and whether the kernel granted it. */
export interface PrecedenceOutcome {
  readonly wanted: string;
  readonly outcome: Result<void, KernelFault>;
}

/** Asks for each thing on its own: what is refused does not stop the rest. */
export function raisePriority(
  syscalls: Syscalls,
  precedence: Precedence,
): readonly PrecedenceOutcome[] {
  const outcomes: PrecedenceOutcome[] = [];
  const note = (wanted: string, call: string, returned: number): void => {
    const outcome = returned < 0 ? syscallFailed(call, returned) : ok(undefined);
    outcomes.push({ wanted, outcome });
  };
  const { realtimePriority, nice, lockMemory } = precedence;
  if (realtimePriority !== undefined) {
    const policy = schedulerRoundRobin | resetOnFork;
    const returned = syscalls.schedSetScheduler(0, policy, realtimePriority);
    note(`real-time priority ${realtimePriority}`, "sched_setscheduler", returned);
  }
  if (nice !== undefined)
    note(`nice ${nice}`, "setpriority", syscalls.setPriority(priorityOfProcess, 0, nice));
  if (lockMemory === true) note("locked memory", "mlock", lockMemoryOf(syscalls));
  return outcomes;
}

/** What a running process, and its main thread, is to be given. */
export interface PrecedenceOfProcess {
  /** SCHED_RR priority, 1..99; 0: the ordinary policy. */
  readonly realtimePriority: number;
  /** -20 (first) .. 19 (last); absent: left as it is. */
  readonly nice?: number;
}

/** Changes the precedence of another process. */
export function changePriority(
  syscalls: Syscalls,
  pid: number,
  { realtimePriority, nice }: PrecedenceOfProcess,
): readonly PrecedenceOutcome[] {
  const outcomes: PrecedenceOutcome[] = [];
  const note = (wanted: string, call: string, returned: number): void => {
    const outcome = returned < 0 ? syscallFailed(call, returned) : ok(undefined);
    outcomes.push({ wanted, outcome });
  };
  const policy = (realtimePriority > 0 ? schedulerRoundRobin : schedulerOther) | resetOnFork;
  const returned = syscalls.schedSetScheduler(pid, policy, realtimePriority);
  note(`real-time priority ${realtimePriority}`, "sched_setscheduler", returned);
  if (nice !== undefined)
    note(`nice ${nice}`, "setpriority", syscalls.setPriority(priorityOfProcess, pid, nice));
  return outcomes;
}

/**
 * Locks the mappings of files (the program and its libraries, which a kernel short of memory drops
 * first), the C heap and the stack. V8 gives memory back with madvise(2), which fails on locked
 * pages, and V8 aborts then: its mappings, which are anonymous, are left out. Where there is swap,
 * the service manager keeps them in RAM (MemorySwapMax=0).
 */
function lockMemoryOf(syscalls: Syscalls): number {
  // Refused without privilege; then the limit as it is decides.
  syscalls.setRlimit(limitLockedMemory, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  let worst = 0;
  for (const { start, end } of lockableRanges(readFileSync("/proc/self/maps", "utf8"))) {
    const returned = syscalls.mlock(start, end - start);
    if (returned < 0) worst = returned;
  }
  return worst;
}

interface MemoryRange {
  readonly start: number;
  readonly end: number;
}

/** Ranges of /proc/PID/maps that are a file, the C heap or the stack. */
export function lockableRanges(maps: string): readonly MemoryRange[] {
  const ranges: MemoryRange[] = [];
  for (const line of maps.split("\n")) {
    const match = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ +(\/|\[heap\]|\[stack\])/.exec(line);
    if (match === null || match[3]?.startsWith("---") === true) continue;
    ranges.push({
      start: Number.parseInt(match[1] ?? "", 16),
      end: Number.parseInt(match[2] ?? "", 16),
    });
  }
  return ranges;
}
