// Configuration files on disk while a new configuration is on trial. The files always hold what is confirmed, so that a
// crash, a restart or a reboot during the trial comes back with it.

import { readFileSync, renameSync, rmSync } from "node:fs";
import { replaceFile } from "../linux/replace-file.ts";

/** Text by path. */
export type FileTexts = ReadonlyMap<string, string>;

/** What a trial does to files. */
export interface TrialFiles {
  /** The text of a file; undefined when it cannot be read. */
  readonly read: (path: string) => string | undefined;
  /** Puts a text in place of a file's, whole or not at all; owner and mode stay. Gives what went wrong. */
  readonly replace: (path: string, text: string) => string | undefined;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
}

/** The files of this machine. */
export const diskFiles: TrialFiles = {
  read: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      // Whoever asks says what a missing text means.
      return undefined;
    }
  },
  replace: (path, text) => {
    const replaced = replaceFile(path, text);
    return replaced.ok ? undefined : replaced.fault;
  },
  rename: (from, to) => {
    try {
      renameSync(from, to);
    } catch {
      // The copy is for people only; without it nothing else fails.
    }
  },
  remove: (path) => rmSync(path, { force: true }),
};
