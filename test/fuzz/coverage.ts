// Which parts of the code a run reaches: V8's block coverage, asked for through the inspector.

import { type Profiler, Session } from "node:inspector";

/** Coverage of the compiled code of one folder. */
export class Coverage {
  readonly #session = new Session();
  readonly #folder: string;
  /** By function: the blocks of it that have not been reached. */
  readonly #missing = new Map<string, readonly Profiler.CoverageRange[]>();
  #reached = 0;

  /** `folder` is a part of the addresses of the scripts that count. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#session.connect();
    this.#post("Profiler.enable");
    // Without counts, code that has been reported runs at full speed again.
    this.#post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  }

  /** How often something new has been reached: a function, or more of one. */
  get size(): number {
    return this.#reached;
  }

  /** How much has been reached since the last time that had not been reached before. */
  takeNew(): number {
    const before = this.#reached;
    for (const { url, functions } of this.#take()) {
      if (!url.includes(this.#folder)) continue;
      for (const { functionName, ranges } of functions) this.#see(url, functionName, ranges);
    }
    return this.#reached - before;
  }

  /** V8 tells of a function that was called, and of those of its blocks that were not reached. */
  #see(url: string, name: string, ranges: readonly Profiler.CoverageRange[]): void {
    const [whole] = ranges;
    if (whole === undefined || whole.count === 0) return;
    const key = `${url}:${name}:${whole.startOffset}`;
    const missing = ranges.filter(({ count }) => count === 0);
    const known = this.#missing.get(key);
    if (known === undefined) {
      this.#reached++;
      this.#missing.set(key, missing);
      return;
    }
    // A block that is reached in part comes back as smaller ones.
    const left = missing.filter((range) => known.some((before) => holds(before, range)));
    if (lengthOf(left) >= lengthOf(known)) return;
    this.#reached++;
    this.#missing.set(key, left);
  }

  #take(): readonly Profiler.ScriptCoverage[] {
    let result: readonly Profiler.ScriptCoverage[] = [];
    this.#session.post("Profiler.takePreciseCoverage", (error, taken) => {
      if (error !== null) throw error;
      result = taken.result;
    });
    return result;
  }

  #post(method: string, parameters: object = {}): void {
    this.#session.post(method, parameters, (error) => {
      if (error !== null) throw error;
    });
  }
}

function holds(outer: Profiler.CoverageRange, inner: Profiler.CoverageRange): boolean {
  return inner.startOffset >= outer.startOffset && inner.endOffset <= outer.endOffset;
}

function lengthOf(ranges: readonly Profiler.CoverageRange[]): number {
  return ranges.reduce((sum, { startOffset, endOffset }) => sum + endOffset - startOffset, 0);
}
