// Processes as /proc shows them: who descends from whom, and how to end a whole family at once.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly session: number;
}

function readEntry(pid: string): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command name may hold blanks and parentheses; the fields follow the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid: Number(pid), parentPid: Number(fields[1]), session: Number(fields[3]) };
  } catch {
    // The process ended between the listing and the reading.
    return undefined;
  }
}

/** Process ids of `rootPid` and of all that descend from it or share its session. */
export function familyOf(rootPid: number): number[] {
  const entries = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(readEntry)
    .filter((entry) => entry !== undefined);
  const session = entries.find((entry) => entry.pid === rootPid)?.session;
  const family = new Set([rootPid]);
  let grown = true;
  while (grown) {
    grown = false;
    for (const entry of entries) {
      const belongs =
        family.has(entry.parentPid) || (session === rootPid && entry.session === session);
      if (!belongs || family.has(entry.pid)) continue;
      family.add(entry.pid);
      grown = true;
    }
  }
  return [...family];
}

/** Sends a signal; false when no such process is left. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // ESRCH: it has ended, which is what a signal to a process in a story mostly wants.
    return false;
  }
}

/** The first child of a process, or undefined when it has none yet. */
export function childOf(pid: number): number | undefined {
  try {
    const first = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").split(" ")[0];
    return first === undefined || first === "" ? undefined : Number(first);
  } catch {
    // It has ended already.
    return undefined;
  }
}

/** Whether a process exists and is not merely waiting to be reaped. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.charAt(stat.lastIndexOf(")") + 2) !== "Z";
  } catch {
    // No entry: no process.
    return false;
  }
}

function isInNamespace(pid: string, namespace: string, command: string): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/comm`, "utf8").trim() === command &&
      readlinkSync(`/proc/${pid}/ns/pid`) === namespace
    );
  } catch {
    // The process ended in the meantime.
    return false;
  }
}

/** Processes named `command` in the process namespace that `pid` is in. */
export function processesInNamespaceOf(pid: number, command: string): number[] {
  const namespace = readlinkSync(`/proc/${pid}/ns/pid`);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isInNamespace(name, namespace, command))
    .map(Number);
}
