// L43: a hysteresis that would keep the quorum from ever being lost.

import { virtualServerWith } from "./example-texts.ts";
import { replaceWord } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { argumentSpan, nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const hysteresisTooLarge: Rule = {
  id: "L43",
  name: "hysteresis-too-large",
  severity: "error",
  scope: "file",
  check,
  title: "the hysteresis is not less than the quorum",
  explanation: [
    "A virtual server comes up when the weight of its live servers reaches `quorum` plus `hysteresis`, and goes down when",
    "it is less than `quorum` minus `hysteresis`. With a hysteresis as large as the quorum it would not go down with the",
    "last server. keepalived and Keelson reduce it to one less than the quorum.",
    "",
    "Write a smaller hysteresis or a larger quorum. `check --fix` writes what counts.",
  ].join("\n"),
  bad: [virtualServerWith("quorum 2\nhysteresis 2").replace("weight 1", "weight 5")],
  good: [virtualServerWith("quorum 2\nhysteresis 1").replace("weight 1", "weight 5")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const setting = server.settings.get("hysteresis");
    const hysteresis = setting?.values[0];
    if (setting === undefined || typeof hysteresis !== "number") continue;
    const written = server.settings.get("quorum");
    const asked = written === undefined ? 1 : written.values[0];
    if (typeof asked !== "number") continue;
    let sum = 0;
    for (const { weight } of server.realServers) sum += weight ?? Number.NaN;
    const quorum = sum > 0 ? Math.min(asked, sum) : asked;
    if (hysteresis < quorum) continue;
    report(argumentSpan(server, "hysteresis"), {
      message: `the hysteresis ${hysteresis} is not less than the quorum ${quorum}`,
      related: [
        written === undefined
          ? { span: nameSpan(server), label: "a quorum of 1, since none is written" }
          : { span: argumentSpan(server, "quorum"), label: "the quorum" },
      ],
      effect: `${quorum - 1} counts`,
      fix: "write a smaller hysteresis",
      ...replaceWord(configuration, setting, 1, String(quorum - 1)),
      stock: `Virtual server ${stockVirtualServer(server)}: hysteresis ${hysteresis} >= quorum ${quorum}; setting hysteresis to ${quorum - 1}`,
    });
  }
}
