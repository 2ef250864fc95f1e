// `keelson config show FILE`: the configuration as it counts, with every default and where each value comes from.
// Exit status: 0 shown, 1 shown although it cannot be run, 2 wrong usage or not readable.

import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../base/result.ts";
import { effectiveSettings } from "../conf/keepalived/effective.ts";
import type { FileReader } from "../conf/keepalived/language/file-reader.ts";
import { loadAnyConfiguration } from "../conf/load-any-configuration.ts";
import type { Diagnostic } from "../conf/text/diagnostic.ts";
import { renderDiagnostics } from "../conf/text/render-diagnostics.ts";
import { paintText } from "../conf/text/render-options.ts";
import { checkFiles, stdinName } from "./check-files.ts";
import { type CommandIo, processIo, wantsColor } from "./command-io.ts";
import { defaultConfigFile, exitStatus } from "./command-line.ts";
import {
  type EffectiveOptions,
  effectiveAsJson,
  placeOf,
  renderEffective,
} from "./render-effective.ts";

/** The page of `keelson config --help`. */
export const configUsage: string = `usage: keelson config show [--json] [--set | --all] [-i ID] [FILE]

Prints a configuration as it counts: includes, parameters and conditions carried out, every value
that Keelson acts on filled in, and behind each where it comes from: its line, the block that
lends it, or the default. What is printed is a keepalived.conf with the same meaning, but for
passwords, which are masked. FILE is ${defaultConfigFile} unless named, - for standard
input, an ldirectord.cf, or what ipvsadm -S has written.

      --json             for programs
      --set              only what is written
      --all              every keyword, also those that Keelson does not act on
  -i, --config-id ID     the id whose @ID lines count; several times for several

Exit status: 0 shown; 1 shown, but it cannot be run; 2 wrong usage, or not readable.
`;

interface ShowRequest {
  readonly file: string;
  readonly what: EffectiveOptions["what"];
  readonly json: boolean;
  readonly help: boolean;
  readonly configIds: readonly string[];
}

const options = {
  json: { type: "boolean" },
  set: { type: "boolean" },
  all: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  "config-id": { type: "string", short: "i", multiple: true },
} as const;

/** Runs `keelson config` with the arguments behind the word `config`; gives the exit status. */
export async function runConfig(
  args: readonly string[],
  io: CommandIo = processIo(),
  reader: FileReader = checkFiles(),
): Promise<number> {
  const parsed = parseArguments(args);
  if (!parsed.ok) {
    io.stderr(`keelson config: ${parsed.fault}\n${configUsage.split("\n\n")[0]}\n`);
    return exitStatus.usage;
  }
  const request = parsed.value;
  if (request.help) {
    io.stdout(configUsage);
    return exitStatus.ok;
  }
  return show(request, io, reader);
}

function parseArguments(args: readonly string[]): Result<ShowRequest, string> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [verb, file = defaultConfigFile, ...more] = positionals;
    const help = values.help === true;
    if (verb !== "show" && !help)
      return fail(verb === undefined ? "show what?" : `what is \`${verb}\`?`);
    if (more.length > 0) return fail(`one file too many: ${more[0]}`);
    if (values.set === true && values.all === true) return fail("either --set or --all");
    return ok({
      file: file === "-" ? stdinName : file,
      what: values.set === true ? "set" : values.all === true ? "all" : "acting",
      json: values.json === true,
      help,
      configIds: values["config-id"] ?? [],
    });
  } catch (error) {
    // An unknown option; the sentence names it.
    return fail(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

function show(request: ShowRequest, io: CommandIo, reader: FileReader): number {
  const { file, what, json, configIds } = request;
  const { model, configuration, diagnostics, sources } = loadAnyConfiguration({
    path: file,
    ...reader,
    configIds,
  });
  const color = wantsColor("auto", io);
  if (model === undefined) {
    const stopping = diagnostics.filter(({ stops }) => stops === true);
    const told = stopping.length > 0 ? stopping : diagnostics;
    io.stderr(renderDiagnostics(told, sources, { format: "short", color }));
  }
  if (configuration === undefined) return exitStatus.usage;
  const effective = effectiveSettings(configuration);
  const remarks = remarksOf(diagnostics);
  if (json)
    io.stdout(
      `${JSON.stringify({ version: 1, file, ...effectiveAsJson(effective, what) }, undefined, 2)}\n`,
    );
  else io.stdout(renderEffective(effective, { what, remarks, paint: paintText(color) }));
  return model === undefined ? exitStatus.failed : exitStatus.ok;
}

/** The rules that say of a line that something else counts than what is written. */
function remarksOf(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly string[]> {
  const remarks = new Map<string, string[]>();
  for (const { span, severity, code } of diagnostics) {
    if (severity === "advice" || code === "K01") continue;
    const place = placeOf(span);
    const known = remarks.get(place);
    if (known === undefined) remarks.set(place, [code]);
    else if (!known.includes(code)) known.push(code);
  }
  return remarks;
}
