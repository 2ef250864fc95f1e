// Replacing a file in one step, so that nobody ever reads half of it.

import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../base/result.ts";

/** Writes a file anew, with the mode and the owner that it had [0600 when there is none]; a fault is one sentence. */
export function replaceFile(path: string, text: string): Result<void, string> {
  let temporary: string | undefined;
  try {
    // A link stays a link: what it points to is written.
    const before = statSync(path, { throwIfNoEntry: false });
    const target = before === undefined ? path : realpathSync(path);
    temporary = join(dirname(target), `.${basename(target)}.keelson-${process.pid}`);
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (before !== undefined) {
      const own = statSync(temporary);
      if (before.uid !== own.uid || before.gid !== own.gid)
        chownSync(temporary, before.uid, before.gid);
      chmodSync(temporary, before.mode & 0o7777);
    }
    renameSync(temporary, target);
    return ok(undefined);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    return fail(error instanceof Error ? error.message : String(error));
  }
}
