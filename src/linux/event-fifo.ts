// One FIFO to which lines are written: made when it does not exist, never waited for. It is opened for
// reading as well, so that it can be opened before its reader is there and keeps what a reader that
// starts anew has not read.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import { findAccount } from "./accounts.ts";

/** Where it is and whose it is. */
export interface FifoPlace {
  readonly path: string;
  readonly user?: string;
  readonly group?: string;
}

/** What came of a line. */
export type FifoWrite = "written" | "full";

/** Readable for its owner alone, as keepalived makes it. */
const mode = 0o600;

export class EventFifoFile {
  readonly #descriptor: number;
  readonly #path: string;
  /** True when it was made here and is to be removed. */
  readonly made: boolean;

  private constructor(descriptor: number, path: string, made: boolean) {
    this.#descriptor = descriptor;
    this.#path = path;
    this.made = made;
  }

  /** Opens it, and makes it where it does not exist; `mine`: an earlier process of ours made it. */
  static open(place: FifoPlace, mine: boolean): Result<EventFifoFile, string> {
    const { path } = place;
    const owner = ownerOf(place);
    if (!owner.ok) return owner;
    const exists = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (!exists) {
      const made = makeFifo(path, owner.value);
      if (made !== undefined) return fail(made);
    }
    const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    try {
      const descriptor = openSync(path, flags);
      const stats = fstatSync(descriptor);
      // A file that somebody else has put there gets nothing.
      const trusted = [process.getuid?.() ?? 0, owner.value.uid].includes(stats.uid);
      if (!stats.isFIFO() || !trusted) {
        closeSync(descriptor);
        const what = stats.isFIFO() ? "belongs to somebody else" : "is no FIFO";
        return fail(`${path} ${what} and is not used`);
      }
      return ok(new EventFifoFile(descriptor, path, !exists || mine));
    } catch (error) {
      return fail(`cannot open ${path}: ${describe(error)}`);
    }
  }

  /** Writes one line whole or not at all (pipe(7): up to 4096 bytes). A fault is a sentence. */
  write(line: string): Result<FifoWrite, string> {
    try {
      writeSync(this.#descriptor, line);
      return ok("written");
    } catch (error) {
      if (describe(error) === "EAGAIN") return ok("full");
      return fail(`cannot write to ${this.#path}: ${describe(error)}`);
    }
  }

  /** Removes what was made here, then closes: a reader that opens it again finds nothing. */
  remove(): void {
    if (this.made) rmSync(this.#path, { force: true });
    this.close();
  }

  /** Lets go of it; it stays for the next process. */
  close(): void {
    closeSync(this.#descriptor);
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

function ownerOf({ user, group }: FifoPlace): Result<Owner, string> {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  return user === undefined ? ok(own) : findAccount(user, group);
}

function makeFifo(path: string, { uid, gid }: Owner): string | undefined {
  // Node has no call for it; coreutils has a program.
  const made = spawnSync("/usr/bin/mkfifo", ["-m", "600", "--", path], { encoding: "utf8" });
  if (made.status !== 0) return `cannot make ${path}: ${made.error?.message ?? made.stderr.trim()}`;
  try {
    chmodSync(path, mode);
    chownSync(path, uid, gid);
    return undefined;
  } catch (error) {
    rmSync(path, { force: true });
    return `cannot give ${path} to its owner: ${describe(error)}`;
  }
}

function describe(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
