// Keeps the files with process ids as they should be while the daemon runs.

import type { Model } from "../../model/model.ts";
import { checkedServers } from "../../model/server-group.ts";
import { type PidFiles, removePidFile, writePidFile } from "./pid-files.ts";

/** keepalived has a process for each part; here the checks run in the main process, BFD in the VRRP process. */
export class PidKeeper {
  readonly #files: PidFiles;
  readonly #allParts: boolean;
  /** By file: the process that it names. */
  readonly #written = new Map<string, number>();
  #vrrpPid: number | undefined;
  #model: Model | undefined;

  /** `allParts`: files also for parts that have nothing to do. */
  constructor(files: PidFiles, allParts: boolean) {
    this.#files = files;
    this.#allParts = allParts;
  }

  /** Writes the one of this process; a fault is one sentence, and then the daemon does not start. */
  begin(): string | undefined {
    const written = writePidFile(this.#files.main, process.pid);
    if (!written.ok) return written.fault;
    this.#written.set(this.#files.main, process.pid);
    return undefined;
  }

  /** The director runs with a configuration, perhaps with another one than before. */
  running({ running }: { readonly running: { readonly model: Model } }): void {
    this.#model = running.model;
    this.#settle();
  }

  /** The VRRP process is there, or has gone. */
  vrrpProcess(pid: number | undefined): void {
    this.#vrrpPid = pid;
    this.#settle();
  }

  /** Removes all that this process has written. */
  end(): void {
    for (const [path, pid] of this.#written) removePidFile(path, pid);
    this.#written.clear();
  }

  #settle(): void {
    const { vrrp, checkers, bfd } = this.#files;
    const isPart = (needed: boolean): boolean => needed || this.#allParts;
    const hasBfd = (this.#model?.bfdSessions ?? []).length > 0;
    const hasServers = this.#model !== undefined && checkedServers(this.#model).length > 0;
    this.#set(vrrp, this.#vrrpPid);
    this.#set(checkers, isPart(hasServers) ? process.pid : undefined);
    this.#set(bfd, isPart(hasBfd) ? this.#vrrpPid : undefined);
  }

  #set(path: string, pid: number | undefined): void {
    const before = this.#written.get(path);
    if (before === pid) return;
    if (pid === undefined) {
      if (before !== undefined) removePidFile(path, before);
      this.#written.delete(path);
    } else if (writePidFile(path, pid).ok) {
      this.#written.set(path, pid);
    }
  }
}
