// A block inside another one, with all its keywords on one line.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const oneLineBlock: Rule = {
  id: "S03",
  name: "one-line-block",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a block on one line keeps its first keyword only",
  explanation: [
    "Line ends separate keywords, braces do not. `authentication { auth_type PASS auth_pass x }` is one",
    "line with the keyword `auth_type`; `auth_pass x` is dropped as words too many. The instance then runs",
    "without authentication, every advert of a peer that has it is rejected, and both nodes are MASTER.",
    "keepalived says that there is no password and names no line.",
    "",
    "Write one keyword a line; `keelson check --fix` does it. A block with a single keyword may stand on",
    "one line: `virtual_ipaddress { 192.0.2.10 }` is fine.",
  ].join("\n"),
  bad: [instanceWith("authentication { auth_type PASS auth_pass s3cret }")],
  good: [
    instanceWith("authentication {\n    auth_type PASS\n    auth_pass s3cret\n}"),
    instanceWith("track_interface { eth1 }"),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/768",
    "https://www.keepalived.org/manpage.html",
  ],
};
