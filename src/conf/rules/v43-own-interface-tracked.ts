// track_interface with the interface that the instance has anyway.

import { spanAt } from "../keepalived/reading.ts";
import { settingsOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, placeOf } from "./vrrp-blocks.ts";

export const ownInterfaceTracked: Rule = {
  id: "V43",
  name: "own-interface-tracked",
  severity: "advice",
  scope: "file",
  check,
  title: "an instance tracks its own interface",
  explanation: [
    "An instance always follows its own interface: when the carrier goes, it is in FAULT. The line is",
    "ignored, and a weight on it as well: the priority does not change, because the instance stops",
    "altogether.",
    "",
    "Remove the line. Whoever does not want the interface followed writes `dont_track_primary`.",
  ].join("\n"),
  bad: [instanceWith("track_interface {\n    eth0\n}")],
  good: [instanceWith("track_interface {\n    eth1\n}")],
  sources: ["https://github.com/acassen/keepalived/issues/921"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section, span, value } of instancesOf(configuration)) {
    if (value === undefined) continue;
    for (const { entries = [] } of settingsOf(section, "track_interface"))
      for (const { line, options } of entries) {
        const tracked = line.words[0]?.text;
        if (tracked !== value.interface) continue;
        const weighted = options.some(({ name: option }) => option === "weight");
        report(spanAt(line, 0), {
          ...(weighted ? { severity: "warning" } : {}),
          message: `\`${name}\` follows its own interface \`${tracked}\` in any case`,
          related: [{ span: placeOf(section, "interface", span), label: "its interface" }],
          effect: weighted
            ? "the line and its weight are ignored: without carrier the instance is in FAULT"
            : "the line is ignored",
          fix: "remove the line",
          stock: `(${name}) Ignoring track_interface ${tracked} since own interface`,
        });
      }
  }
}
