// What a process says about itself to the kernel.

import { required } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

const setParentDeathSignal = 1;
const setThreadName = 15;

/**
 * The kernel sends this process a signal when the thread that started it ends. A parent that is
 * gone already sends none: compare the parent's id afterwards.
 */
export function dieWithParent(syscalls: Syscalls, signal: number): void {
  required("PR_SET_PDEATHSIG", syscalls.prctl(setParentDeathSignal, signal));
}

/** The name that ps and top show; cut to 15 bytes by the kernel. */
export function nameProcess(syscalls: Syscalls, name: string): void {
  const bytes = new TextEncoder().encode(`${name}\0`);
  required("PR_SET_NAME", syscalls.prctl(setThreadName, bytes));
}
