// Writing a dump into a directory that everybody can write to.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fail, ok, type Result } from "../../base/result.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const ownerOnly = 0o600;

/**
 * Puts a file there in one step, readable for its owner only. Nothing that is there already is followed, opened or written
 * to: a link or somebody else's file is replaced, and who holds it open reads nothing new. A fault is one sentence.
 */
export function writeDumpFile(
  path: string,
  text: string,
  mode: number = ownerOnly,
): Result<void, string> {
  // Exporters remove what begins with the name of the file.
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString("hex")}`);
  let made = false;
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
      return fail(`cannot write ${path}: it is a directory`);
    const fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, ownerOnly);
    made = true;
    try {
      writeFileSync(fd, text);
      // Whatever the umask says.
      fchmodSync(fd, mode);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
    return ok(undefined);
  } catch (error) {
    if (made) rmSync(temporary, { force: true });
    return fail(`cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
