// Files as configurations need them, from a file system that the caller gives: this room opens none itself.

import { fail, ok, type Result } from "../../base/result.ts";
import type { FileReader, ReadFault } from "../keepalived/language/expand.ts";
import { matchPaths } from "./glob.ts";

/** What is used of `node:fs`; the functions throw errors with a `code`. */
export interface FileSystem {
  readonly statSync: (path: string) => FileTraits;
  readonly readFileSync: (path: string, encoding: "utf8") => string;
  readonly readdirSync: (path: string) => readonly string[];
}

interface FileTraits {
  readonly size: number;
  readonly isFile: () => boolean;
  readonly isDirectory: () => boolean;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
};

/** What a shell hands over already open: reading it comes to an end. */
const openedByCaller = /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;

const bytesMax = 256 * 1024 * 1024;

/** Reads files, and lists those that match a pattern. What could be waited for without end is refused. */
export function fileReader(
  files: FileSystem,
  environment: Readonly<Record<string, string | undefined>> = {},
): FileReader {
  return {
    readFile: (path) => readFile(files, path),
    listFiles: (pattern) =>
      matchPaths(pattern, {
        names: (directory) => namesIn(files, directory),
        isFile: (path) => isFile(files, path),
      }),
    environment: (name) => environment[name],
  };
}

function readFile(files: FileSystem, path: string): Result<string, ReadFault> {
  try {
    const traits = files.statSync(path);
    if (traits.isDirectory()) return unreadable("EISDIR");
    if (!traits.isFile() && !openedByCaller.test(path)) return unreadable("it is no regular file");
    if (traits.size > bytesMax) return unreadable("it has more than 256 MiB");
    return ok(files.readFileSync(path, "utf8"));
  } catch (error) {
    return unreadable(codeOf(error));
  }
}

function unreadable(reason: string): Result<string, ReadFault> {
  return fail({ kind: "file-unreadable", text: reasons[reason] ?? reason });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "EIO";
}

function namesIn(files: FileSystem, directory: string): readonly string[] {
  try {
    return files.readdirSync(directory);
  } catch {
    // A directory that cannot be read holds nothing that could be included.
    return [];
  }
}

function isFile(files: FileSystem, path: string): boolean {
  try {
    return files.statSync(path).isFile();
  } catch {
    return false;
  }
}
