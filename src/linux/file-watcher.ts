// Reads small files whenever they change. The folder is watched, not the file, so that a file that is
// replaced, removed or made later is followed; a look a second finds what inotify does not tell (network
// file systems, folders that come later, targets of symbolic links).

import { type FSWatcher, readFileSync, statSync, watch, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { FileContent, FileWatcher, Watch } from "../world/tracked-things.ts";

const lookEveryMs = 1000;
/** Whoever writes empties the file first: an empty one is believed only after this time. */
const settleMs = 100;
const lengthMax = 4096;

/** The files of this machine. */
export function openFileWatcher(): FileWatcher {
  return {
    watch: (path, onContent) => new WatchedFile(path, onContent),
    init: initFile,
  };
}

function initFile(path: string, text: string, overwrite: boolean): string | undefined {
  try {
    writeFileSync(path, text, { flag: overwrite ? "w" : "wx", mode: 0o644 });
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    return code === "EEXIST" && !overwrite ? undefined : `${path} could not be written: ${code}`;
  }
}

class WatchedFile implements Watch {
  readonly #path: string;
  readonly #onContent: (content: FileContent) => void;
  readonly #timer: NodeJS.Timeout;
  #folder: FSWatcher | undefined;
  #folderId: string | undefined;
  /** What the file looked like when it was read last. */
  #seen: string | undefined;
  #told: string | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(path: string, onContent: (content: FileContent) => void) {
    this.#path = path;
    this.#onContent = onContent;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
    this.#watchFolder();
    this.#read(true);
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#settling);
    this.#folder?.close();
    this.#folder = undefined;
  }

  #look(): void {
    this.#watchFolder();
    if (idOf(this.#path) !== this.#seen) this.#read(false);
  }

  /** Watches the folder that the path names at this moment. */
  #watchFolder(): void {
    const folder = dirname(this.#path);
    const id = inodeOf(folder);
    if (id === this.#folderId) return;
    this.#folder?.close();
    this.#folder = undefined;
    this.#folderId = id;
    if (id === undefined) return;
    try {
      const name = basename(this.#path);
      this.#folder = watch(folder, { persistent: false }, (_event, changed) => {
        if (changed === null || changed === name) this.#read(false);
      });
      this.#folder.on("error", () => this.#folder?.close());
    } catch {
      // Out of inotify watches: the look a second remains.
      this.#folder = undefined;
    }
  }

  #read(first: boolean): void {
    clearTimeout(this.#settling);
    this.#seen = idOf(this.#path);
    const content = contentOf(this.#path);
    const empty = content.kind === "text" && content.text.trim() === "";
    if (!empty || first) {
      this.#tell(content);
      return;
    }
    this.#settling = setTimeout(() => this.#tell(contentOf(this.#path)), settleMs);
    this.#settling.unref();
  }

  #tell(content: FileContent): void {
    const key = JSON.stringify(content);
    if (key === this.#told) return;
    this.#told = key;
    this.#onContent(content);
  }
}

function contentOf(path: string): FileContent {
  try {
    return { kind: "text", text: readFileSync(path, "latin1").slice(0, lengthMax) };
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "missing" };
    return { kind: "unreadable", reason: `${path} cannot be read: ${code}` };
  }
}

/** What changes whenever the content does. */
function idOf(path: string): string | undefined {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    // Missing, or not to be seen, which reading will tell.
    return undefined;
  }
}

function inodeOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    // There is no such folder yet.
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
