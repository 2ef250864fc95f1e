// Where `keelson check` has its text from: files, standard input, and what `--fix` has made of a file so far.

import * as fs from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { FileReader, ReadFault } from "../conf/keepalived/language/expand.ts";
import { fileReader } from "../conf/text/read-files.ts";

/** The name under which standard input is reported. */
export const stdinName = "<stdin>";

/** Reads the files of this machine; a path in `changed` has the text given there. */
export function checkFiles(changed: ReadonlyMap<string, string> = new Map()): FileReader {
  const files = fileReader(fs, process.env);
  let stdin: Result<string, ReadFault> | undefined;
  return {
    ...files,
    readFile: (path) => {
      const text = changed.get(path);
      if (text !== undefined) return ok(text);
      if (path !== stdinName) return files.readFile(path);
      stdin ??= readStandardInput();
      return stdin;
    },
  };
}

function readStandardInput(): Result<string, ReadFault> {
  try {
    return ok(fs.readFileSync(0, "utf8"));
  } catch (error) {
    return fail({ kind: "file-unreadable", text: error instanceof Error ? error.message : "EIO" });
  }
}
