// A semicolon at the end of a line.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const semicolon: Rule = {
  id: "S08",
  name: "semicolon",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a semicolon at the end of a line belongs to its value",
  explanation: [
    "nginx ends its lines with `;`, keepalived.conf does not: the sign is a part of the last word. A number",
    "becomes invalid (`2;`), and keepalived takes it or its default, depending on the keyword. A name, a",
    "password, an address or the argument of a script silently becomes another one.",
    "",
    "Keelson takes a number as if the `;` were not there, and says so. Remove the sign;",
    "`keelson check --fix` does it. Quote a value that does end with it.",
  ].join("\n"),
  bad: [instanceWith("advert_int 2;")],
  good: [instanceWith("advert_int 2"), instanceWith("advert_int 2 # seconds;")],
  sources: ["https://github.com/acassen/keepalived/issues/1141"],
};
