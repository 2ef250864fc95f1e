// A command with arguments, without quotes around it.

import { instanceWith, securedScripts } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const commandNotQuoted: Rule = {
  id: "S19",
  name: "command-not-quoted",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a command with arguments stands without quotes",
  explanation: [
    "A command is one word. In `notify_master /usr/local/bin/tell master now` the command ends behind `tell`;",
    "`master` is taken for the user that it runs as, and `now` for the group. There is no such user: at run",
    "time the script is dropped, and the notification that somebody relies on never comes. `script` lines take",
    "no user, and their program simply runs without its arguments. `keepalived -t` is silent about both.",
    "",
    'Quote program and arguments together: `notify_master "/usr/local/bin/tell master now"`;',
    "`keelson check --fix` does it. A user and group may follow the closing quote.",
    "Redirections belong to a shell (X06), also behind the quotes.",
  ].join("\n"),
  bad: [
    `${securedScripts}
${instanceWith("notify_master /usr/local/bin/tell master now")}`,
    `${securedScripts}
vrrp_script chk {
    script /usr/bin/pgrep -x nginx
    interval 2
}

${instanceWith("track_script {\n    chk\n}")}`,
  ],
  good: [
    `${securedScripts}
${instanceWith('notify_master "/usr/local/bin/tell master now"\nnotify_backup /usr/local/bin/tell nobody')}`,
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/600",
    "https://github.com/voxpupuli/puppet-keepalived/pull/68",
  ],
};
