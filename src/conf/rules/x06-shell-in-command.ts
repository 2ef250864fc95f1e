// What only a shell understands, in a command that no shell reads.

import { splitCommand } from "../keepalived/lower/command.ts";
import type { Edit } from "../text/diagnostic.ts";
import { scriptWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { commandsOf, type ScriptCommand } from "./script-commands.ts";

/** Words that a shell acts on and that no program takes as they are. */
const operator = /^(\|\|?|&&?|;|(\d|&)?(>>?|<<?<?)(&\d|\/\S*)?|\d?>&\d)$/;
const substitution = /\$\(|^`|`$/;
/** Words at the head of a command that only a shell knows. */
const builtin = /^(if|for|while|until|case|cd|source|exit|export|exec|eval|ulimit|!|\.)$/;
const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/;
const shell = /(^|\/)(ba|da|k|z|a)?sh$|^busybox$/;

export const shellInCommand: Rule = {
  id: "X06",
  name: "shell-in-command",
  severity: "warning",
  scope: "file",
  check,
  title: "a command needs a shell, and none reads it",
  explanation: [
    "Commands are split at blanks and run directly. A pipe, `&&`, `>`, `$(...)` or `;` is an argument of the",
    "program like any other: `/bin/echo hello | /usr/bin/grep -q nomatch` runs echo with six arguments, echo",
    "succeeds, and the check can never fail. The VIP stays on a node whose service is dead. Neither",
    "keepalived nor `keepalived -t` says anything.",
    "",
    "Write the command for a shell: `sh -c '... | ...'` (`bash -c` where `/dev/tcp` or `[[` is used), which",
    "`keelson check --fix` does where no quotes stand in the way; or better, put it in a file with",
    "`#!/bin/sh` and an exit status of its own.",
  ].join("\n"),
  bad: [
    scriptWith('script "/usr/bin/echo hello | /usr/bin/grep -q nomatch"\ninterval 2'),
    scriptWith('script "/usr/bin/curl -sf http://127.0.0.1/ > /dev/null"'),
    scriptWith('script "</dev/tcp/127.0.0.1/80"'),
    scriptWith('script "/usr/bin/test -e /run/ok && /usr/bin/test ! -e /run/bad"'),
  ],
  good: [
    scriptWith("script \"/bin/sh -c '/usr/bin/echo hello | /usr/bin/grep -q nomatch'\""),
    scriptWith("script \"/usr/bin/grep -E 'a|b' /run/state\""),
    scriptWith('script "/usr/local/bin/check"'),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/1290",
    "https://github.com/acassen/keepalived/issues/1926",
    "https://github.com/openshift/origin/issues/19890",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const command of commandsOf(configuration)) {
    const word = shellWord(command);
    if (word === undefined) continue;
    const edits = wrapped(command);
    report(command.span, {
      message: `\`${word}\` is for a shell, but no shell reads this command`,
      effect: "it is an argument of the program like any other word, and its status decides alone",
      fix: `write \`${interpreter(command)} -c '...'\` around it, or put it into a file of its own`,
      ...(edits.length === 0 ? {} : { edits }),
    });
  }
}

/** The first word of a command that asks for a shell. */
function shellWord({ text, quoted }: ScriptCommand): string | undefined {
  const words = withoutScript(quoted ? splitCommand(text) : [text]);
  const [program = ""] = words;
  if (builtin.test(program) || assignment.test(program)) return program;
  const isFind = /(^|\/)find$/.test(program);
  // Words that hold blanks stood in quotes.
  return words.find(
    (word, i) =>
      !word.includes(" ") &&
      (isFind ? word !== ";" : true) &&
      (operator.test(word) ||
        substitution.test(word) ||
        (i + 1 < words.length && /^[^\\]+;$/.test(word))),
  );
}

/** Leaves out what a shell is given to read: the word behind its `-c`. */
function withoutScript(words: readonly string[]): readonly string[] {
  const script = words.findIndex((word, i) => /^-\w*c$/.test(word) && i > 0) + 1;
  const isShell = words.slice(0, script).some((word) => shell.test(word));
  return script > 0 && isShell ? words.filter((_, i) => i !== script) : words;
}

function interpreter({ text }: ScriptCommand): string {
  return /\/dev\/(tcp|udp)\/|\[\[/.test(text) ? "/bin/bash" : "/bin/sh";
}

/** The command inside a shell, where its own quotes leave room for those of the shell. */
function wrapped(command: ScriptCommand): readonly Edit[] {
  const { text, quoted, span } = command;
  const plain = quoted && span.length === text.length + 2 && !/['\\]/.test(text);
  if (!plain) return [];
  return [{ span, newText: `"${interpreter(command)} -c '${text}'"` }];
}
