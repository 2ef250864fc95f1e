// What is still to be done about events, on disk [in the run directory, which is memory]: a main process
// that is killed is followed by one that goes on where it ended. Lines are appended; a file that has
// grown is written anew. A line that is cut off at the end belonged to an event that its sender still has.

import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { replaceFile } from "../linux/replace-file.ts";
import type { Job } from "../notify/job.ts";
import { nothingTold, type Told } from "../notify/told.ts";
import type { FifoMarks } from "./notification-fifos.ts";
import type { NewsMark } from "./vrrp-link.ts";

/** A job that is not finished. */
export interface JournalEntry {
  readonly id: number;
  readonly job: Job;
  /** Wall clock of its submission. */
  readonly atMs: number;
  /** The program runs, or ran when the process before this one ended. */
  readonly running?: RunningMark;
}

/** A process that can be told from another with the same number. */
export interface RunningMark {
  readonly pid: number;
  /** In clock ticks since the boot of the machine (proc(5), field 22). */
  readonly startTicks: number;
}

/** What a journal holds. */
export interface JournalState {
  readonly told: Told;
  /** Effective priorities by instance, as they were told last. */
  readonly priorities: Readonly<Record<string, number>>;
  readonly heard?: NewsMark;
  readonly entries: readonly JournalEntry[];
  readonly fifos: FifoMarks;
  /** The process that wrote it was stopped: what is left is not the middle of its work. */
  readonly stopped?: true;
}

type JournalLine =
  | { readonly kind: "state"; readonly state: JournalState }
  | {
      readonly kind: "event";
      readonly told?: Told;
      readonly priorities?: Readonly<Record<string, number>>;
      readonly heard?: NewsMark;
      readonly entries: readonly JournalEntry[];
    }
  | { readonly kind: "running"; readonly id: number; readonly running: RunningMark }
  | { readonly kind: "ended"; readonly id: number };

/** The state of a journal in which nothing has been written. */
export const emptyJournal: JournalState = {
  told: nothingTold,
  priorities: {},
  entries: [],
  fifos: { made: [], readers: [] },
};

/** Lines beyond what is needed, before the file is written anew. */
const spareLinesMax = 4096;

export class NotificationJournal {
  readonly #path: string;
  readonly #onFault: (text: string) => void;
  #state: JournalState = emptyJournal;
  #entries = new Map<number, JournalEntry>();
  #lines = 0;
  /** True when an earlier process was not stopped: this one goes on in its place. */
  isInherited = false;

  private constructor(path: string, onFault: (text: string) => void) {
    this.#path = path;
    this.#onFault = onFault;
  }

  /** Reads what an earlier process left. `onFault` takes a sentence when nothing can be written. */
  static open(path: string, onFault: (text: string) => void): NotificationJournal {
    const journal = new NotificationJournal(path, onFault);
    const lines = readLines(path);
    for (const line of lines) journal.#read(line);
    const { stopped, ...state } = journal.#state;
    journal.#state = state;
    journal.isInherited = lines.length > 0 && stopped !== true;
    journal.#rewrite();
    return journal;
  }

  /** Everything that is known; `entries` are those that are not finished, in order. */
  get state(): JournalState {
    return { ...this.#state, entries: [...this.#entries.values()] };
  }

  /** Notes an event with the jobs that come of it; they survive this process when the call returns. */
  event(change: {
    readonly told: Told;
    /** The only subject of which something else has been told; absent: perhaps several. */
    readonly subject?: string;
    readonly priorities?: Readonly<Record<string, number>>;
    readonly heard?: NewsMark;
    readonly entries: readonly JournalEntry[];
  }): void {
    const { told, subject, priorities, heard, entries } = change;
    const before = this.#state;
    const line: JournalLine = {
      kind: "event",
      ...(told === before.told ? {} : { told: changedTold(before.told, told, subject) }),
      ...(priorities === undefined ? {} : { priorities }),
      ...(heard === undefined ? {} : { heard }),
      entries,
    };
    this.#state = {
      ...before,
      told,
      priorities:
        priorities === undefined ? before.priorities : { ...before.priorities, ...priorities },
      ...(heard === undefined ? {} : { heard }),
    };
    for (const entry of entries) this.#entries.set(entry.id, entry);
    this.#append(line);
  }

  running(id: number, running: RunningMark): void {
    this.#append({ kind: "running", id, running });
    const entry = this.#entries.get(id);
    if (entry !== undefined) this.#entries.set(id, { ...entry, running });
  }

  ended(id: number): void {
    this.#entries.delete(id);
    this.#append({ kind: "ended", id });
  }

  setFifos(fifos: FifoMarks): void {
    this.#state = { ...this.#state, fifos };
    this.#rewrite();
  }

  /** After a stop: only what a later process can still do is kept, and nothing has been told. */
  settle(kept: (entry: JournalEntry) => boolean): void {
    const entries = [...this.#entries.values()].filter(kept);
    this.#state = { ...emptyJournal, stopped: true };
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]));
    if (entries.length > 0) this.#rewrite();
    else rmSync(this.#path, { force: true });
  }

  #read(text: string): void {
    let line: JournalLine;
    try {
      line = JSON.parse(text) as JournalLine;
    } catch {
      // Cut off: its sender has not been told that it was taken.
      return;
    }
    switch (line.kind) {
      case "state":
        this.#state = line.state;
        this.#entries = new Map(line.state.entries.map((entry) => [entry.id, entry]));
        return;
      case "event": {
        const { told, priorities, heard } = line;
        const before = this.#state;
        this.#state = {
          ...before,
          told: mergedTold(before.told, told),
          priorities: { ...before.priorities, ...priorities },
          ...(heard === undefined ? {} : { heard }),
        };
        for (const entry of line.entries) this.#entries.set(entry.id, entry);
        return;
      }
      case "running": {
        const entry = this.#entries.get(line.id);
        if (entry !== undefined) this.#entries.set(line.id, { ...entry, running: line.running });
        return;
      }
      case "ended":
        this.#entries.delete(line.id);
        return;
    }
  }

  #append(line: JournalLine): void {
    this.#lines++;
    if (this.#lines > this.#entries.size + spareLinesMax) {
      this.#rewrite();
      return;
    }
    try {
      appendFileSync(this.#path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch (error) {
      this.#onFault(`cannot write ${this.#path}: ${describe(error)}`);
    }
  }

  #rewrite(): void {
    this.#lines = this.#entries.size;
    const line: JournalLine = { kind: "state", state: this.state };
    const written = replaceFile(this.#path, `${JSON.stringify(line)}\n`);
    if (!written.ok) this.#onFault(`cannot write ${this.#path}: ${written.fault}`);
  }
}

/** What differs; a subject that has gone stands with an empty text. */
function changedTold(before: Told, after: Told, subject: string | undefined): Told {
  return {
    states: changedRecord(before.states, after.states, subject),
    mailed: changedRecord(before.mailed, after.mailed, subject),
  };
}

function changedRecord<Value extends string>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  subject: string | undefined,
): Readonly<Record<string, Value>> {
  const keys = subject === undefined ? Object.keys({ ...before, ...after }) : [subject];
  const changed: Record<string, Value> = {};
  for (const key of keys)
    if (before[key] !== after[key]) changed[key] = after[key] ?? ("" as Value);
  return changed;
}

function mergedTold(before: Told, change: Told | undefined): Told {
  if (change === undefined) return before;
  return {
    states: mergedRecord(before.states, change.states),
    mailed: mergedRecord(before.mailed, change.mailed),
  };
}

function mergedRecord<Value extends string>(
  before: Readonly<Record<string, Value>>,
  change: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  const entries = Object.entries({ ...before, ...change }).filter(([, value]) => value !== "");
  return Object.fromEntries(entries) as Readonly<Record<string, Value>>;
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line !== "");
  } catch {
    // There is none: nothing was left over.
    return [];
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
