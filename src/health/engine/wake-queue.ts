// The earliest of many wake-up times, so that thousands of checks need one alarm.

interface Entry<Item> {
  readonly atMs: number;
  readonly item: Item;
}

/** A binary heap. An item may be in it several times; the owner ignores wake-ups that are not due. */
export class WakeQueue<Item> {
  readonly #heap: Entry<Item>[] = [];

  /** The earliest time; undefined when the queue is empty. */
  get firstAtMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  push(atMs: number, item: Item): void {
    const heap = this.#heap;
    const entry = { atMs, item };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.atMs <= atMs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes the earliest item whose time has come. */
  takeDue(nowMs: number): Item | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first.item;
  }

  #sink(entry: Entry<Item>): void {
    const heap = this.#heap;
    let at = 0;
    while (true) {
      let child = 2 * at + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      let smaller = left;
      if (right !== undefined && right.atMs < left.atMs) {
        smaller = right;
        child++;
      }
      if (smaller.atMs >= entry.atMs) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = entry;
  }
}
