// L51: flags of a scheduler that is not the one of the virtual server, or not yet.

import { spanAt } from "../keepalived/reading.ts";
import { keywordOf, type Setting } from "../keepalived/section.ts";
import { virtualServerWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { writtenVirtualServers } from "./written-virtual-servers.ts";

const flagsOf: Readonly<Record<string, string>> = {
  "sh-port": "sh",
  "sh-fallback": "sh",
  "mh-port": "mh",
  "mh-fallback": "mh",
};

export const flagOfOtherScheduler: Rule = {
  id: "L51",
  name: "flag-of-other-scheduler",
  severity: "error",
  scope: "file",
  check,
  title: "a flag of `sh` or `mh` stands above the scheduler, or with another one",
  explanation: [
    "`sh-port` and `sh-fallback` belong to the scheduler `sh`, `mh-port` and `mh-fallback` to `mh`, and keepalived wants",
    "them below `lb_algo`. Anywhere else it ignores them.",
    "",
    "Write `lb_algo sh` or `lb_algo mh` first, or remove the flag.",
  ].join("\n"),
  bad: [
    virtualServerWith("sh-port"),
    virtualServerWith("mh-port").replace("lb_algo rr", "lb_algo sh"),
  ],
  good: [virtualServerWith("sh-port").replace("lb_algo rr", "lb_algo sh")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    if (!Object.keys(flagsOf).some((flag) => server.settings.has(flag))) continue;
    let scheduler: Setting | undefined;
    for (const setting of server.section.settings) {
      const keyword = keywordOf(setting);
      if (keyword === "lb_algo" || keyword === "lvs_sched") scheduler = setting;
      const owner = flagsOf[keyword];
      if (owner === undefined || scheduler?.values[0] === owner) continue;
      const later = server.settings.get("lvs_sched");
      report(spanAt(setting.line, 0), {
        message: `\`${keyword}\` belongs to the scheduler \`${owner}\``,
        ...(later === undefined
          ? {}
          : { related: [{ span: spanAt(later.line, 0), label: "the scheduler" }] }),
        effect: "it is ignored",
        fix:
          later?.values[0] === owner
            ? `put it below \`lb_algo ${owner}\``
            : `write \`lb_algo ${owner}\`, or remove it`,
        stock: `${keyword} only applies to ${owner} scheduler - ignoring`,
      });
    }
  }
}
