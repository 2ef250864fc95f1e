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

/** Writes a file anew, with the mode and the owner that it had; a fault is one sentence. */
export function replaceFile(path: string, text: string): Result<void, string> {
  let temporary: string | undefined;
  try {
    // A link stays a link: what it points to is written.
    const target = realpathSync(path);
    const { mode, uid, gid } = statSync(target);
    temporary = join(dirname(target), `.${basename(target)}.keelson-${process.pid}`);
    const file = openSync(temporary, "wx", 0o600);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    const { uid: ownUid, gid: ownGid } = statSync(temporary);
    if (uid !== ownUid || gid !== ownGid) chownSync(temporary, uid, gid);
    chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, target);
    return ok(undefined);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    return fail(error instanceof Error ? error.message : String(error));
  }
}
