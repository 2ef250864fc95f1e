// A value that does not have the form of its kind.

import { httpCheckWith, instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const malformedValue: Rule = {
  id: "S28",
  name: "malformed-value",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a value does not have the form that its keyword takes",
  explanation: [
    "Some values have a form of their own: a prefix length behind an address, a netmask, a MAC address, a",
    "digest of 32 hexadecimal digits, status codes as `200` or `200-299`, an interface name of at most 15",
    "characters. keepalived leaves a value of another form out, or takes the part of it that it understands.",
    "",
    "The finding says which form is due and what counts until it is mended.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("/24", "/255.255.255.0"),
    httpCheckWith("path /\nstatus_code 20x"),
  ],
  good: [instanceWith(""), httpCheckWith("path /\nstatus_code 200")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
