// Parameters that stay as they are written.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

/** A parameter as its uses have it. */
const braced = "$".concat("{NAME}");

export const undefinedParameter: Rule = {
  id: "S46",
  name: "undefined-parameter",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a parameter is not replaced",
  explanation: [
    "What is not defined stays as it is written, because a password or a command may well hold a `$`. So the",
    `finding comes only where a parameter must be meant: \`$NAME\` as a word of its own, and \`${braced}\`. Outside`,
    `quotes \`${braced}\` is an error: keepalived takes its braces for those of a block, and the block around it ends`,
    "there. Often the file is a template that nobody has filled in.",
    "",
    "A definition holds from its line on. `$NAME` counts only before a blank or at the end of its line, write",
    `\`${braced}\` elsewhere; and a value of several lines only at the end of its line.`,
  ].join("\n"),
  bad: [
    instanceWith(`mcast_src_ip \${SOURCE}`),
    `$NET=192.0.2
${instanceWith("mcast_src_ip $NET.10")}`,
  ],
  good: [
    `$SOURCE=192.0.2.1
${instanceWith("")}`.replace("priority", "mcast_src_ip $SOURCE\n    priority"),
    instanceWith('notify_master "/usr/bin/notify $HOME"'),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
