// `keelson check`: judges configuration files and says everything that is to be said about them.
// Exit status: 0 clean or warnings only, 1 errors, 2 wrong usage.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { fail, ok, type Result } from "../base/result.ts";
import type { ReadFault } from "../conf/keepalived/language/expand.ts";
import { type LoadedConfiguration, loadConfiguration } from "../conf/load-configuration.ts";
import { type Diagnostic, hasErrors } from "../conf/text/diagnostic.ts";
import { matchPaths } from "../conf/text/glob.ts";
import { type DiagnosticFormat, renderDiagnostics } from "../conf/text/render-diagnostics.ts";

/** Where a command writes. */
export interface CheckIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** True when stdout is a terminal. */
  readonly isTty: boolean;
}

const usage = "usage: keelson check [-f] FILE... [--format pretty|short|json] [-i ID]\n";
const formats: readonly DiagnosticFormat[] = ["pretty", "short", "json"];

interface CheckRequest {
  readonly files: readonly string[];
  readonly configIds: readonly string[];
  readonly format: DiagnosticFormat;
}

/** Runs `keelson check` with the arguments behind the word `check`; gives the exit status. */
export async function runCheck(
  args: readonly string[],
  io: CheckIo = processIo(),
): Promise<number> {
  const request = parseArguments(args);
  if (!request.ok) {
    io.stderr(`keelson check: ${request.fault}\n${usage}`);
    return 2;
  }
  const startedMs = performance.now();
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, string>();
  for (const file of request.value.files) {
    const loaded = loadConfigurationFile(file, request.value.configIds);
    diagnostics.push(...loaded.diagnostics);
    for (const [path, text] of loaded.sources) sources.set(path, text);
  }
  io.stdout(
    renderDiagnostics(diagnostics, sources, {
      format: request.value.format,
      color: useColor(io.isTty),
      elapsedMs: performance.now() - startedMs,
    }),
  );
  return hasErrors(diagnostics) ? 1 : 0;
}

function processIo(): CheckIo {
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    isTty: process.stdout.isTTY === true,
  };
}

/** Loads a configuration from the file system, includes and their patterns too. */
function loadConfigurationFile(
  path: string,
  configIds: readonly string[] = [],
): LoadedConfiguration {
  return loadConfiguration({ path, readFile: readText, listFiles, configIds });
}

/** True when colours are welcome: a terminal, and no NO_COLOR in the environment. */
function useColor(isTty: boolean): boolean {
  const noColor = process.env["NO_COLOR"];
  return isTty && (noColor === undefined || noColor === "");
}

function readText(path: string): Result<string, ReadFault> {
  try {
    return ok(readFileSync(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "EIO";
    return fail({ kind: "file-unreadable", text: reasons[code] ?? code });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
};

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

function parseArguments(args: readonly string[]): Result<CheckRequest, string> {
  const files: string[] = [];
  const configIds: string[] = [];
  let format: DiagnosticFormat | undefined = "pretty";
  for (let i = 0; i < args.length; i++) {
    const [name = "", inline] = splitOption(args[i] ?? "");
    const value = (): string | undefined => inline ?? args[++i];
    if (name === "-f" || name === "--use-file") files.push(value() ?? "");
    else if (name === "-i" || name === "--config-id") configIds.push(value() ?? "");
    else if (name === "--format") {
      const wanted = value();
      format = formats.find((candidate) => candidate === wanted);
      if (format === undefined) return fail(`there is no format \`${wanted ?? ""}\``);
    } else if (name.startsWith("-")) return fail(`there is no option \`${name}\``);
    else files.push(name);
  }
  if (files.length === 0 || files.includes("")) return fail("which file?");
  return ok({ files, configIds, format });
}

function splitOption(argument: string): readonly [string, string | undefined] {
  const equals = argument.startsWith("--") ? argument.indexOf("=") : -1;
  return equals < 0
    ? [argument, undefined]
    : [argument.slice(0, equals), argument.slice(equals + 1)];
}
