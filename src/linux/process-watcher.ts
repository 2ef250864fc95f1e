// The processes of this host, from /proc. /proc/loadavg tells cheaply whether any process or thread has come
// or gone; only then the folder is listed. Read again are processes that are new and may still be about to
// become another program, those that are followed, and of the others a few at a time, so that the cost does
// not grow with what has been running for long (docs/decisions/222).

import { readdirSync, readFileSync } from "node:fs";
import type { ProcessFact, ProcessWatcher, Watch } from "../world/tracked-things.ts";

const lookEveryMs = 250;
/** A child is its parent's copy until it executes its own program: it is read again for so many looks. */
const youngLooks = 8;
/** Old processes are read again in turns, all of them within so many looks: names can change. */
const oldTurns = 80;

/** The processes that /proc shows. `root` is another folder for tests. */
export function openProcessWatcher(root = "/proc"): ProcessWatcher {
  return {
    watch: (onProcesses, isFollowed) => new WatchedProcesses(root, onProcesses, isFollowed),
  };
}

interface Known {
  fact: ProcessFact | undefined;
  looks: number;
}

class WatchedProcesses implements Watch {
  readonly #root: string;
  readonly #onProcesses: (processes: readonly ProcessFact[]) => void;
  readonly #isFollowed: (process: ProcessFact) => boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #known = new Map<number, Known>();
  #population: string | undefined;
  #turn = 0;

  constructor(
    root: string,
    onProcesses: (processes: readonly ProcessFact[]) => void,
    isFollowed: (process: ProcessFact) => boolean,
  ) {
    this.#root = root;
    this.#onProcesses = onProcesses;
    this.#isFollowed = isFollowed;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
    this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const first = this.#known.size === 0;
    this.#turn = (this.#turn + 1) % oldTurns;
    let changed = this.#list(first) || first;
    for (const [pid, known] of this.#known) {
      const { fact } = known;
      const isYoung = known.looks < youngLooks;
      const isDue = pid % oldTurns === this.#turn;
      if (!isYoung && !isDue && (fact === undefined || !this.#isFollowed(fact))) continue;
      known.fact = readProcess(this.#root, pid, isYoung ? undefined : fact);
      known.looks++;
      changed = !sameFact(fact, known.fact) || changed;
    }
    if (!changed) return;
    const facts: ProcessFact[] = [];
    for (const { fact } of this.#known.values()) if (fact !== undefined) facts.push(fact);
    this.#onProcesses(facts);
  }

  /** Notes who has come and gone; true when a process is gone. */
  #list(first: boolean): boolean {
    const population = populationOf(this.#root);
    if (population !== undefined && population === this.#population) return false;
    const pids = pidsOf(this.#root);
    if (pids === undefined) return false;
    this.#population = population;
    let gone = false;
    for (const pid of this.#known.keys())
      if (!pids.has(pid)) gone = this.#known.delete(pid) || gone;
    for (const pid of pids) {
      if (this.#known.has(pid)) continue;
      const fact = first ? readProcess(this.#root, pid, undefined) : undefined;
      this.#known.set(pid, { fact, looks: first ? youngLooks : 0 });
    }
    return gone;
  }
}

/** How many processes and threads there are, and the number of the last: another text when any comes or goes. */
function populationOf(root: string): string | undefined {
  try {
    const [, , , counts = "", last = ""] = readFileSync(`${root}/loadavg`, "latin1").split(" ");
    return `${counts.split("/")[1]} ${last}`;
  } catch {
    // Without it the folder is listed each time.
    return undefined;
  }
}

function pidsOf(root: string): ReadonlySet<number> | undefined {
  try {
    const pids = new Set<number>();
    for (const name of readdirSync(root)) if (/^\d+$/.test(name)) pids.add(Number(name));
    return pids;
  } catch {
    // Out of descriptors for a moment: what is known stays known.
    return undefined;
  }
}

/**
 * Undefined for what has ended: gone already, or a zombie. The command line of a process whose name is as
 * `before` is taken to be as before.
 */
function readProcess(
  root: string,
  pid: number,
  before: ProcessFact | undefined,
): ProcessFact | undefined {
  try {
    const stat = readFileSync(`${root}/${pid}/stat`, "utf8");
    // The name is in parentheses and may hold some itself.
    const end = stat.lastIndexOf(")");
    const state = stat.slice(end + 2, end + 3);
    if (state === "Z" || state === "X") return undefined;
    const name = stat.slice(stat.indexOf("(") + 1, end);
    if (before?.name === name) return before;
    const line = readFileSync(`${root}/${pid}/cmdline`, "utf8");
    return { pid, name, argv: line === "" ? [] : line.replace(/\0$/, "").split("\0") };
  } catch {
    // It ended between two looks.
    return undefined;
  }
}

function sameFact(a: ProcessFact | undefined, b: ProcessFact | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.name === b.name && a.argv.join("\0") === b.argv.join("\0");
}
