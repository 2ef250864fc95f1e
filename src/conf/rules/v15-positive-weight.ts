// A positive weight, which is a reward and no penalty.

import { scriptWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { activeTrackersOf, trackerName } from "./trackers.ts";
import { instancesOf, priorityOf } from "./vrrp-blocks.ts";

const script = 'script "/usr/local/bin/check"';

export const positiveWeight: Rule = {
  id: "V15",
  name: "positive-weight",
  severity: "advice",
  scope: "file",
  check,
  title: "a positive weight is added while the check succeeds",
  explanation: [
    "The sign says when a weight counts: a negative one is subtracted while the check fails, a positive one",
    "is added while it succeeds. Who writes `weight 20` as a penalty gets the reverse of it: the node has 120",
    "when all is well and 100 when it fails. Both forms can work, as long as every node has the same script;",
    "a node without it never gets the reward, and may be below a failing one for ever.",
    "",
    "`weight -20` says the same in a way that is read as it is meant: the priority in the file is the one",
    "that a healthy node has.",
  ].join("\n"),
  bad: [scriptWith(`${script}\nweight 20`)],
  good: [scriptWith(`${script}\nweight -20`), scriptWith(script)],
  sources: [
    "https://github.com/acassen/keepalived/issues/2108",
    "https://github.com/hetzneronline/community-content/pull/977",
  ],
};

function check(configuration: Configuration, report: Report): void {
  const said = new Set<string>();
  for (const instance of instancesOf(configuration)) {
    const base = priorityOf(instance);
    if (base === undefined || base === 255) continue;
    for (const tracker of activeTrackersOf(configuration, instance)) {
      const { kind, name, weight = 0, reverse, weightSpan } = tracker;
      if (weight <= 0 || reverse || kind === "file" || weightSpan === undefined) continue;
      const place = `${weightSpan.file} ${weightSpan.line}`;
      if (said.has(place)) continue;
      said.add(place);
      const well = Math.min(254, base + weight);
      report(weightSpan, {
        message: `\`weight ${weight}\` is added while ${trackerName(tracker)} is well, and not taken away when it fails`,
        effect: `\`${instance.name}\` has priority ${well} while \`${name}\` is well and ${base} when not`,
        fix: `write \`weight -${weight}\` on every node if failure is what should count`,
      });
    }
  }
}
