// S34: keywords whose `off` keepalived does not read.

import { spanAt } from "../keepalived/reading.ts";
import { instanceWith } from "./example-texts.ts";
import { notableSettings } from "./notable-settings.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const offThatTurnsOn: Rule = {
  id: "S34",
  name: "off-that-turns-on",
  severity: "warning",
  scope: "file",
  check,
  title: "keepalived turns on what is written to be off",
  explanation: [
    "Some keywords take `on` and `off` by their manual page, while the program only looks whether the keyword stands",
    "there: `vrrp_strict off` and `vrrp_skip_check_adv_addr off` turn the thing on in keepalived 2.2.7, `skip_check_adv_addr off`",
    "and `v3_checksum_as_v2 off` in global_defs do in every version that has them.",
    "",
    "For Keelson off is off. Where the file serves both, or the other node runs keepalived, remove the line: off is",
    "the default.",
  ].join("\n"),
  bad: [
    `global_defs {\n    vrrp_strict off\n}\n${instanceWith("")}`,
    instanceWith("skip_check_adv_addr off"),
  ],
  good: [instanceWith("skip_check_adv_addr"), instanceWith("higher_prio_send_advert off")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

/** By block and keyword: the versions of keepalived that do not read the word. */
const deaf: Readonly<Record<string, string>> = {
  "global_defs vrrp_strict": "keepalived 2.2.7",
  "global_defs vrrp_skip_check_adv_addr": "keepalived 2.2.7",
  "global_defs v3_checksum_as_v2": "keepalived",
  "vrrp_instance skip_check_adv_addr": "keepalived",
};

function check(configuration: Configuration, report: Report): void {
  for (const { setting, section } of notableSettings(configuration.root)) {
    const { spec, line, values } = setting;
    if (values[0] !== false) continue;
    const version = deaf[`${section.spec.path} ${spec.name}`];
    if (version === undefined) continue;
    const written = line.words[1]?.text ?? "off";
    report(spanAt(line, 1), {
      message: `${version} takes \`${spec.name} ${written}\` for on`,
      effect: "for Keelson it is off, and a node with keepalived does otherwise",
      fix: "remove the line: off is the default",
    });
  }
}
