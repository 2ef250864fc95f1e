// L46: an answer that would have to be longer than it may be.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachCheck } from "./written-virtual-servers.ts";

const lengthMaxDefault = 255;
const udpChecks: ReadonlySet<string> = new Set(["UDP_CHECK"]);

const udpCheck = (lines: string): string =>
  virtualServerCheckedBy(`UDP_CHECK {\n    require_reply\n${lines}}`).replace(
    "protocol TCP",
    "protocol UDP",
  );

export const replyLengthsCrossed: Rule = {
  id: "L46",
  name: "reply-lengths-crossed",
  severity: "error",
  scope: "file",
  check,
  title: "a UDP_CHECK wants an answer that is longer than it may be",
  explanation: [
    "`min_reply_length` is above `max_reply_length`, which is 255 when it is not written. No answer can have such a length,",
    "so that the check always fails and the server never takes traffic.",
    "",
    "Raise `max_reply_length`, or lower `min_reply_length`.",
  ].join("\n"),
  bad: [
    udpCheck("    min_reply_length 300\n"),
    udpCheck("    min_reply_length 30\n    max_reply_length 20\n"),
  ],
  good: [udpCheck("    min_reply_length 300\n    max_reply_length 512\n")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  eachCheck(configuration, udpChecks, ({ section, setting }) => {
    const least = settingOf(section, "min_reply_length");
    const most = settingOf(section, "max_reply_length");
    const low = least?.values[0];
    const high = most === undefined ? lengthMaxDefault : most.values[0];
    if (least === undefined || typeof low !== "number" || typeof high !== "number") return;
    if (low <= high) return;
    report(spanAt(least.line, 1), {
      message: `an answer of at least ${low} bytes cannot be one of at most ${high}`,
      related: [
        most === undefined
          ? { span: spanAt(setting.line, 0), label: `has no \`max_reply_length\`: ${high}` }
          : { span: spanAt(most.line, 1), label: "the longest answer" },
      ],
      effect: "the check always fails",
      fix: `write a \`max_reply_length\` of at least ${low}`,
      stock: `UDP_CHECK min_reply length ${low} > max_reply_length ${high} - will always fail`,
    });
  });
}
