// A line that changes nothing where it stands.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const settingWithoutEffect: Rule = {
  id: "D19",
  name: "setting-without-effect",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a line that changes nothing where it stands",
  explanation: [
    "Every kind of check looks at some lines of its virtual server and at no others: a check by `connect`",
    "asks nothing, so `request` and `receive` are idle; `netmask` belongs to `persistent`, and `ops` to UDP.",
    "",
    "Such a line often tells of a check that somebody believes to be there. Remove it, or choose the check",
    "that needs it: `checktype=negotiate`.",
  ].join("\n"),
  bad: [sectionWith('receive="OK"'), sectionWith("netmask=255.255.255.0")],
  good: [sectionWith("netmask=255.255.255.0\n\tpersistent=300")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
