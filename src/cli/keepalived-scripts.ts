// What `keepalived -t` finds out about scripts by looking at the machine: whether the programs are there.

import { accessSync, constants, statSync } from "node:fs";
import type { Configuration } from "../conf/rules/rule.ts";
import { commandsOf, type ScriptCommand } from "../conf/rules/script-commands.ts";
import type { Diagnostic } from "../conf/text/diagnostic.ts";

/** Where keepalived looks for programs without a path. */
const searchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * The findings as keepalived would have them on this machine: no script is a violation of security when none exists, and
 * one that is tracked and does not exist is disabled.
 */
export function withScriptsOfMachine(
  configuration: Configuration,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const commands = commandsOf(configuration);
  const isThere = (command: ScriptCommand): boolean => isProgram(programOf(command.text));
  const anyThere = commands.some(isThere);
  const judged = diagnostics.map((diagnostic): Diagnostic => {
    if (anyThere || diagnostic.stock?.startsWith("SECURITY VIOLATION") !== true) return diagnostic;
    const { stock: _, ...unknown } = diagnostic;
    return unknown;
  });
  const missing = commands.filter((one) => one.setting.spec.name === "script" && !isThere(one));
  return [...judged, ...missing.map((command) => disabled(command, configuration))];
}

function disabled(command: ScriptCommand, configuration: Configuration): Diagnostic {
  const owner = configuration.root.settings.find(({ section }) => section === command.section);
  const name = owner?.line.words[1]?.text ?? "";
  const program = programOf(command.text);
  return {
    severity: "error",
    code: "X01",
    message: `the program \`${program}\` of script \`${name}\` is not there, or cannot be run`,
    span: command.span,
    stock: `Disabling track script ${name} since not found/accessible`,
  };
}

function programOf(command: string): string {
  return /^\s*(?:"([^"]*)"|'([^']*)'|(\S+))/.exec(command)?.slice(1).find(Boolean) ?? "";
}

function isProgram(program: string): boolean {
  const paths = program.includes("/") ? [program] : searchPath.map((path) => `${path}/${program}`);
  return program !== "" && paths.some(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
