// Bytes of a stream into lines, with a bound on what a peer may make us hold.

/** Cuts a byte stream into lines of UTF-8. */
export class LineSplitter {
  readonly #lineBytesMax: number;
  #parts: Uint8Array[] = [];
  #length = 0;
  /** True once a line was longer than allowed; the splitter gives nothing more. */
  overlong = false;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** The lines that `chunk` completes, without their newline; empty lines are left out. */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    while (!this.overlong) {
      const at = chunk.indexOf(10, from);
      const part = chunk.subarray(from, at < 0 ? chunk.length : at);
      this.#length += part.length;
      if (this.#length > this.#lineBytesMax) {
        this.overlong = true;
        this.#parts = [];
        break;
      }
      if (part.length > 0) this.#parts.push(part);
      if (at < 0) break;
      if (this.#length > 0) lines.push(Buffer.concat(this.#parts).toString("utf8"));
      this.#parts = [];
      this.#length = 0;
      from = at + 1;
    }
    return lines;
  }
}
