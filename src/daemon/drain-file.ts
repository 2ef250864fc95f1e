// Where a director keeps which real servers are being taken out.

import { readFileSync, rmSync } from "node:fs";
import { replaceFile } from "../linux/replace-file.ts";
import type { DrainFile } from "./drain-book.ts";

/** A file that need not exist. One that cannot be written is done without: the next start then sends clients again. */
export function openDrainFile(path: string): DrainFile {
  return {
    read: () => {
      try {
        return readFileSync(path, "utf8");
      } catch {
        // Nobody has been taken out here, or nobody may read of it: both mean none.
        return undefined;
      }
    },
    write: (text) => {
      replaceFile(path, text);
    },
    remove: () => {
      try {
        rmSync(path, { force: true });
      } catch {
        // Where it cannot be removed it cannot be written either: it is done without.
      }
    },
  };
}
