// L50: checks that lack the one thing that they would look at.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachCheck } from "./written-virtual-servers.ts";

interface Subject {
  readonly keyword: string;
  readonly what: string;
  readonly stock: string;
}

const subjects: Readonly<Record<string, Subject>> = {
  MISC_CHECK: {
    keyword: "misc_path",
    what: "names no script to run",
    stock: "No script path has been specified for MISC_CHECKER - skipping",
  },
  FILE_CHECK: {
    keyword: "track_file",
    what: "names no file to follow",
    stock: "FILE_CHECK has no track_file specified - ignoring",
  },
  BFD_CHECK: {
    keyword: "name",
    what: "names no BFD session to follow",
    stock: "BFD_CHECK has no name specified - ignoring",
  },
};

export const checkWithoutSubject: Rule = {
  id: "L50",
  name: "check-without-subject",
  severity: "error",
  scope: "file",
  check,
  title: "a MISC_CHECK, FILE_CHECK or BFD_CHECK does not say what it checks",
  explanation: [
    "A `MISC_CHECK` runs the command of `misc_path`, a `FILE_CHECK` follows a `track_file`, a `BFD_CHECK` the session",
    "with a `name`. Without it there is nothing to check; keepalived leaves the check out, and the server counts as",
    "alive for ever when it has no other.",
    "",
    "Add the keyword.",
  ].join("\n"),
  bad: [virtualServerCheckedBy("MISC_CHECK {\n    misc_timeout 5\n}")],
  good: [
    virtualServerCheckedBy(
      'MISC_CHECK {\n    misc_path "/usr/local/bin/check-web"\n    misc_timeout 5\n}',
    ),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  eachCheck(configuration, new Set(Object.keys(subjects)), ({ keyword, setting, section }) => {
    const subject = subjects[keyword];
    if (subject === undefined || settingOf(section, subject.keyword) !== undefined) return;
    report(spanAt(setting.line, 0), {
      message: `this ${keyword} ${subject.what}`,
      effect: "it is left out: it takes no server out",
      fix: `add \`${subject.keyword}\``,
      stock: subject.stock,
    });
  });
}
