// Tracked files: their numbers, for whoever follows them [track_file].

import { parseFileNumber } from "../../health/file-number.ts";
import type { TrackFile } from "../../model/tracking.ts";
import type { TrackerResult } from "../../model/vrrp-wish.ts";
import { sameValue } from "../../plan/same-value.ts";
import type { Log } from "../../world/log.ts";
import type { FileContent, FileWatcher, Watch } from "../../world/tracked-things.ts";

/** Takes the result of a file. */
export type OnFileResult = (name: string, result: TrackerResult) => void;

interface Followed {
  readonly file: TrackFile;
  readonly watch: Watch;
}

export class FileTracking {
  readonly #watcher: FileWatcher;
  readonly #onResult: OnFileResult;
  readonly #log: Log;
  readonly #followed = new Map<string, Followed>();
  /** The last number of each file. */
  readonly #numbers = new Map<string, number>();

  constructor(watcher: FileWatcher, log: Log, onResult: OnFileResult) {
    this.#watcher = watcher;
    this.#log = log;
    this.#onResult = onResult;
  }

  /**
   * Takes over a list of files. Those that are in it as before go on undisturbed. `continues`: another process has
   * followed them before, so that none is overwritten.
   */
  configure(files: readonly TrackFile[], continues = false): void {
    const wished = new Map(files.map((file) => [file.name, file]));
    for (const [name, { file, watch }] of this.#followed) {
      if (sameValue(wished.get(name), file)) continue;
      watch.close();
      this.#followed.delete(name);
      if (wished.get(name)?.path !== file.path) this.#numbers.delete(name);
    }
    for (const file of files) if (!this.#followed.has(file.name)) this.#follow(file, continues);
  }

  stop(): void {
    for (const { watch } of this.#followed.values()) watch.close();
    this.#followed.clear();
  }

  #follow(file: TrackFile, continues: boolean): void {
    // A file that is followed already has its number: only its first follower makes it.
    if (file.init !== undefined && !this.#numbers.has(file.name)) {
      const { value, overwrite } = file.init;
      const fault = this.#watcher.init(file.path, `${value}\n`, overwrite && !continues);
      if (fault !== undefined) this.#warn(`track_file ${file.name}: ${fault}`);
    }
    const watch = this.#watcher.watch(file.path, (content) => this.#take(file, content));
    this.#followed.set(file.name, { file, watch });
  }

  #take(file: TrackFile, content: FileContent): void {
    const { value, text, trouble } = this.#read(file, content);
    const before = this.#numbers.get(file.name);
    this.#numbers.set(file.name, value);
    if (trouble) this.#warn(`track_file ${file.name}: ${text}`);
    else if (before !== undefined && before !== value)
      this.#log.write({
        level: "notice",
        kind: "file-number",
        text: `track_file ${file.name}: ${text}, before that ${before}`,
      });
    const { weight, reverse } = file;
    this.#onResult(file.name, { up: value === 0, weight, reverse, value, text });
  }

  /** keepalived's reading: no file is 0, and what is no number leaves the number as it was. */
  #read(
    { name, path }: TrackFile,
    content: FileContent,
  ): { readonly value: number; readonly text: string; readonly trouble: boolean } {
    const last = this.#numbers.get(name) ?? 0;
    if (content.kind === "missing")
      return { value: 0, text: `${path} does not exist, which is 0`, trouble: false };
    if (content.kind === "unreadable")
      return { value: last, text: `${content.reason}: ${last} goes on`, trouble: true };
    const value = parseFileNumber(content.text);
    if (value !== undefined) return { value, text: `holds ${value}`, trouble: false };
    const found = content.text.trim() === "" ? "is empty" : "holds no number";
    return { value: last, text: `${path} ${found}: ${last} goes on`, trouble: true };
  }

  #warn(text: string): void {
    this.#log.write({ level: "warning", kind: "file-number", text });
  }
}
