// A script that only asks whether a process exists.

import { splitCommand } from "../keepalived/lower/command.ts";
import { instanceWith, scriptWith, securedScripts } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { commandsOf, type ScriptCommand } from "./script-commands.ts";

export const processByScript: Rule = {
  id: "X13",
  name: "process-by-script",
  severity: "advice",
  scope: "file",
  check,
  title: "a script only asks whether a process runs",
  explanation: [
    "`killall -0 nginx`, `pidof nginx` and `pgrep nginx` start a process every interval to search all others.",
    "They find the death of the service an interval late, find processes of the same name that are something",
    "else, and fail for reasons of their own: killall belongs to a package (psmisc) that minimal systems lack, and",
    "a command that does not exist looks like a service that is down.",
    "",
    "`vrrp_track_process` names the process and hears of its end from the kernel at once, with `quorum` for",
    "several and `delay` for a restart. A check that asks the service itself, such as an HTTP request to",
    "127.0.0.1, is better than both: a process may run and serve nothing. The script is fine where",
    "`rise` and `fall` are needed.",
  ].join("\n"),
  bad: [
    scriptWith('script "/usr/bin/killall -0 nginx"\ninterval 2'),
    scriptWith('script "/usr/bin/pidof haproxy"\ninterval 2'),
  ],
  good: [
    `${securedScripts}
vrrp_track_process nginx {
    process nginx
}

${instanceWith("track_process {\n    nginx\n}")}`,
    scriptWith('script "/usr/bin/curl -sf http://127.0.0.1/"'),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/1420",
    "https://github.com/acassen/keepalived/issues/2584",
    "https://github.com/acassen/keepalived/issues/2599",
    "https://github.com/acassen/keepalived/issues/1084",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const command of commandsOf(configuration)) {
    if (command.section.spec.path !== "vrrp_script") continue;
    const process = processOf(command);
    if (process === undefined) continue;
    report(command.span, {
      message: `this script only asks whether \`${process}\` runs`,
      effect: "its death is noticed up to an interval late, and a missing program looks like one",
      fix: `use \`vrrp_track_process\` with \`process ${process}\`, or ask the service itself`,
    });
  }
}

/** The process that a command looks for, when it does nothing else. */
function processOf({ text, quoted, setting }: ScriptCommand): string | undefined {
  const rest = setting.line.words.slice(2).map((word) => word.text);
  const [program = "", ...words] = quoted ? splitCommand(text) : [text, ...rest];
  const name = program.slice(program.lastIndexOf("/") + 1);
  const options = words.filter((word) => word.startsWith("-"));
  const names = words.filter((word) => !word.startsWith("-"));
  const [process = ""] = names;
  if (names.length !== 1 || !/^[\w.-]+$/.test(process)) return undefined;
  if (name === "killall" && options.some((option) => option === "-0")) return process;
  if (name === "pidof") return process;
  if (name === "pgrep" && options.every((option) => option === "-x")) return process;
  return undefined;
}
