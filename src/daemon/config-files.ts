// Reading a configuration from the file system, includes and their patterns too.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { ReadFault } from "../conf/keepalived/language/expand.ts";
import { type LoadedConfiguration, loadConfiguration } from "../conf/load-configuration.ts";
import { matchPaths } from "../conf/text/glob.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
};

/** Loads a configuration; never throws. */
export function loadConfigurationFile(path: string): LoadedConfiguration {
  return loadConfiguration({ path, readFile: readText, listFiles });
}

function readText(path: string): Result<string, ReadFault> {
  try {
    return ok(readFileSync(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "EIO";
    return fail({ kind: "file-unreadable", text: reasons[code] ?? code });
  }
}

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
