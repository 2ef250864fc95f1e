// Words -> the command that they ask for, or what ipvsadm 1.31 says of them. Faults are found in ipvsadm's order: while
// options are read from left to right, then whether they go with the command, then what their values mean together.

import { fail, ok, type Result } from "../base/result.ts";
import { type IpvsadmCommand, type IpvsadmRefusal, ipvsadmStatus } from "./command.ts";
import { type CommandDraft, newDraft, timeoutMaxS, usageFault } from "./command-draft.ts";
import { commandOfDraft } from "./command-of-draft.ts";
import { judgeCommandOptions } from "./judge-options.ts";
import { OptionScanner } from "./option-scanner.ts";
import { type IpvsadmOption, ipvsadmOptions } from "./options.ts";
import { tryHelp, usagePage, versionLine } from "./pages.ts";
import { readOptionValue } from "./read-option.ts";
import { type NameBook, readNumber } from "./values.ts";

/**
 * Reads the words behind the program's name. `restoring`: the words are a line of `-R`'s input, which cannot hold
 * another `-R`.
 */
export function parseIpvsadmCommand(
  words: readonly string[],
  names: NameBook,
  restoring = false,
): Result<IpvsadmCommand, IpvsadmRefusal> {
  const scanner = new OptionScanner(words, ipvsadmOptions);
  const first = scanner.next();
  const command = first.kind === "option" ? first.option.command : undefined;
  if (first.kind !== "option" || command === undefined) return fail(tryHelp);
  if (command === "help") return ok({ kind: "page", text: usagePage });
  if (command === "version") return ok({ kind: "page", text: versionLine });
  const draft = newDraft(command);
  if (command === "start-daemon" || command === "stop-daemon") {
    const { argument } = first;
    if (argument !== "master" && argument !== "backup")
      return usageFault(
        command === "start-daemon"
          ? "illegal start-daemon parameter specified"
          : "illegal start_daemon specified",
      );
    draft.role = argument;
  }
  const read = readOptions(draft, scanner, names);
  if (!read.ok) return read;
  const misfit = judgeCommandOptions(command, draft.given);
  if (misfit !== undefined) return usageFault(misfit);
  if (command === "restore" && restoring) return fail(tryHelp);
  return commandOfDraft(draft);
}

function readOptions(
  draft: CommandDraft,
  scanner: OptionScanner<IpvsadmOption>,
  names: NameBook,
): Result<void, IpvsadmRefusal> {
  for (;;) {
    const step = scanner.next();
    if (step.kind === "fault")
      return fail({
        text: `${scanner.lastWord}: ${step.text}\n`,
        status: ipvsadmStatus.refused,
        ends: false,
      });
    if (step.kind === "end") return readPlainWords(draft, scanner.plainWords);
    const { option, argument = "" } = step;
    if (option.command !== undefined) return usageFault(`invalid option \`${scanner.lastWord}'`);
    if (option.title !== undefined) {
      if (draft.given.has(option.title))
        return usageFault(`multiple '${option.title}' options specified`);
      draft.given.add(option.title);
    }
    const fault = readOptionValue(draft, option.name, {
      text: argument,
      missing: step.argument === undefined,
      names,
    });
    if (fault !== undefined) return usageFault(fault);
  }
}

/** The three numbers of `--set`; nothing else stands without an option. */
function readPlainWords(
  draft: CommandDraft,
  words: readonly string[],
): Result<void, IpvsadmRefusal> {
  let rest = words;
  if (draft.command === "set") {
    if (words.length < 3) return usageFault("--set option requires 3 timeout values");
    const timeouts: number[] = [];
    for (const word of words.slice(0, 3)) {
      const value = readNumber(word, [0, timeoutMaxS]);
      if (value === undefined) return usageFault(`invalid timeout value \`${word}' specified`);
      timeouts.push(value);
    }
    const [tcp = 0, tcpFin = 0, udp = 0] = timeouts;
    draft.timeouts = [tcp, tcpFin, udp];
    rest = words.slice(3);
  }
  const [extra] = rest;
  return extra === undefined ? ok(undefined) : usageFault(`unexpected argument ${extra}`);
}
