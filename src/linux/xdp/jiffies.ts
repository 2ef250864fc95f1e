// The data plane's clock is jiffies, because reading it costs nothing. How many make a second is not
// told to anybody, but follows from their count and the time since boot.

import { type BpfCalls, bpfNumbers } from "../ffi/bpf.ts";
import type { Syscalls } from "../ffi/syscalls.ts";

/** What CONFIG_HZ can be on x86 and arm64. */
const rates = [100, 250, 300, 1000];

/** The kernel starts the count 300 s before its low 32 bits wrap, to find those who forget the wrap. */
const startsBeforeWrapS = 300;

/** call bpf_jiffies64; exit: the low 32 bits are what the program returns. */
const readJiffies = new Uint8Array([0x85, 0, 0, 0, 118, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]);

/**
 * The one rate that explains `jiffies` (32 bits) at `nowMs` since boot. Undefined when several do:
 * about 300 s after boot, and by chance once in a long while.
 */
export function jiffiesPerSecond(jiffies: number, nowMs: number): number | undefined {
  const sinceWrapS = nowMs / 1000 - startsBeforeWrapS;
  // An early boot counts some ticks late, and clocks are steered a little.
  const toleranceS = 2 + Math.abs(sinceWrapS) / 1000;
  const fitting = rates.filter((rate) => {
    const apart = Math.abs(jiffies - sinceWrapS * rate) % 2 ** 32;
    return Math.min(apart, 2 ** 32 - apart) < toleranceS * rate;
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

function nearestRate(perSecond: number): number {
  const distance = (rate: number): number => Math.abs(rate - perSecond);
  return rates.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best));
}

/** Asks the kernel; the negative errno when it cannot run the program. */
export function measureJiffiesPerSecond(bpf: BpfCalls, syscalls: Syscalls): number {
  const program = bpf.bpfProgramLoad(bpfNumbers.programTypeSocketFilter, readJiffies);
  if (program < 0) return program;
  const read = (): { readonly jiffies: number; readonly nowMs: number } => {
    const numbers = new Float64Array([1, 0, 0, 0]);
    const returned = bpf.bpfRun(program, new Uint8Array(64), null, null, null, numbers);
    return { jiffies: returned < 0 ? returned : (numbers[0] ?? 0), nowMs: syscalls.monotonicMs() };
  };
  const first = read();
  let rate = first.jiffies < 0 ? first.jiffies : jiffiesPerSecond(first.jiffies, first.nowMs);
  if (rate === undefined) {
    // 200 ms are 50 ticks or 60: enough to tell 250 from 300.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    const second = read();
    const ticks = (second.jiffies - first.jiffies + 2 ** 32) % 2 ** 32;
    rate = nearestRate((ticks * 1000) / (second.nowMs - first.nowMs));
  }
  syscalls.close(program);
  return rate;
}
