// Processes that an earlier process of ours has started.

import { readFileSync } from "node:fs";

/** Between SIGTERM and SIGKILL, as keepalived has it. */
const termGraceMs = 2000;

/** When a process began, in clock ticks since the boot (proc(5)); undefined: there is none, or it has ended. */
export function processStartTicks(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in parentheses may hold anything, so that counting begins behind it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    return state === "Z" || state === "X" ? undefined : Number(fields[19]);
  } catch {
    // No such process.
    return undefined;
  }
}

/** SIGTERM to a process group, and SIGKILL after a while to what is left of it. */
export function endProcessGroup(pid: number): void {
  signal(pid, "SIGTERM");
  const ticks = processStartTicks(pid);
  setTimeout(() => {
    if (processStartTicks(pid) === ticks) signal(pid, "SIGKILL");
  }, termGraceMs).unref();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // ESRCH: the whole group has ended, which is what the signal is for.
  }
}
