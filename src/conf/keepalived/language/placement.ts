// Where the words of a replaced line stand in the file: the words of a value take the place of the parameter.

/** A part of a replaced line. */
export interface Part {
  /** Where it begins in the replaced line. */
  readonly start: number;
  /** Where it, or the parameter that it stands for, begins in the line before. */
  readonly origin: number;
  /** How much of the line before it takes. */
  readonly width: number;
  /** True for what stands there as written. */
  readonly literal: boolean;
}

/** A place on a line of a file: from 1, in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Places of the pieces of a text that is not the file's own. */
export class Placement {
  readonly #parts: readonly Part[];
  readonly #before: (start: number, end: number) => Place;

  /** `before` gives places of the line before the replacement. */
  constructor(parts: readonly Part[], before: (start: number, end: number) => Place) {
    this.#parts = parts;
    this.#before = before;
  }

  /** The place of a piece, by its offsets. */
  of(start: number, end: number): Place {
    const first = this.#partAt(start);
    const last = this.#partAt(Math.max(start, end - 1));
    if (first === undefined || last === undefined) return this.#before(0, 1);
    const from = first.literal ? first.origin + (start - first.start) : first.origin;
    const to = last.literal ? last.origin + (end - last.start) : last.origin + last.width;
    return this.#before(from, Math.max(to, from + 1));
  }

  #partAt(offset: number): Part | undefined {
    let low = 0;
    let high = this.#parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#parts[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#parts[low];
  }
}
