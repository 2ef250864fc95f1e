// The arguments of `keelson run`.

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../base/result.ts";
import { nearestWord } from "../conf/text/nearest-word.ts";
import { usualPinDirectory, usualRunDirectory } from "./own-place.ts";

export interface RunOptions {
  readonly configFile: string;
  readonly runDirectory: string;
  readonly pinDirectory: string;
  /** Print what a start would change, and end. */
  readonly dryRun: boolean;
}

export interface UsageFault {
  readonly kind: "usage";
  readonly text: string;
}

const table = {
  file: { type: "string", short: "f" },
  "run-dir": { type: "string" },
  "pin-dir": { type: "string" },
  "dry-run": { type: "boolean" },
} as const;

const names = Object.keys(table);

/** Reads what stands behind `run`. */
export function parseRunOptions(argv: readonly string[]): Result<RunOptions, UsageFault> {
  const { tokens } = parseArgs({
    args: [...argv],
    options: table,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional")
      return usage(`run takes no argument ${JSON.stringify(token.value)}; a file goes behind -f`);
    if (!names.includes(token.name)) return usage(unknownOption(token.rawName));
    const takesValue = token.name !== "dry-run";
    if (takesValue && (token.value === undefined || token.value === ""))
      return usage(`${token.rawName} needs a value`);
    if (!takesValue && token.value !== undefined) return usage(`${token.rawName} takes no value`);
    values.set(token.name, token.value ?? "");
  }
  return ok({
    configFile: resolve(values.get("file") ?? "/etc/keepalived/keepalived.conf"),
    runDirectory: resolve(values.get("run-dir") ?? usualRunDirectory),
    pinDirectory: resolve(values.get("pin-dir") ?? usualPinDirectory),
    dryRun: values.has("dry-run"),
  });
}

function unknownOption(name: string): string {
  const known = names.map((long) => `--${long}`);
  const nearest = nearestWord(name, known);
  if (nearest !== undefined) return `unknown option ${name}; did you mean ${nearest}?`;
  return `unknown option ${name}; run knows -f, ${known.join(", ")}`;
}

function usage(text: string): Result<never, UsageFault> {
  return fail({ kind: "usage", text });
}
