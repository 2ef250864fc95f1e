// A comment sign inside a value.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const commentCutsWord: Rule = {
  id: "S10",
  name: "comment-cuts-word",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a comment sign inside a value cuts it off",
  explanation: [
    "`#` and `!` begin a comment wherever they stand outside quotes, also in the middle of a word.",
    "`auth_pass ab!cd#ef` is the password `ab`. As long as both nodes have the same line nothing seems wrong:",
    "the cluster works with a password of two letters. When one side quotes it, or another vendor's router",
    "takes part, the passwords differ, adverts are dropped, and both are MASTER. keepalived says nothing.",
    "",
    'Quote the whole value: `auth_pass "ab!cd#ef"`; `keelson check --fix` does it. On a pair, change both nodes',
    "together, because the password that really counts changes. Where a comment was meant, put a blank",
    "before it: `priority 100 # the first node`.",
  ].join("\n"),
  bad: [instanceWith("authentication {\n    auth_type PASS\n    auth_pass ab!cd#ef\n}")],
  good: [
    instanceWith('authentication {\n    auth_type PASS\n    auth_pass "ab!cd#ef"\n}'),
    instanceWith("advert_int 1 # every second"),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
