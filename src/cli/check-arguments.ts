// The arguments of `keelson check`.

import { fail, ok, type Result } from "../base/result.ts";
import { nearestWord } from "../conf/text/nearest-word.ts";
import { type DiagnosticFormat, diagnosticFormats } from "../conf/text/render-options.ts";

/** What `keelson check` is asked for. */
export interface CheckRequest {
  /** As named, each once; `-` is standard input. */
  readonly files: readonly string[];
  readonly configIds: readonly string[];
  readonly format: DiagnosticFormat;
  readonly color: "auto" | "always" | "never";
  /** True: warnings give exit status 1 as well. */
  readonly strict: boolean;
  /** True: what a machine can mend is written into the files; with `dryRun` only shown. */
  readonly fix: boolean;
  readonly dryRun: boolean;
  /** True: several files are not nodes that work together. */
  readonly separately: boolean;
  /** True: nothing is left out of the pretty form. */
  readonly all: boolean;
  readonly coverage: boolean;
  readonly listRules: boolean;
  readonly help: boolean;
  readonly explain?: string;
  readonly topology?: string;
}

/** The page of `keelson check --help`. */
export const checkUsage = `usage: keelson check [-f] FILE... [--format FORMAT] [-i ID] [--strict] [--fix [--dry-run]]
       keelson check --explain RULE | --list-rules
       keelson check --coverage FILE

Judges configurations without looking at the machine and changes nothing. Several files are
the files of nodes that work together, and are judged together as well. FILE may be - for
standard input.

  -f, --use-file FILE   a file, as keepalived names it
  -i, --config-id ID    the id whose @ID lines count; several times for several
      --format FORMAT   pretty, short, json, sarif, github or keepalived [pretty]
      --color WHEN      auto, always or never [auto]
      --all             show every finding, however often it comes
      --strict          warnings count as errors for the exit status
      --fix             mend what a machine can mend, and show the changes
      --dry-run         with --fix: only show them
      --separately      several files have nothing to do with each other
      --topology FILE   what is known of the network around the nodes
      --coverage        which keywords of the files Keelson acts on
      --explain RULE    what a rule is about, by id or name
      --list-rules      all rules

Exit status: 0 clean or warnings only; 1 errors; 2 wrong usage.
Findings are put aside by a comment: # keelson-disable-next-line V14 REASON
`;

const flags = {
  "--strict": "strict",
  "--fix": "fix",
  "--dry-run": "dryRun",
  "--separately": "separately",
  "--all": "all",
  "--coverage": "coverage",
  "--list-rules": "listRules",
  "--help": "help",
  "-h": "help",
} as const;

const valued: Readonly<Record<string, string>> = {
  "-f": "file",
  "--use-file": "file",
  "-i": "configId",
  "--config-id": "configId",
  "--format": "format",
  "--color": "color",
  "--colour": "color",
  "--explain": "explain",
  "--topology": "topology",
};

type FlagName = (typeof flags)[keyof typeof flags];

class Gathered {
  readonly files: string[] = [];
  readonly configIds: string[] = [];
  readonly set = new Set<FlagName>();
  readonly values = new Map<string, string>();

  take(kind: string, value: string): void {
    if (kind === "file") this.files.push(value);
    else if (kind === "configId") this.configIds.push(value);
    else this.values.set(kind, value);
  }
}

/** Reads the arguments behind the word `check`; a fault is one sentence. */
export function parseCheckArguments(args: readonly string[]): Result<CheckRequest, string> {
  const gathered = new Gathered();
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (argument === "--") {
      gathered.files.push(...args.slice(i + 1));
      break;
    }
    if (argument === "-" || !argument.startsWith("-")) {
      gathered.files.push(argument);
      continue;
    }
    const [name, inline] = splitOption(argument);
    const flag = Object.hasOwn(flags, name) ? flags[name as keyof typeof flags] : undefined;
    const kind = valued[name];
    if (flag !== undefined && inline !== undefined) return fail(`${name} takes no value`);
    if (flag !== undefined) gathered.set.add(flag);
    else if (kind === undefined) return fail(unknownOption(name));
    else {
      const value = inline ?? args[++i];
      if (value === undefined || value === "") return fail(`${name} needs a value`);
      gathered.take(kind, value);
    }
  }
  return requestOf(gathered);
}

function requestOf(gathered: Gathered): Result<CheckRequest, string> {
  const { set, values, configIds } = gathered;
  const files = [...new Set(gathered.files)];
  const format = choiceOf("format", values.get("format") ?? "pretty", diagnosticFormats);
  if (!format.ok) return format;
  const color = choiceOf("colour", values.get("color") ?? "auto", ["auto", "always", "never"]);
  if (!color.ok) return color;
  const explain = values.get("explain");
  const topology = values.get("topology");
  const needsFile = explain === undefined && !set.has("listRules") && !set.has("help");
  if (needsFile && (files.length === 0 || files.includes(""))) return fail("which file?");
  if (set.has("fix") && files.includes("-")) return fail("--fix cannot write standard input");
  if (set.has("dryRun") && !set.has("fix")) return fail("--dry-run belongs to --fix");
  return ok({
    files,
    configIds,
    format: format.value,
    color: color.value,
    strict: set.has("strict"),
    fix: set.has("fix"),
    dryRun: set.has("dryRun"),
    separately: set.has("separately"),
    all: set.has("all"),
    coverage: set.has("coverage"),
    listRules: set.has("listRules"),
    help: set.has("help"),
    ...(explain === undefined ? {} : { explain }),
    ...(topology === undefined ? {} : { topology }),
  });
}

function choiceOf<Choice extends string>(
  what: string,
  word: string,
  choices: readonly Choice[],
): Result<Choice, string> {
  const found = choices.find((choice) => choice === word);
  if (found !== undefined) return ok(found);
  return fail(`there is no ${what} \`${word}\`; it is one of ${choices.join(", ")}`);
}

function unknownOption(name: string): string {
  const near = nearestWord(name, [...Object.keys(flags), ...Object.keys(valued)]);
  const hint = near === undefined || !name.startsWith("--") ? "" : `; did you mean ${near}?`;
  return `there is no option \`${name}\`${hint}`;
}

function splitOption(argument: string): readonly [string, string | undefined] {
  const equals = argument.startsWith("--") ? argument.indexOf("=") : -1;
  return equals < 0
    ? [argument, undefined]
    : [argument.slice(0, equals), argument.slice(equals + 1)];
}
