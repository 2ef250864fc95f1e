// A program that runs to its end, with its time and its largest memory.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a run took. */
export interface WatchedRun {
  readonly wallMs: number;
  /** User and system time of all threads; in steps of 10 ms. */
  readonly cpuMs: number;
  /** The largest resident memory, megabytes. */
  readonly peakMb: number;
  readonly status: number | null;
  readonly output: string;
}

const pollMs = 5;
const tickMs = 10;

/** Runs a program and looks at it while it runs. */
export async function watchRun(command: string, args: readonly string[]): Promise<WatchedRun> {
  const startedMs = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let cpuMs = 0;
  let peakMb = 0;
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    output += data.toString();
  });
  const look = (): void => {
    const seen = observe(child.pid ?? 0);
    if (seen === undefined) return;
    cpuMs = Math.max(cpuMs, seen.cpuMs);
    peakMb = Math.max(peakMb, seen.peakMb);
  };
  const timer = setInterval(look, pollMs);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code);
    });
  });
  const wallMs = performance.now() - startedMs;
  clearInterval(timer);
  return { wallMs, cpuMs, peakMb, status, output };
}

function observe(pid: number): { readonly cpuMs: number; readonly peakMb: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return { cpuMs: ticks * tickMs, peakMb: Number(peak?.[1] ?? 0) / 1000 };
  } catch {
    // It has ended.
    return undefined;
  }
}
