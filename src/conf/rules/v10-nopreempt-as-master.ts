// nopreempt together with state MASTER.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

export const nopreemptAsMaster: Rule = {
  id: "V10",
  name: "nopreempt-as-master",
  severity: "warning",
  scope: "file",
  check,
  title: "nopreempt does not work with state MASTER",
  explanation: [
    "`nopreempt` leaves a MASTER of lower priority alone; `state MASTER` asks to become MASTER. keepalived",
    "decides for the latter: it clears nopreempt, and after each restart the address moves back, which is",
    "what nopreempt was written to avoid.",
    "",
    "Write `state BACKUP` on every node. `state` is only a wish for the first seconds; who is MASTER is",
    "decided by `priority`, also between nodes that all start as BACKUP.",
  ].join("\n"),
  bad: [instanceWith("nopreempt").replace("state BACKUP", "state MASTER")],
  good: [instanceWith("nopreempt")],
  sources: ["https://github.com/acassen/keepalived/issues/1472"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const nopreempt = lastOfPreempt(section);
    const state = settingOf(section, "state");
    const word = state?.line.words[1];
    if (nopreempt === undefined || state === undefined || word?.text !== "MASTER") continue;
    const span = spanAt(state.line, 1);
    report(spanAt(nopreempt.line, 0), {
      message: "`nopreempt` does not work with `state MASTER`",
      related: [{ span, label: "this wins" }],
      effect: "the instance preempts: it takes the address back as soon as it is there again",
      fix: "write `state BACKUP` on every node, and let `priority` decide",
      edits: [{ span, newText: "BACKUP" }],
      stock: `(${name}) Warning - nopreempt will not work with initial state MASTER - clearing`,
    });
  }
}

/** The `nopreempt` that counts: of it and `preempt` the last one does. */
function lastOfPreempt(section: Parameters<typeof settingOf>[0]): ReturnType<typeof settingOf> {
  const last = section.settings.findLast(({ spec }) =>
    ["preempt", "nopreempt"].includes(spec.name),
  );
  return last?.spec.name === "nopreempt" ? last : undefined;
}
