// Which services of the kernel's table are this director's. Others may keep services in the same table; a restart must
// know its own from theirs. Each line of the file adds one (`+NAME`) or takes it away (`-NAME`).

import { appendFileSync, readFileSync } from "node:fs";
import { replaceFile } from "../replace-file.ts";

/** Lines beyond those that are needed, before the file is written anew. */
const staleLinesMax = 1000;

/** Names of services; `virtualServerIdentity`. */
export class OwnServices {
  readonly #path: string;
  readonly #names = new Set<string>();
  #lines = 0;

  /** Reads what an earlier director has left in `path`; the file need not exist. */
  constructor(path: string) {
    this.#path = path;
    const text = readText(path);
    const lines = text.split("\n");
    // A process that ended while it wrote has left half a line: it counts as none.
    const half = lines.pop();
    if (half !== "") appendFileSync(path, "\n");
    for (const line of lines) {
      this.#lines++;
      if (line.startsWith("+")) this.#names.add(line.slice(1));
      if (line.startsWith("-")) this.#names.delete(line.slice(1));
    }
  }

  get size(): number {
    return this.#names.size;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Before it is added to the kernel's table, so that nothing there is ever without its owner. */
  add(name: string): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.#write(`+${name}\n`);
  }

  /** After it was removed from the kernel's table. */
  remove(name: string): void {
    if (this.#names.delete(name)) this.#write(`-${name}\n`);
  }

  /** Forgets all but these: what the kernel's table does not have. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of [...this.#names]) if (!names.has(name)) this.remove(name);
  }

  #write(line: string): void {
    this.#lines++;
    if (this.#lines <= 2 * this.#names.size + staleLinesMax) {
      appendFileSync(this.#path, line, { mode: 0o600 });
      return;
    }
    const text = [...this.#names].map((name) => `+${name}\n`).join("");
    if (replaceFile(this.#path, text).ok) this.#lines = this.#names.size;
    else appendFileSync(this.#path, line, { mode: 0o600 });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
