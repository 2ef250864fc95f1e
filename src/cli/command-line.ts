// Arguments to values. A usage fault is one sentence that says what to type instead.

import { parseArgs } from "node:util";
import { fail, ok, type Result } from "../base/result.ts";
import { nearestWord } from "../conf/text/nearest-word.ts";

/** Where a director keeps its sockets unless `--run-dir` says otherwise. */
export const defaultRunDirectory = "/run/keelson";

/** The configuration that is read unless another is named. */
export const defaultConfigFile = "/etc/keepalived/keepalived.conf";

/** Exit statuses of every command. */
export const exitStatus = { ok: 0, failed: 1, usage: 2, notRunning: 3 } as const;

/** The options that one command knows. */
export type OptionTable = Readonly<
  Record<string, { readonly type: "string" | "boolean"; readonly short?: string }>
>;

/** What was given, by long name. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface UsageFault {
  readonly kind: "usage";
  readonly text: string;
}

/** Reads the options of one command, which takes no other arguments. */
export function parseOptions(
  command: string,
  argv: readonly string[],
  table: OptionTable,
): Result<OptionValues, UsageFault> {
  const { tokens } = parseArgs({
    args: [...argv],
    options: table,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional")
      return fail(usage(`${command} takes no argument ${JSON.stringify(token.value)}`));
    const option = table[token.name];
    if (option === undefined) return fail(usage(unknownOption(command, token.rawName, table)));
    if (option.type === "boolean" && token.value !== undefined)
      return fail(usage(`${token.rawName} takes no value`));
    if (option.type === "string" && (token.value === undefined || token.value === ""))
      return fail(usage(`${token.rawName} needs a value`));
    values[token.name] = token.value ?? true;
  }
  return ok(values);
}

function unknownOption(command: string, name: string, table: OptionTable): string {
  const known = Object.keys(table).map((long) => `--${long}`);
  const nearest = nearestWord(name, known);
  if (nearest !== undefined) return `unknown option ${name}; did you mean ${nearest}?`;
  if (known.length === 0) return `unknown option ${name}; ${command} has none`;
  return `unknown option ${name}; ${command} knows ${known.join(", ")}`;
}

/** One sentence about a command that does not exist. */
export function unknownCommand(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  const hint = nearest === undefined ? "`keelson help` lists them" : `did you mean ${nearest}?`;
  return `unknown command ${word}; ${hint}`;
}

function usage(text: string): UsageFault {
  return { kind: "usage", text };
}
