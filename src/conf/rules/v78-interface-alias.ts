// An alias in the place of an interface.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf, settingsOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

export const interfaceAlias: Rule = {
  id: "V78",
  name: "interface-alias",
  severity: "warning",
  scope: "file",
  check,
  title: "an alias such as eth0:1 stands for an interface",
  explanation: [
    "`eth0:1` is no interface but a label that old tools give to a second address of eth0: the kernel knows",
    "no device of that name, and the instance waits for one for ever.",
    "",
    "Write `interface eth0`. To have the label on the virtual address, write it behind the address:",
    "`192.0.2.17/24 dev eth0 label eth0:1`.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("interface eth0", "interface eth0:1"),
    instanceWith("").replace("192.0.2.17/24", "192.0.2.17/24 dev eth0:1"),
  ],
  good: [instanceWith("").replace("192.0.2.17/24", "192.0.2.17/24 dev eth0 label eth0:1")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section } of instancesOf(configuration)) {
    const setting = settingOf(section, "interface");
    if (setting !== undefined)
      checkWord(setting.line.words[1]?.text, spanAt(setting.line, 1), "write", report);
    for (const keyword of ["virtual_ipaddress", "virtual_ipaddress_excluded"])
      for (const { entries = [] } of settingsOf(section, keyword))
        for (const { line, options } of entries) {
          const option = options.find(({ name }) => name === "dev");
          if (option === undefined) continue;
          const index = option.wordIndex + 1;
          checkWord(line.words[index]?.text, spanAt(line, index), "write `dev` with", report);
        }
  }
}

function checkWord(word: string | undefined, span: Span, advice: string, report: Report): void {
  const device = /^([^:$]+):\d+$/.exec(word ?? "")?.[1];
  if (device === undefined) return;
  report(span, {
    message: `\`${word}\` is a label of \`${device}\`, not an interface`,
    effect: "there is no such device",
    fix: `${advice} \`${device}\`; a label stands behind its address: \`label ${word}\``,
    edits: [{ span, newText: device }],
  });
}
