// interface lo.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

export const loopbackInterface: Rule = {
  id: "V34",
  name: "loopback-interface",
  severity: "error",
  scope: "file",
  check,
  title: "an instance has the loopback interface",
  explanation: [
    "Adverts must reach the other nodes, and what goes out over `lo` never leaves the machine: the line is",
    "ignored, the instance has no interface, and is left out.",
    "",
    "`interface` is the one over which the nodes hear each other. An address that should be on `lo`, as on",
    "real servers, says so on its own line: `192.0.2.17/32 dev lo`.",
  ].join("\n"),
  bad: [instanceWith("").replace("eth0", "lo")],
  good: [instanceWith("").replace("192.0.2.17/24", "192.0.2.17/32 dev lo")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const setting = settingOf(section, "interface");
    if (setting?.line.words[1]?.text !== "lo") continue;
    report(spanAt(setting.line, 1), {
      message: "the loopback interface carries no adverts",
      effect: "the instance is left out",
      fix: "name the interface on which the peers are; an address on `lo` is `ADDRESS dev lo`",
      stock: `(${name}) cannot use a loopback interface (lo) for vrrp - ignoring`,
    });
  }
}
