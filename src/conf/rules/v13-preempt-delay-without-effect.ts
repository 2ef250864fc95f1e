// preempt_delay where nothing is preempted, or at once.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, strictSetting, type WrittenInstance } from "./vrrp-blocks.ts";

export const preemptDelayWithoutEffect: Rule = {
  id: "V13",
  name: "preempt-delay-without-effect",
  severity: "warning",
  scope: "file",
  check,
  title: "preempt_delay has no effect here",
  explanation: [
    "`preempt_delay` lets a node wait before it takes over from a MASTER of lower priority. With `nopreempt`",
    "it never takes over, with `state MASTER` or priority 255 it does not wait, and the strict mode knows no",
    "delay: in all of these cases the delay is cleared, and the address moves at once after a restart.",
    "",
    "For a delay write `state BACKUP` on every node, without nopreempt.",
  ].join("\n"),
  bad: [
    instanceWith("nopreempt\npreempt_delay 60"),
    instanceWith("preempt_delay 60").replace("state BACKUP", "state MASTER"),
  ],
  good: [instanceWith("preempt_delay 60"), instanceWith("nopreempt\npreempt_delay 0")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const delay = settingOf(instance.section, "preempt_delay");
    const waits = delay?.values[0];
    if (delay === undefined || typeof waits !== "number" || waits === 0) continue;
    const reason = reasonOf(configuration, instance);
    if (reason === undefined) continue;
    const { name } = instance;
    report(spanAt(delay.line, 0), {
      message: `\`preempt_delay\` does not work with \`${reason.what}\``,
      ...(reason.setting === undefined
        ? {}
        : { related: [{ span: spanAt(reason.setting.line, 0), label: "this wins" }] }),
      effect: reason.what === "nopreempt" ? "it never preempts" : "there is no delay",
      fix: reason.fix,
      stock: `(${name}) ${reason.stock}`,
    });
  }
}

interface Reason {
  readonly what: string;
  readonly setting: ReturnType<typeof settingOf>;
  readonly fix: string;
  readonly stock: string;
}

function reasonOf(configuration: Configuration, instance: WrittenInstance): Reason | undefined {
  const { section, value } = instance;
  const strict = strictSetting(configuration, section);
  const state = settingOf(section, "state");
  const asMaster = "Warning - preempt delay will not work with initial state MASTER - clearing";
  if (strict !== undefined)
    return {
      what: strict.spec.name,
      setting: strict,
      fix: `remove \`${strict.spec.name}\``,
      stock: "preempt_delay is incompatible with strict mode - resetting",
    };
  if (state?.line.words[1]?.text === "MASTER")
    return { what: "state MASTER", setting: state, fix: "write `state BACKUP`", stock: asMaster };
  if (value?.priority === 255) {
    const setting = settingOf(section, "priority");
    return { what: "priority 255", setting, fix: "write a priority below 255", stock: asMaster };
  }
  const nopreempt = settingOf(section, "nopreempt");
  if (nopreempt === undefined || value?.preempt !== false) return undefined;
  return {
    what: "nopreempt",
    setting: nopreempt,
    fix: "keep one of the two",
    stock: "preempt_delay is incompatible with nopreempt mode - resetting",
  };
}
