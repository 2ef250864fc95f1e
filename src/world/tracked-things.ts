// Files and processes of this host that somebody follows.

/** What a file holds. */
export type FileContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  /** `reason` is for people. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** Something that is watched until it is closed. */
export interface Watch {
  close(): void;
}

/** Small files that are read whenever they change. */
export interface FileWatcher {
  /**
   * Calls `onContent` within this call, and then whenever the content may have changed: written, replaced,
   * removed, made.
   */
  watch(path: string, onContent: (content: FileContent) => void): Watch;
  /** Writes a file, unless it exists and `overwrite` is false. Undefined, or why it could not. */
  init(path: string, text: string, overwrite: boolean): string | undefined;
}

/** One process, as /proc shows it. */
export interface ProcessFact {
  readonly pid: number;
  /** At most 15 bytes, which the process can change. */
  readonly name: string;
  /** The command line; empty for threads of the kernel. */
  readonly argv: readonly string[];
}

/** The processes of this host. */
export interface ProcessWatcher {
  /**
   * Calls `onProcesses` within this call with all that run, zombies excepted, and then on every change. The end of
   * one that `isFollowed` is noticed soonest.
   */
  watch(
    onProcesses: (processes: readonly ProcessFact[]) => void,
    isFollowed: (process: ProcessFact) => boolean,
  ): Watch;
}
