// `keelson diff OLD NEW`: what a reload would do, as operations, without a director.
// Exit status: 0 nothing differs, 1 something does, 2 wrong usage or a file that cannot be run.

import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../base/result.ts";
import { idleSettings } from "../conf/keepalived/idle-settings.ts";
import type { FileReader } from "../conf/keepalived/language/expand.ts";
import { loadAnyConfiguration } from "../conf/load-any-configuration.ts";
import type { Configuration } from "../conf/rules/rule.ts";
import { printableText } from "../conf/text/display.ts";
import { renderDiagnostics } from "../conf/text/render-diagnostics.ts";
import { type PaintText, paintText } from "../conf/text/render-options.ts";
import { plural } from "../conf/text/summary.ts";
import { planReload, type ReloadPart, type ReloadStep } from "../plan/plan-reload.ts";
import { checkFiles, stdinName } from "./check-files.ts";
import { type CommandIo, processIo, wantsColor } from "./command-io.ts";
import { exitStatus } from "./command-line.ts";

/** The page of `keelson diff --help`. */
export const diffUsage = `usage: keelson diff [--json] [-i ID] OLD NEW

Says what a director that runs OLD would do when it is reloaded with NEW: its operations, in its
order. They are told as if every check succeeded and every instance were MASTER. Either file may
be - for standard input, an ldirectord.cf, or what ipvsadm -S has written.

      --json             for programs
  -i, --config-id ID     the id whose @ID lines count; several times for several

Exit status: 0 nothing would change; 1 something would; 2 wrong usage, or a file that cannot be run.
`;

interface DiffRequest {
  readonly old: string;
  readonly fresh: string;
  readonly json: boolean;
  readonly help: boolean;
  readonly configIds: readonly string[];
}

const options = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  "config-id": { type: "string", short: "i", multiple: true },
} as const;

/** What two configurations differ in. */
export interface ReloadDiff {
  readonly steps: readonly ReloadStep[];
  /** Settings that Keelson reads and does not act on yet: those that come and those that go. */
  readonly idle: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

/** Runs `keelson diff` with the arguments behind the word `diff`; gives the exit status. */
export async function runDiff(
  args: readonly string[],
  io: CommandIo = processIo(),
  reader: FileReader = checkFiles(),
): Promise<number> {
  const parsed = parseArguments(args);
  if (!parsed.ok) {
    io.stderr(`keelson diff: ${parsed.fault}\n${diffUsage.split("\n\n")[0]}\n`);
    return exitStatus.usage;
  }
  const request = parsed.value;
  if (request.help) {
    io.stdout(diffUsage);
    return exitStatus.ok;
  }
  const old = load(request.old, request, reader, io);
  const fresh = load(request.fresh, request, reader, io);
  if (old === undefined || fresh === undefined) return exitStatus.usage;
  const diff = diffConfigurations(old, fresh);
  const paint = paintText(wantsColor("auto", io));
  io.stdout(request.json ? renderJson(diff) : renderDiff(diff, paint));
  return isSame(diff) ? exitStatus.ok : exitStatus.failed;
}

function parseArguments(args: readonly string[]): Result<DiffRequest, string> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [old, fresh, ...more] = positionals;
    const help = values.help === true;
    if (!help && (old === undefined || fresh === undefined)) return fail("which two files?");
    if (more.length > 0) return fail(`one file too many: ${more[0]}`);
    return ok({
      old: old ?? "",
      fresh: fresh ?? "",
      json: values.json === true,
      help,
      configIds: values["config-id"] ?? [],
    });
  } catch (error) {
    // An unknown option; the sentence names it.
    return fail(error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error));
  }
}

/** A configuration that can be run; otherwise what stops it is printed. */
function load(
  file: string,
  { configIds }: DiffRequest,
  reader: FileReader,
  io: CommandIo,
): Configuration | undefined {
  const path = file === "-" ? stdinName : file;
  const { model, configuration, diagnostics, sources } = loadAnyConfiguration({
    path,
    ...reader,
    configIds,
  });
  if (model !== undefined && configuration !== undefined) return configuration;
  const color = wantsColor("auto", io);
  const stopping = diagnostics.filter(({ stops }) => stops === true);
  const told = stopping.length > 0 ? stopping : diagnostics;
  io.stderr(renderDiagnostics(told, sources, { format: "short", color }));
  io.stderr(`keelson diff: ${path} cannot be run\n`);
  return undefined;
}

/** Compares what two configurations ask for. */
export function diffConfigurations(old: Configuration, fresh: Configuration): ReloadDiff {
  const before = idleSettings(old.root);
  const after = idleSettings(fresh.root);
  return {
    steps: planReload(old.model, fresh.model),
    idle: { added: without(after, before), removed: without(before, after) },
  };
}

/** The texts of a list that another one has not, as often as they are missing there. */
function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of others) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.filter((text) => {
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

function isSame({ steps, idle }: ReloadDiff): boolean {
  return steps.length === 0 && idle.added.length === 0 && idle.removed.length === 0;
}

const titles: Readonly<Record<ReloadPart, string>> = {
  engine: "data plane",
  checks: "health checks",
  table: "virtual servers",
  process: "VRRP process",
  vrrp: "VRRP instances",
  addresses: "addresses, while MASTER",
  departing: "virtual servers whose address has gone",
  scripts: "tracking scripts",
};

/** The operations for people, by the parts of a director that carry them out. */
export function renderDiff(diff: ReloadDiff, paint: PaintText): string {
  if (isSame(diff)) return "nothing would change\n";
  const { steps, idle } = diff;
  const lines: string[] = [];
  let part: ReloadPart | undefined;
  for (const step of steps) {
    if (step.part !== part) lines.push(paint("bold", titles[step.part]));
    part = step.part;
    lines.push(`  ${paintStep(step.text, paint)}`);
  }
  if (steps.length === 0) lines.push("no operation");
  const idleCount = idle.added.length + idle.removed.length;
  if (idleCount > 0) lines.push(paint("bold", "read, but not acted on yet"));
  for (const text of idle.added) lines.push(paint("dim", `  + ${printableText(text)}`));
  for (const text of idle.removed) lines.push(paint("dim", `  - ${printableText(text)}`));
  const also = idleCount > 0 ? `, ${plural(idleCount, "setting")} not acted on` : "";
  lines.push("", `${plural(steps.length, "operation")}${also}`);
  return `${lines.join("\n")}\n`;
}

function paintStep(text: string, paint: PaintText): string {
  const printable = printableText(text);
  if (/^(add|begin|open|start) |: added, /.test(printable)) return paint("green", printable);
  if (/^(remove|end|close) |: removed$/.test(printable)) return paint("red", printable);
  return paint("yellow", printable);
}

function renderJson(diff: ReloadDiff): string {
  const { steps, idle } = diff;
  return `${JSON.stringify({ version: 1, same: isSame(diff), operations: steps, notActedOn: idle }, undefined, 2)}\n`;
}
