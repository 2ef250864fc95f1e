// `keelson fmt`: one style for configuration files. Meaning and comments stay.
// Exit status: 0 done, 1 not formatted (--check) or not readable, 2 wrong usage.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../base/result.ts";
import { formatText } from "../conf/keepalived/language/format.ts";
import { renderLineDiff } from "../conf/text/line-diff.ts";
import { nearestWord } from "../conf/text/nearest-word.ts";
import { paintText } from "../conf/text/render-options.ts";
import { replaceFile } from "../linux/replace-file.ts";
import { type CommandIo, processIo, wantsColor } from "./command-io.ts";
import { exitStatus } from "./command-line.ts";
import { paintDiff } from "./paint-diff.ts";

/** The page of `keelson fmt --help`. */
export const fmtUsage = `usage: keelson fmt [--write | --check] [--diff] [--indent N|tab] FILE...

Prints a keepalived.conf in one style: four blanks a level, one blank between words, at most one
empty line, braces behind their keyword. Comments stay where they are. Only blanks and line ends
change, and never what a line means. FILE may be - for standard input.

  -w, --write        write the files instead of printing them
      --check        print the names of files that are not in the style, and end with 1
      --diff         print what would change
      --indent N     blanks a level, or "tab" [4]

Exit status: 0 done; 1 not in the style (--check) or not readable; 2 wrong usage.
`;

interface FmtRequest {
  readonly files: readonly string[];
  readonly write: boolean;
  readonly check: boolean;
  readonly diff: boolean;
  readonly help: boolean;
  readonly indent: string;
}

const options = {
  write: { type: "boolean", short: "w" },
  check: { type: "boolean" },
  diff: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  indent: { type: "string" },
} as const;

/** Runs `keelson fmt` with the arguments behind the word `fmt`; gives the exit status. */
export async function runFmt(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  const parsed = parseArguments(args);
  if (!parsed.ok) {
    io.stderr(`keelson fmt: ${parsed.fault}\n${fmtUsage.split("\n\n")[0]}\n`);
    return exitStatus.usage;
  }
  const request = parsed.value;
  if (request.help) {
    io.stdout(fmtUsage);
    return exitStatus.ok;
  }
  const results = request.files.map((file) => formatFile(file, request, io));
  return results.every((good) => good) ? exitStatus.ok : exitStatus.failed;
}

/** Formats one file; false when the command has to end with 1. */
function formatFile(file: string, request: FmtRequest, io: CommandIo): boolean {
  const read = readText(file);
  if (!read.ok) {
    io.stderr(`keelson fmt: ${file}: ${read.fault}\n`);
    return false;
  }
  const before = read.value;
  const after = formatText(before, { indent: request.indent });
  if (request.check && after !== before) io.stdout(`${file}\n`);
  if (request.diff && after !== before) {
    const paint = paintText(wantsColor("auto", io));
    io.stdout(paintDiff(renderLineDiff(file, before, after), paint));
  }
  if (request.write && after !== before) {
    const written = replaceFile(file, after);
    if (!written.ok) io.stderr(`keelson fmt: cannot write ${file}: ${written.fault}\n`);
    return written.ok;
  }
  if (!request.write && !request.check && !request.diff) io.stdout(after);
  return !request.check || after === before;
}

/** The text of a file; refused when it would not come back byte by byte. */
function readText(file: string): Result<string, string> {
  try {
    const bytes = readFileSync(file === "-" ? 0 : file);
    const text = bytes.toString("utf8");
    if (text.includes("\0") || !Buffer.from(text, "utf8").equals(bytes))
      return fail("is not UTF-8 text, and stays as it is");
    return ok(text);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function parseArguments(args: readonly string[]): Result<FmtRequest, string> {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(options, token.name)) return fail(unknownOption(token.rawName));
    if (token.name !== "indent" && token.value !== undefined)
      return fail(`${token.rawName} takes no value`);
  }
  const indent = indentOf(values.indent ?? "4");
  if (indent === undefined) return fail("--indent is a number from 1 to 16, or `tab`");
  const given = (name: "write" | "check" | "diff" | "help"): boolean => values[name] === true;
  const request = {
    files: positionals,
    write: given("write"),
    check: given("check"),
    diff: given("diff"),
    help: given("help"),
    indent,
  };
  if (request.help) return ok(request);
  if (positionals.length === 0) return fail("which file?");
  if (request.write && request.check) return fail("--write and --check exclude each other");
  if (request.write && positionals.includes("-"))
    return fail("--write cannot write standard input");
  return ok(request);
}

function indentOf(word: string | boolean): string | undefined {
  if (word === "tab") return "\t";
  const count = Number(word);
  return Number.isInteger(count) && count >= 1 && count <= 16 ? " ".repeat(count) : undefined;
}

function unknownOption(name: string): string {
  const near = nearestWord(
    name,
    Object.keys(options).map((long) => `--${long}`),
  );
  return `there is no option \`${name}\`${near === undefined ? "" : `; did you mean ${near}?`}`;
}
