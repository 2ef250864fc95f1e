// The processes of this host, from /proc. The folder is listed a few times a second; only processes that
// are new, that may still be about to become another program, or whose turn it is are read again, so that
// the cost does not grow with what has been running for long (docs/decisions/222).

import { readdirSync, readFileSync } from "node:fs";
import type { ProcessFact, ProcessWatcher, Watch } from "../world/tracked-things.ts";

const lookEveryMs = 250;
/** A child is its parent's copy until it executes its own program: it is read again for so many looks. */
const youngLooks = 8;
/** Old processes are read again in turns, all of them within so many looks: names can change. */
const oldTurns = 20;

/** The processes that /proc shows. `root` is another folder for tests. */
export function openProcessWatcher(root = "/proc"): ProcessWatcher {
  return { watch: (onProcesses) => new WatchedProcesses(root, onProcesses) };
}

interface Known {
  fact: ProcessFact | undefined;
  looks: number;
}

class WatchedProcesses implements Watch {
  readonly #root: string;
  readonly #onProcesses: (processes: readonly ProcessFact[]) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #known = new Map<number, Known>();
  #turn = 0;

  constructor(root: string, onProcesses: (processes: readonly ProcessFact[]) => void) {
    this.#root = root;
    this.#onProcesses = onProcesses;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
    this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const first = this.#known.size === 0;
    const pids = pidsOf(this.#root);
    if (pids === undefined) return;
    let changed = first;
    this.#turn = (this.#turn + 1) % oldTurns;
    for (const pid of this.#known.keys())
      if (!pids.has(pid)) changed = this.#known.delete(pid) || changed;
    for (const pid of pids) {
      const known = this.#known.get(pid);
      const old = known !== undefined && known.looks >= youngLooks;
      if (old && pid % oldTurns !== this.#turn) continue;
      const fact = readProcess(this.#root, pid);
      changed = !sameFact(known?.fact, fact) || changed;
      this.#known.set(pid, { fact, looks: (known?.looks ?? (first ? youngLooks : 0)) + 1 });
    }
    if (!changed) return;
    const facts: ProcessFact[] = [];
    for (const { fact } of this.#known.values()) if (fact !== undefined) facts.push(fact);
    this.#onProcesses(facts);
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

/** Undefined for what has ended: gone already, or a zombie. */
function readProcess(root: string, pid: number): ProcessFact | undefined {
  try {
    const stat = readFileSync(`${root}/${pid}/stat`, "latin1");
    // The name is in parentheses and may hold some itself.
    const end = stat.lastIndexOf(")");
    const state = stat.slice(end + 2, end + 3);
    if (state === "Z" || state === "X") return undefined;
    const name = Buffer.from(stat.slice(stat.indexOf("(") + 1, end), "latin1").toString("utf8");
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
