// Keywords that keepalived is giving up.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const deprecatedKeyword: Rule = {
  id: "V50",
  name: "deprecated-keyword",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a keyword is deprecated",
  explanation: [
    "keepalived still reads the old spelling and says so at each start; a later version will not read it.",
    "Some, such as `nb_get_retry`, have only been renamed, and `keelson check --fix` renames them. Others",
    "have moved into another block, as `lvs_sync_daemon_interface` has to `lvs_sync_daemon` in global_defs;",
    "the finding says where.",
  ].join("\n"),
  bad: [
    `vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n    global_tracking\n}\n${instanceWith("")}${instanceWith("", "VI_2", 18)}`,
  ],
  good: [instanceWith("")],
  sources: ["https://github.com/acassen/keepalived/issues/1803"],
};
