// What else the strict mode does not allow.

import { spanAt } from "../keepalived/reading.ts";
import { type Setting, settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, strictSetting, versionOf, type WrittenInstance } from "./vrrp-blocks.ts";

export const strictState: Rule = {
  id: "V71",
  name: "strict-state",
  severity: "warning",
  scope: "file",
  check,
  title: "the strict mode takes state or accept back",
  explanation: [
    "In strict mode `state MASTER` and priority 255 belong together, because only the owner of an address",
    "starts as MASTER: the instance starts as the priority says. And version 2 has no `accept`: it is taken",
    "back, and packets to the address are dropped.",
    "",
    "Remove `vrrp_strict` (or `strict_mode`), which is seldom what is wanted, or the line that it takes back.",
  ].join("\n"),
  bad: [
    instanceWith("strict_mode").replace("state BACKUP", "state MASTER"),
    instanceWith("strict_mode\naccept"),
  ],
  good: [instanceWith("").replace("state BACKUP", "state MASTER")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const strict = strictSetting(configuration, instance.section);
    if (strict === undefined) continue;
    const related = [{ span: spanAt(strict.line, 0), label: "strict because of this" }];
    const { name, section } = instance;
    const state = contradicting(instance);
    if (state !== undefined)
      report(spanAt(state.line, 0), {
        message: "in strict mode only priority 255 goes with `state MASTER`",
        related,
        effect: "the instance starts as its priority says",
        fix: `write \`state BACKUP\`, or remove \`${strict.spec.name}\``,
        stock: `(${name}) State MASTER must match being address owner`,
      });
    const accept = settingOf(section, "accept");
    if (accept !== undefined && versionOf(configuration, instance) === 2)
      report(spanAt(accept.line, 0), {
        message: "the strict mode of version 2 has no `accept`",
        related,
        effect: "packets to the addresses are dropped",
        fix: `remove \`${strict.spec.name}\``,
        stock: `(${name}) warning - accept mode for VRRP version 2 does not comply with RFC3768 - resetting`,
      });
  }
}

function contradicting({ section, value }: WrittenInstance): Setting | undefined {
  const state = settingOf(section, "state");
  const word = state?.line.words[1]?.text;
  if (value === undefined || (word !== "MASTER" && word !== "BACKUP")) return undefined;
  return (word === "MASTER") === (value.priority === 255) ? undefined : state;
}
