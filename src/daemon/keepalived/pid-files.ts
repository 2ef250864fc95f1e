// The files with process ids that keepalived keeps, by which units, exporters and scripts find it.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Result } from "../../base/result.ts";
import type { NamedPidFiles } from "./daemon-options.ts";
import { writeDumpFile } from "./dump-file.ts";

/** Where they stand. */
export interface PidFiles {
  readonly main: string;
  readonly vrrp: string;
  readonly checkers: string;
  readonly bfd: string;
}

/** What moves them. */
export interface PidFilePlace {
  readonly instanceName?: string;
  readonly namespace?: string;
  /** [use_pid_dir] */
  readonly ownDirectory?: boolean;
}

const runDirectory = "/run";
const readableForAll = 0o644;

/** Those that were named, and the others where keepalived puts them, as they are seen outside of its namespace. */
export function pidFilesFor(named: NamedPidFiles, place: PidFilePlace): PidFiles {
  const { instanceName, namespace, ownDirectory = false } = place;
  const moved = ownDirectory || instanceName !== undefined || namespace !== undefined;
  const own = `${runDirectory}/keepalived`;
  const inNamespace = namespace === undefined ? own : `${own}/${namespace}`;
  const directory = moved ? inNamespace : runDirectory;
  const suffix = instanceName === undefined ? "" : `_${instanceName}`;
  const path = (name: string): string => `${directory}/${name}${suffix}.pid`;
  return {
    main: named.main ?? path("keepalived"),
    vrrp: named.vrrp ?? path("vrrp"),
    checkers: named.checkers ?? path("checkers"),
    bfd: named.bfd ?? path("bfd"),
  };
}

/** The process of a file, when it lives and is one of ours or the real keepalived's. `title`: what ours may be called. */
export function runningProcess(path: string, title?: string): number | undefined {
  const pid = readPid(path);
  // In a container the process of the file may have had this process's number.
  if (pid === undefined || pid === process.pid) return undefined;
  try {
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    // The kernel keeps 15 bytes of a name.
    const isOurs = /^(keepalived|keelson)/.test(name) || name === title?.slice(0, 15);
    return isOurs ? pid : undefined;
  } catch {
    return undefined;
  }
}

function readPid(path: string): number | undefined {
  try {
    const text = readFileSync(path, "utf8").slice(0, 20).trim();
    return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes one, in one step; what stands there is replaced and never followed. A fault is one sentence. */
export function writePidFile(path: string, pid: number): Result<void, string> {
  const directory = dirname(path);
  if (directory.startsWith(`${runDirectory}/keepalived`))
    try {
      mkdirSync(directory, { recursive: true, mode: 0o755 });
    } catch {
      // The write says why.
    }
  return writeDumpFile(path, `${pid}\n`, readableForAll);
}

/** Removes one that names a process; another's stays. */
export function removePidFile(path: string, pid: number): void {
  if (readPid(path) === pid) rmSync(path, { force: true });
}
