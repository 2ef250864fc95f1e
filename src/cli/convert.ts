// `keelson convert`: a file of one format in the words of another. What the other cannot say is said beside it.
// Exit status: 0 done, 1 the file cannot be used, 2 wrong usage.

import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../base/result.ts";
import { type ConfigurationFormat, formatOf } from "../conf/configuration-format.ts";
import { printSavedTable } from "../conf/ipvsadm/print-saved-table.ts";
import { savedServicesOf, tableLosses } from "../conf/ipvsadm/table-of-model.ts";
import { loadAnyConfiguration, translateText } from "../conf/load-any-configuration.ts";
import { renderDiagnostics } from "../conf/text/render-diagnostics.ts";
import { replaceFile } from "../linux/replace-file.ts";
import { checkFiles, stdinName } from "./check-files.ts";
import { type CommandIo, processIo, wantsColor } from "./command-io.ts";
import { exitStatus } from "./command-line.ts";

/** The page of `keelson convert --help`. */
export const convertUsage = `usage: keelson convert [--to keepalived|ipvsadm] [-o FILE] FILE

Reads a keepalived.conf, an ldirectord.cf or a table of \`ipvsadm -S\` and prints what it asks for in
another format. Comments are carried over. What the other format cannot say stands there as a
comment, and is said on the standard error. FILE may be - for standard input.

      --to FORMAT    keepalived (a keepalived.conf) or ipvsadm (for \`ipvsadm -R\`)
                     [keepalived; ipvsadm for a keepalived.conf]
  -o, --output FILE  write to FILE instead of the standard output

Exit status: 0 done; 1 the file cannot be used; 2 wrong usage.
`;

type Target = Exclude<ConfigurationFormat, "ldirectord">;

interface ConvertRequest {
  readonly file: string;
  readonly to?: Target;
  readonly output?: string;
  readonly help: boolean;
}

const options = {
  to: { type: "string" },
  output: { type: "string", short: "o" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs `keelson convert` with the arguments behind the word `convert`; gives the exit status. */
export async function runConvert(
  args: readonly string[],
  io: CommandIo = processIo(),
): Promise<number> {
  const request = parseRequest(args);
  if (!request.ok) {
    io.stderr(`keelson convert: ${request.fault}\n${convertUsage}`);
    return exitStatus.usage;
  }
  if (request.value.help) {
    io.stdout(convertUsage);
    return exitStatus.ok;
  }
  return convert(request.value, io);
}

function convert(request: ConvertRequest, io: CommandIo): number {
  const path = request.file === "-" ? stdinName : request.file;
  const reader = checkFiles();
  const read = reader.readFile(path);
  if (!read.ok) {
    io.stderr(`keelson convert: cannot read ${path}: ${read.fault.text ?? read.fault.kind}\n`);
    return exitStatus.failed;
  }
  const from = formatOf(path, read.value);
  const to = request.to ?? (from === "keepalived" ? "ipvsadm" : "keepalived");
  if (from === to) {
    io.stderr(`keelson convert: ${path} is in this format already; write --to for another one\n`);
    return exitStatus.usage;
  }
  const loaded = loadAnyConfiguration({ path, ...reader });
  const told = loaded.diagnostics.filter(({ severity }) => severity !== "advice");
  if (told.length > 0)
    io.stderr(
      renderDiagnostics(told, loaded.sources, { format: "short", color: wantsColor("auto", io) }),
    );
  if (loaded.model === undefined) return exitStatus.failed;
  if (to === "ipvsadm") {
    for (const loss of tableLosses(loaded.model)) io.stderr(`${path}: ${loss}\n`);
    return deliver(printSavedTable(savedServicesOf(loaded.model)), request.output, io);
  }
  if (from === "keepalived") return exitStatus.usage;
  return deliver(translateText(from, read.value, path).text, request.output, io);
}

function deliver(text: string, output: string | undefined, io: CommandIo): number {
  if (output === undefined) {
    io.stdout(text);
    return exitStatus.ok;
  }
  const written = existsSync(output) ? replaceFile(output, text) : create(output, text);
  if (written.ok) return exitStatus.ok;
  io.stderr(`keelson convert: cannot write ${output}: ${written.fault}\n`);
  return exitStatus.failed;
}

function create(path: string, text: string): Result<void, string> {
  try {
    writeFileSync(path, text, { mode: 0o640, flag: "wx" });
    return ok(undefined);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function parseRequest(args: readonly string[]): Result<ConvertRequest, string> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      strict: true,
      allowPositionals: true,
    });
    const [file, ...others] = positionals;
    const help = values.help === true;
    if (file === undefined) return help ? ok({ file: "", help }) : fail("which file?");
    if (others.length > 0) return fail("one file at a time");
    const { to, output } = values;
    if (to !== undefined && to !== "keepalived" && to !== "ipvsadm")
      return fail(`there is no format \`${to}\` to convert to`);
    return ok({
      file,
      help,
      ...(to === undefined ? {} : { to }),
      ...(output === undefined ? {} : { output }),
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
