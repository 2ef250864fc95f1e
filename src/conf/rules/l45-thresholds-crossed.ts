// L45: a lower threshold above the upper one: the kernel refuses the real server.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import {
  isInRealServers,
  nameSpan,
  realServerName,
  writtenVirtualServers,
} from "./written-virtual-servers.ts";

const withThresholds = (lines: string): string =>
  virtualServerWith("").replace("weight 1", `weight 1\n        ${lines}`);

export const thresholdsCrossed: Rule = {
  id: "L45",
  name: "thresholds-crossed",
  severity: "error",
  scope: "file",
  check,
  title: "the lower threshold of a real server is above its upper one",
  explanation: [
    "Above `uthreshold` connections a real server gets no new ones, until it is below `lthreshold`. The kernel refuses a",
    "server whose lower threshold is above the upper one, `Numerical result out of range`, and an upper threshold that is",
    "not written is 0. keepalived logs the refusal at the start and goes on without the server.",
    "",
    "Write both, the lower one smaller. With `uthreshold` alone the server comes back at three quarters of it.",
  ].join("\n"),
  bad: [withThresholds("uthreshold 50\n        lthreshold 100"), withThresholds("lthreshold 100")],
  good: [withThresholds("uthreshold 100\n        lthreshold 50"), withThresholds("uthreshold 100")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  if (!isInRealServers(configuration, "lthreshold")) return;
  for (const server of writtenVirtualServers(configuration))
    for (const real of server.realServers) {
      const lower = settingOf(real.section, "lthreshold");
      if (lower === undefined) continue;
      const upper = settingOf(real.section, "uthreshold");
      const low = lower.values[0];
      const high = upper === undefined ? 0 : upper.values[0];
      if (typeof low !== "number" || typeof high !== "number" || low <= high) continue;
      report(spanAt(lower.line, 1), {
        message:
          upper === undefined
            ? "`lthreshold` needs an `uthreshold` above it"
            : `\`lthreshold ${low}\` is above \`uthreshold ${high}\``,
        related: [
          upper === undefined
            ? { span: nameSpan(real), label: "has no `uthreshold`" }
            : { span: spanAt(upper.line, 1), label: "the upper threshold" },
        ],
        effect: `the kernel refuses the real server ${realServerName(real)}: it gets no connections`,
        fix: "write a `lthreshold` that is less than the `uthreshold`",
      });
    }
}
