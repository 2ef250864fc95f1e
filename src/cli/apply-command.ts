// `keelson apply FILE [--confirm-within TIME]`, `keelson confirm`, `keelson rollback`.

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { ControlRequest } from "../api/control-protocol.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { exitStatus, parseOptions } from "./command-line.ts";
import { askOrExplain, controlSocketPath } from "./control-commands.ts";

const usage =
  "usage: keelson apply FILE [--confirm-within TIME] [--run-dir DIR]; TIME as in 90s, 5m or 1h";

/** Has a running director take a configuration, for good or on trial. */
export async function runApply(argv: readonly string[]): Promise<number> {
  const request = parseApply(argv);
  if (!request.ok) {
    console.error(`keelson apply: ${request.fault}\n${usage}`);
    return exitStatus.usage;
  }
  const { path, confirmWithinMs, runDirectory } = request.value;
  return perform(
    { command: "apply", path, ...(confirmWithinMs === undefined ? {} : { confirmWithinMs }) },
    runDirectory,
  );
}

/** Keeps the configuration on trial. */
export async function runConfirm(argv: readonly string[]): Promise<number> {
  return performPlain("confirm", argv);
}

/** Brings the configuration before the trial back. */
export async function runRollback(argv: readonly string[]): Promise<number> {
  return performPlain("rollback", argv);
}

async function performPlain(
  command: "confirm" | "rollback",
  argv: readonly string[],
): Promise<number> {
  const options = parseOptions(command, argv, { "run-dir": { type: "string" } });
  if (!options.ok) {
    console.error(`keelson: ${options.fault.text}`);
    return exitStatus.usage;
  }
  const runDirectory = options.value["run-dir"];
  return perform({ command }, typeof runDirectory === "string" ? runDirectory : undefined);
}

async function perform(request: ControlRequest, runDirectory: string | undefined): Promise<number> {
  const socket = controlSocketPath(runDirectory === undefined ? {} : { "run-dir": runDirectory });
  const answer = await askOrExplain(socket, request);
  if (typeof answer === "number") return answer;
  if (!answer.ok) {
    console.error(`keelson: ${answer.error}`);
    return exitStatus.failed;
  }
  if ("text" in answer) console.log(answer.text);
  return exitStatus.ok;
}

interface ApplyArguments {
  readonly path: string;
  readonly confirmWithinMs?: number;
  readonly runDirectory?: string;
}

function parseApply(argv: readonly string[]): Result<ApplyArguments, string> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    // parseArgs names the option that it does not know.
    return fail(error instanceof Error ? error.message : String(error));
  }
  const [file, ...others] = parsed.positionals;
  if (file === undefined) return fail("which file?");
  if (others.length > 0) return fail(`one file only, not \`${others.join(" ")}\` as well`);
  const runDirectory = parsed.values["run-dir"];
  const within = parsed.values["confirm-within"];
  const confirmWithinMs = within === undefined ? undefined : parseTime(within);
  if (within !== undefined && confirmWithinMs === undefined)
    return fail(`\`${within}\` is no time from 1 s to a day`);
  return ok({
    path: resolve(file),
    ...(confirmWithinMs === undefined ? {} : { confirmWithinMs }),
    ...(runDirectory === undefined ? {} : { runDirectory }),
  });
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { "confirm-within": { type: "string" }, "run-dir": { type: "string" } },
  });
}

const unitsMs: Readonly<Record<string, number>> = { "": 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** `90`, `90s`, `5m`, `1h` as milliseconds; undefined beyond 1 s to a day. */
export function parseTime(text: string): number | undefined {
  const [, digits, unit = ""] = /^(\d{1,6})(s|m|h)?$/.exec(text) ?? [];
  const scale = unitsMs[unit];
  if (digits === undefined || scale === undefined) return undefined;
  const timeMs = Number(digits) * scale;
  return timeMs >= 1000 && timeMs <= 86_400_000 ? timeMs : undefined;
}
