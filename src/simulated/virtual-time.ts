// Time that passes only when everything due has been done.

interface Entry {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Something planned that can be called off. */
export interface Planned {
  cancel(): void;
}

/** A clock and its queue of events, ordered by time and then by when they were planned. */
export class VirtualTime {
  #nowMs = 0;
  #sequence = 0;
  readonly #heap: Entry[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Plans `run`; a time in the past means as soon as possible. */
  plan(atMs: number, run: () => void): Planned {
    const entry: Entry = {
      atMs: Math.max(atMs, this.#nowMs),
      sequence: this.#sequence++,
      run,
      cancelled: false,
    };
    this.#push(entry);
    return {
      cancel() {
        entry.cancelled = true;
      },
    };
  }

  /** Lets time pass until `untilMs`; `afterEach` is called after every event. */
  run(untilMs: number, afterEach?: () => void): void {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.atMs > untilMs) break;
      this.#pop();
      if (first.cancelled) continue;
      this.#nowMs = first.atMs;
      first.run();
      afterEach?.();
    }
    this.#nowMs = untilMs;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || !before(entry, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = heap[childAt];
      const right = heap[childAt + 1];
      if (child !== undefined && right !== undefined && before(right, child)) {
        childAt++;
        child = right;
      }
      if (child === undefined || !before(child, last)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs !== b.atMs ? a.atMs < b.atMs : a.sequence < b.sequence;
}
