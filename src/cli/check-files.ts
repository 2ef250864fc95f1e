// Where `keelson check` has its text from: files, standard input, and what `--fix` has made of a file so far.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { FileReader, ReadFault } from "../conf/keepalived/language/expand.ts";
import { matchPaths } from "../conf/text/glob.ts";

/** The name under which standard input is reported. */
export const stdinName = "<stdin>";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
};

/** Reads the files of this machine; a path in `changed` has the text given there. */
export function checkFiles(changed: ReadonlyMap<string, string> = new Map()): FileReader {
  let stdin: Result<string, ReadFault> | undefined;
  return {
    readFile: (path) => {
      const text = changed.get(path);
      if (text !== undefined) return ok(text);
      if (path !== stdinName) return readText(path);
      stdin ??= readText(0);
      return stdin;
    },
    listFiles,
  };
}

function readText(path: string | 0): Result<string, ReadFault> {
  try {
    return ok(readFileSync(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "EIO";
    return fail({ kind: "file-unreadable", text: reasons[code] ?? code });
  }
}

/** Paths that match a pattern of glob(3) with braces, sorted; directories do not count. */
function listFiles(pattern: string): readonly string[] {
  return matchPaths(pattern, {
    names: (directory) => {
      try {
        return readdirSync(directory);
      } catch {
        // A directory that cannot be read holds nothing that could be included.
        return [];
      }
    },
    isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  });
}
