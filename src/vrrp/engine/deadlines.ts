// When instances want to be woken: a binary heap, so that a turn looks at those that are due and at
// few others, however many there are. Who can wait a little is served together with its neighbours: a
// turn costs more than an advert.

/** The longest wait. */
const SLACK_MAX_MS = 10;

/** Where an item stands in the heap; kept by the heap alone. */
export interface Waiting {
  /** -1: nowhere. */
  place: number;
  wakeAtMs: number;
  /** `wakeAtMs` and what the item can wait beyond it. */
  latestMs: number;
}

export class Deadlines<Item extends Waiting> {
  #heap: Item[] = [];

  /** When the first item can wait no longer; undefined: none waits. */
  earliestMs(): number | undefined {
    return this.#heap[0]?.latestMs;
  }

  /** Sets when an item wants to be woken, and for how long it can wait; undefined: never. */
  set(item: Item, atMs: number | undefined, slackMs = 0): void {
    if (atMs === undefined) {
      this.#remove(item);
      return;
    }
    const latestMs = atMs + Math.min(slackMs, SLACK_MAX_MS);
    if (item.place >= 0 && item.wakeAtMs === atMs && item.latestMs === latestMs) return;
    item.wakeAtMs = atMs;
    item.latestMs = latestMs;
    if (item.place < 0) item.place = this.#heap.push(item) - 1;
    this.#settle(item);
  }

  /** Forgets all items but these. */
  keep(items: readonly Item[]): void {
    const kept = new Set(items);
    const dropped = this.#heap.filter((item) => !kept.has(item));
    for (const item of dropped) this.#remove(item);
  }

  /** The items that are due, the earliest first. They do not wait any more until they are set anew. */
  takeDue(nowMs: number): readonly Item[] {
    const due: Item[] = [];
    const early: Item[] = [];
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.latestMs > nowMs + SLACK_MAX_MS) break;
      this.#remove(first);
      (first.wakeAtMs > nowMs ? early : due).push(first);
    }
    for (const item of early) this.set(item, item.wakeAtMs, item.latestMs - item.wakeAtMs);
    return due;
  }

  #remove(item: Item): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    last.place = place;
    this.#heap[place] = last;
    this.#settle(last);
  }

  /** Moves an item up or down to where it belongs. */
  #settle(item: Item): void {
    const heap = this.#heap;
    let { place } = item;
    for (;;) {
      const parent = heap[(place - 1) >> 1];
      if (place === 0 || parent === undefined || parent.latestMs <= item.latestMs) break;
      heap[place] = parent;
      [parent.place, place] = [place, parent.place];
    }
    for (;;) {
      const child = earlier(heap[2 * place + 1], heap[2 * place + 2]);
      if (child === undefined || child.latestMs >= item.latestMs) break;
      heap[place] = child;
      [child.place, place] = [place, child.place];
    }
    heap[place] = item;
    item.place = place;
  }
}

function earlier<Item extends Waiting>(a: Item | undefined, b: Item | undefined): Item | undefined {
  return a === undefined || b === undefined || a.latestMs <= b.latestMs ? (a ?? b) : b;
}

/** The earliest of some times; undefined where none is set. */
export function earliest(times: readonly (number | undefined)[]): number | undefined {
  let first: number | undefined;
  for (const time of times)
    if (time !== undefined && (first === undefined || time < first)) first = time;
  return first;
}
