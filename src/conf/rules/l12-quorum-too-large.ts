// L12: a quorum that all real servers together cannot reach.

import { virtualServerWith } from "./example-texts.ts";
import { replaceWord } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { stockVirtualServer } from "./stock-names.ts";
import { argumentSpan, nameSpan, writtenVirtualServers } from "./written-virtual-servers.ts";

export const quorumTooLarge: Rule = {
  id: "L12",
  name: "quorum-too-large",
  severity: "error",
  scope: "file",
  check,
  title: "the quorum is more than all weights together",
  explanation: [
    "`quorum` is compared with the sum of the weights of the real servers that are alive, not with their number. A",
    "quorum above the sum of all weights could never be reached; keepalived and Keelson reduce it to that sum, so that",
    "the death of a single server brings in the sorry server or runs `quorum_down`.",
    "",
    "Write the weight that must be alive at least. `check --fix` writes what counts.",
  ].join("\n"),
  bad: [virtualServerWith("quorum 2")],
  good: [virtualServerWith("quorum 2").replace("weight 1", "weight 3")],
  sources: ["https://github.com/acassen/keepalived/issues/760"],
};

function check(configuration: Configuration, report: Report): void {
  for (const server of writtenVirtualServers(configuration)) {
    const setting = server.settings.get("quorum");
    const quorum = setting?.values[0];
    if (setting === undefined || typeof quorum !== "number") continue;
    let sum = 0;
    for (const { weight } of server.realServers) sum += weight ?? Number.NaN;
    // Without a real server, or without any weight, other rules speak.
    if (sum === 0 || !(quorum > sum)) continue;
    report(argumentSpan(server, "quorum"), {
      message: `the quorum ${quorum} is more than all weights together (${sum})`,
      related: [{ span: nameSpan(server), label: `weights of ${sum} in all` }],
      effect: `${sum} counts: no server may be missing`,
      fix: `write the weight that must be alive at least, up to ${sum}`,
      ...replaceWord(configuration, setting, 1, String(sum)),
      stock: `Warning - quorum ${quorum} for ${stockVirtualServer(server)} exceeds total weight of real servers ${sum}, reducing quorum to ${sum}`,
    });
  }
}
