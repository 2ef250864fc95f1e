// Documents as the editor has them, over files as the disk has them.

import { fileURLToPath, pathToFileURL } from "node:url";
import { ok } from "../base/result.ts";
import type { FileReader } from "../conf/keepalived/language/file-reader.ts";
import { loadAnyConfiguration } from "../conf/load-any-configuration.ts";
import type { LoadedConfiguration } from "../conf/load-configuration.ts";

/** The path of a document; what is no file keeps its address. */
export function pathOf(uri: string): string {
  return uri.startsWith("file:") ? fileURLToPath(uri) : uri;
}

/** The address of a path. */
export function uriOf(path: string): string {
  return path.startsWith("/") ? pathToFileURL(path).href : path;
}

/** Open documents by path, and the configurations that they make. */
export class Workspace {
  readonly #files: FileReader;
  readonly #open = new Map<string, string>();
  readonly #loaded = new Map<string, LoadedConfiguration>();

  constructor(files: FileReader) {
    this.#files = files;
  }

  /** Takes a new text of a document. Whatever includes it is read again when it is asked for. */
  change(path: string, text: string): void {
    this.#open.set(path, text);
    this.#loaded.clear();
  }

  close(path: string): void {
    this.#open.delete(path);
    this.#loaded.clear();
  }

  /** Paths of open documents. */
  get open(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** The text of a file; undefined when it cannot be read. */
  text(path: string): string | undefined {
    const open = this.#open.get(path);
    if (open !== undefined) return open;
    const read = this.#files.readFile(path);
    return read.ok ? read.value : undefined;
  }

  /** The configuration that begins with a file. */
  load(path: string): LoadedConfiguration {
    const before = this.#loaded.get(path);
    if (before !== undefined) return before;
    const loaded = loadAnyConfiguration({
      ...this.#files,
      path,
      readFile: (file) => {
        const text = this.#open.get(file);
        return text === undefined ? this.#files.readFile(file) : ok(text);
      },
    });
    this.#loaded.set(path, loaded);
    return loaded;
  }

  /** Configurations of open documents that a file belongs to, its own first. */
  loadAround(path: string): readonly LoadedConfiguration[] {
    const others = this.open.filter((other) => other !== path);
    const around = others
      .map((other) => this.load(other))
      .filter(({ sources }) => sources.has(path));
    return [this.load(path), ...around];
  }
}
