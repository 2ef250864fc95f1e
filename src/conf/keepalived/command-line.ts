// keepalived's command line, option by option. All of them are read; who reads what was given says which do something.

import { fail, ok, type Result } from "../../base/result.ts";

/** What an option takes behind it. */
type Takes = "nothing" | "value" | "optional";

interface OptionRow {
  readonly long: string;
  readonly short?: string;
  readonly takes: Takes;
}

function row(short: string, long: string, takes: Takes = "nothing"): OptionRow {
  return short === "" ? { long, takes } : { long, short, takes };
}

const rows: readonly OptionRow[] = [
  row("f", "use-file", "value"),
  row("P", "vrrp"),
  row("C", "check"),
  row("B", "no_bfd"),
  row("", "all"),
  row("l", "log-console"),
  row("D", "log-detail"),
  row("S", "log-facility", "value"),
  row("g", "log-file", "optional"),
  row("", "flush-log-file"),
  row("G", "no-syslog"),
  row("u", "umask", "value"),
  row("X", "release-vips"),
  row("V", "dont-release-vrrp"),
  row("I", "dont-release-ipvs"),
  row("R", "dont-respawn"),
  row("n", "dont-fork"),
  row("d", "dump-conf"),
  row("p", "pid", "value"),
  row("r", "vrrp_pid", "value"),
  row("T", "genhash"),
  row("c", "checkers_pid", "value"),
  row("a", "address-monitoring"),
  row("b", "bfd_pid", "value"),
  row("x", "snmp"),
  row("A", "snmp-agent-socket", "value"),
  row("s", "namespace", "value"),
  row("m", "core-dump"),
  row("M", "core-dump-pattern", "optional"),
  row("e", "all-config"),
  row("i", "config-id", "value"),
  row("", "signum", "value"),
  row("t", "config-test", "optional"),
  row("", "config-fd", "value"),
  row("", "perf", "optional"),
  row("", "debug", "optional"),
  row("", "no-mem-check"),
  row("L", "mem-check-log"),
  row("O", "openssl-mem-check"),
  row("", "ignore-sigint"),
  row("v", "version"),
  row("h", "help"),
];

/** One option as it was given: its long name, and its value or an empty text. */
export interface GivenOption {
  readonly long: string;
  readonly value: string;
}

/** What was given. */
export interface KeepalivedArguments {
  /** By long name, the last value, or an empty text where there is none. */
  readonly options: ReadonlyMap<string, string>;
  /** In the order of the line: of some, the last one counts. */
  readonly given: readonly GivenOption[];
  /** Words that are no options. */
  readonly others: readonly string[];
}

/** Reads a command line as getopt_long(3) does: bundles of letters, and long names cut short; a fault is one sentence. */
export function parseKeepalivedArguments(
  args: readonly string[],
): Result<KeepalivedArguments, string> {
  const all: GivenOption[] = [];
  const others: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (argument === "--") {
      others.push(...args.slice(i + 1));
      break;
    }
    if (!argument.startsWith("-") || argument === "-") {
      others.push(argument);
      continue;
    }
    const given = argument.startsWith("--") ? longOption(argument) : shortOptions(argument);
    if (!given.ok) return given;
    for (const { option, name, value } of given.value) {
      let text = value;
      if (option.takes === "value" && text === undefined) text = args[++i];
      if (option.takes === "value" && (text === undefined || text === ""))
        return fail(`Missing parameter for option ${name}`);
      all.push({ long: option.long, value: text ?? "" });
    }
  }
  return ok({ options: new Map(all.map(({ long, value }) => [long, value])), given: all, others });
}

/** Options that are answered on the spot, without a daemon. */
const answered = ["version", "help", "signum", "config-test", "genhash"];

/** True when such a command line asks for the daemon, and is not answered on the spot or wrong. */
export function startsDaemon(args: readonly string[]): boolean {
  if (args[0] === "-T" || args[0] === "--genhash") return false;
  const parsed = parseKeepalivedArguments(args);
  return parsed.ok && !answered.some((name) => parsed.value.options.has(name));
}

interface Given {
  readonly option: OptionRow;
  /** As written. */
  readonly name: string;
  readonly value?: string;
}

function longOption(argument: string): Result<readonly Given[], string> {
  const equals = argument.indexOf("=");
  const name = equals < 0 ? argument : argument.slice(0, equals);
  const word = name.slice(2);
  const exact = rows.find(({ long }) => long === word);
  const begun = rows.filter(({ long }) => long.startsWith(word));
  const option = exact ?? (begun.length === 1 ? begun[0] : undefined);
  if (option === undefined) return fail(`Unknown option ${name}`);
  if (equals < 0) return ok([{ option, name }]);
  if (option.takes === "nothing") return fail(`Option ${name} takes no parameter`);
  return ok([{ option, name, value: argument.slice(equals + 1) }]);
}

function shortOptions(argument: string): Result<readonly Given[], string> {
  const given: Given[] = [];
  for (let at = 1; at < argument.length; at++) {
    const letter = argument[at] ?? "";
    const name = `-${letter}`;
    const option = rows.find(({ short }) => short === letter);
    if (option === undefined) return fail(`Unknown option ${name}`);
    const rest = argument.slice(at + 1);
    if (option.takes === "nothing") given.push({ option, name });
    else return ok([...given, rest === "" ? { option, name } : { option, name, value: rest }]);
  }
  return ok(given);
}
