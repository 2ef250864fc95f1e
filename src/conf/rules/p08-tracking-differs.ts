// What one node tracks and another one does not.

import { instanceWith, scriptWith } from "./example-texts.ts";
import { type RouterPart, sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { groupOf } from "./sync-groups.ts";
import { type Tracker, trackerName, trackersOf } from "./trackers.ts";

const tracking = scriptWith('script "/usr/local/bin/check"\nweight -20');
const low = (text: string): string => text.replace("priority 100", "priority 90");

export const trackingDiffers: Rule = {
  id: "P08",
  name: "tracking-differs",
  severity: "advice",
  scope: "pair",
  check,
  title: "nodes of one instance track different things",
  explanation: [
    "A check that only one node runs moves the address away from it, and nobody asks whether the service is",
    "alive where it goes to: the address may come to a node on which the same service is dead, and stay",
    "there.",
    "",
    "Track the same scripts, processes and files on all nodes. Interfaces may have other names on each node",
    "and are not compared.",
  ].join("\n"),
  bad: [[tracking, low(instanceWith(""))]],
  good: [[tracking, low(tracking)]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { first, others } of sharedRoutersOf(nodes))
    for (const part of others) {
      const [here, there] = [comparedOf(part), comparedOf(first)];
      if (here.length === 0 && there.length === 0) continue;
      compare(here, there, [part, first], report);
      compare(there, here, [first, part], report);
    }
}

function comparedOf({ node, instance }: RouterPart): readonly Tracker[] {
  const group = groupOf(node, instance.name);
  const own = trackersOf(node, instance.section);
  const all = group === undefined ? own : [...own, ...trackersOf(node, group.section)];
  return all.filter(({ kind }) => kind !== "interface" && kind !== "bfd");
}

function compare(
  having: readonly Tracker[],
  other: readonly Tracker[],
  [part, without]: readonly [RouterPart, RouterPart],
  report: Report,
): void {
  // Scripts under other names may well ask the same: only a node that asks less is told.
  if (having.length <= other.length) return;
  for (const tracker of having) {
    if (other.some(({ kind, name }) => kind === tracker.kind && name === tracker.name)) continue;
    report(tracker.span, {
      message: `${trackerName(tracker)} is tracked on ${part.nodeName} and not on ${without.nodeName}`,
      related: [{ span: without.instance.span, label: `${without.nodeName} does not track it` }],
      effect: `the address may move to ${without.nodeName} although the same fails there`,
      fix: "track the same on all nodes",
    });
  }
}
