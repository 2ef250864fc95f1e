// A TextMate grammar of keepalived.conf, for editors that colour by it. Keywords come from the table.

import { blocksIn, linesOf, optionsIn } from "./blocks.ts";
import { fileBlock } from "./root.ts";

/** The grammar as JSON text. */
export function textmateGrammar(): string {
  const blocks = blocksIn(fileBlock);
  const all = blocks.flatMap(({ keywords }) => keywords);
  const containers = namesOf(all.filter(({ contents }) => contents !== undefined));
  const keywords = namesOf(all.filter(({ contents }) => contents === undefined));
  const options = namesOf(
    all.flatMap((keyword) => [
      ...optionsIn(keyword.options ?? []),
      ...optionsIn(linesOf(keyword)?.options ?? []),
    ]),
  );
  const grammar = {
    name: "keepalived.conf",
    scopeName: "source.keepalived",
    fileTypes: ["conf"],
    patterns: [
      { name: "comment.line.keepalived", match: "[#!].*$" },
      { name: "string.quoted.double.keepalived", match: '"[^"\\n]*"?' },
      {
        match: `^\\s*(?:@[\\^!]?\\S*\\s+)?(${containers})(?=[\\s{]|$)`,
        captures: { 1: { name: "entity.name.type.keepalived" } },
      },
      {
        match: `^\\s*(?:@[\\^!]?\\S*\\s+)?(${keywords})(?=[\\s}]|$)`,
        captures: { 1: { name: "keyword.other.keepalived" } },
      },
      {
        match: "^\\s*(include[rmwba]?)\\s+(\\S.*)$",
        captures: {
          1: { name: "keyword.control.include.keepalived" },
          2: { name: "string.unquoted.keepalived" },
        },
      },
      { name: "keyword.control.condition.keepalived", match: "^\\s*@[\\^!]?\\S+" },
      { name: "keyword.control.loop.keepalived", match: "~(SEQx?|LST)\\([^)]*\\)" },
      {
        match: "^\\s*(\\$[A-Za-z_]\\w*)(=)",
        captures: {
          1: { name: "variable.other.definition.keepalived" },
          2: { name: "keyword.operator.assignment.keepalived" },
        },
      },
      { name: "variable.other.keepalived", match: "\\$\\{[^}]*\\}|\\$[A-Za-z_]\\w*" },
      {
        name: "constant.numeric.address.keepalived",
        match: "\\b\\d{1,3}(\\.\\d{1,3}){3}(/\\d+)?\\b|\\b[0-9A-Fa-f]*:[0-9A-Fa-f:]+(/\\d+)?",
      },
      { name: "constant.numeric.keepalived", match: "(?<=\\s)-?\\d+(\\.\\d+)?\\b" },
      {
        name: "constant.language.keepalived",
        match:
          "(?<=\\s)(MASTER|BACKUP|PASS|AH|NAT|DR|TUN|TCP|UDP|SCTP|on|off|true|false|yes|no)\\b",
      },
      { name: "support.type.property-name.keepalived", match: `(?<=\\s)(${options})(?=\\s|$)` },
    ],
  };
  return `${JSON.stringify(grammar, undefined, 2)}\n`;
}

/** Alternatives of a regular expression, longer ones first, so that none hides behind its own beginning. */
function namesOf(specs: readonly { readonly name: string }[]): string {
  const names = [...new Set(specs.map(({ name }) => name))];
  return names
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((name) => name.replaceAll(/[-.*+?^$]/g, "\\$&"))
    .join("|");
}
