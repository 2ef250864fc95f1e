// Priority 255 beside what it makes meaningless.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import type { RelatedSpan } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { activeTrackersOf, isWeighted, trackerName } from "./trackers.ts";
import { instancesOf, priorityOf, type WrittenInstance } from "./vrrp-blocks.ts";

const owner = (lines: string, state = "MASTER"): string =>
  instanceWith(lines).replace("priority 100", "priority 255").replace("BACKUP", state);

export const ownerWithOtherWishes: Rule = {
  id: "V18",
  name: "owner-with-other-wishes",
  severity: "warning",
  scope: "file",
  check,
  title: "priority 255 overrules state, nopreempt and weights",
  explanation: [
    "255 is no priority but says that this node owns the address (RFC 5798, section 5.2.4). An owner takes",
    "over at once, whatever others say, and no check changes that: nopreempt is cleared and weights are",
    "ignored. Written together with them it is nearly always meant as the highest priority.",
    "",
    "The highest priority is 254. Keep 255 for a node whose own interface has the address.",
  ].join("\n"),
  bad: [
    owner("nopreempt"),
    owner("", "BACKUP"),
    owner("track_interface {\n    eth1 weight -20\n}"),
  ],
  good: [owner(""), instanceWith("nopreempt").replace("priority 100", "priority 254")],
  sources: [
    "https://www.rfc-editor.org/rfc/rfc5798#section-5.2.4",
    "https://github.com/acassen/keepalived/issues/2527",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { name, section } = instance;
    const priority = settingOf(section, "priority");
    if (priority === undefined || priorityOf(instance) !== 255) continue;
    const nopreempt = settingOf(section, "nopreempt");
    const related = wishesOf(configuration, instance);
    if (related.length === 0) continue;
    report(spanAt(priority.line, 0), {
      message: `priority 255 makes \`${name}\` the owner of the address`,
      related,
      effect: "it takes over at once, and no check takes the address away from it",
      fix: "write `priority 254`",
      edits: [{ span: spanAt(priority.line, 1), newText: "254" }],
      ...(nopreempt === undefined
        ? {}
        : {
            stock: `(${name}) nopreempt is incompatible with priority 255. resetting nopreempt`,
          }),
    });
  }
}

function wishesOf(configuration: Configuration, instance: WrittenInstance): readonly RelatedSpan[] {
  const { section, value } = instance;
  const related: RelatedSpan[] = [];
  const state = settingOf(section, "state");
  if (state?.line.words[1]?.text === "BACKUP")
    related.push({ span: spanAt(state.line, 0), label: "an owner does not wait as BACKUP" });
  const nopreempt = settingOf(section, "nopreempt");
  if (nopreempt !== undefined)
    related.push({ span: spanAt(nopreempt.line, 0), label: "an owner always preempts" });
  const own = value === undefined ? [] : activeTrackersOf(configuration, instance);
  for (const tracker of own)
    if (isWeighted(tracker))
      related.push({
        span: tracker.weightSpan ?? tracker.span,
        label: `the weight of ${trackerName(tracker)} does not count`,
      });
  return related;
}
