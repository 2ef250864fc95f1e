// Lines that are no directive, or that stand where none may.

import { nearestWord } from "../text/nearest-word.ts";
import type { Scope } from "./directive-spec.ts";
import { directiveNames, directiveOf, directivesIn, droppedDirectives } from "./directives.ts";
import type { LineFindings } from "./line-findings.ts";
import type { ScannedLine } from "./scan-lines.ts";

const refused =
  "ldirectord does not start with this, and a reload keeps what runs; so does Keelson";

/** An indented line that belongs to no section. */
export function reportStray(
  line: ScannedLine,
  sectionBefore: boolean,
  findings: LineFindings,
): void {
  const known = directiveOf(line.name) !== undefined || /^virtual6?$/.test(line.name);
  const span = findings.nameSpan(line);
  if (!known) {
    reportUnreadable(line, sectionBefore ? "virtual" : "global", findings);
    return;
  }
  if (line.sectionEndedAt !== undefined) {
    findings.report(span, "D02", {
      severity: "error",
      stops: true,
      message: `\`${line.name}\` belongs to no virtual server`,
      related: [
        { span: findings.lineSpan(line.sectionEndedAt), label: "this empty line ends the section" },
      ],
      effect: refused,
      fix: "remove the empty line, or write a `#` into it",
    });
    return;
  }
  const narrow = sectionBefore && line.indent < 4;
  findings.report({ ...span, column: 1, length: Math.max(1, line.column - 1) }, "D02", {
    severity: "error",
    stops: true,
    message: narrow
      ? `\`${line.name}\` is indented with ${line.indent} ${line.indent === 1 ? "blank" : "blanks"}`
      : `\`${line.name}\` is indented, and stands under no \`virtual=\``,
    effect: refused,
    fix: narrow
      ? "indent it with a tab or with four blanks"
      : "begin it at the beginning of the line, or put it under its `virtual=`",
  });
}

/** A line whose name is no directive. */
export function reportUnreadable(line: ScannedLine, scope: Scope, findings: LineFindings): void {
  const span = findings.nameSpan(line);
  const instead = droppedDirectives.get(line.name);
  if (instead !== undefined) {
    const names = instead.map((name) => `\`${name}\``).join(" and ");
    findings.report(span, "D14", {
      severity: "error",
      stops: true,
      message: `\`${line.name}\` exists no longer`,
      effect: refused,
      fix: `write ${names}`,
    });
    return;
  }
  if (/^virtual6?$/.test(line.name)) {
    const inSection = line.value !== undefined;
    findings.report(span, inSection ? "D02" : "D04", {
      severity: "error",
      stops: true,
      message: inSection
        ? `\`${line.name}\` is indented, and so belongs to the virtual server above`
        : `\`${line.name}\` has no value`,
      effect: refused,
      fix: inSection
        ? "begin it at the beginning of the line"
        : `write \`${line.name}=ADDRESS:PORT\``,
    });
    return;
  }
  reportUnknown(line, scope, findings);
}

function reportUnknown(line: ScannedLine, scope: Scope, findings: LineFindings): void {
  const [word = ""] = line.name.split(/\s/, 1);
  const near = nearest(word, scope);
  const isSentence = line.value === undefined && near === undefined;
  findings.report(
    {
      ...findings.nameSpan(line),
      length: Math.max(1, isSentence ? line.name.length : word.length),
    },
    "D01",
    {
      severity: "error",
      stops: true,
      message: isSentence ? "this line is no directive" : `unknown directive \`${word}\``,
      ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
      effect: refused,
      fix:
        near === undefined
          ? "remove the line, or make it a comment with `#`"
          : fixFor(line, word, near),
    },
  );
}

/** `checktype connect` lacks its `=`; another word is misspelt. */
function fixFor(line: ScannedLine, word: string, near: string): string {
  const rest = line.name.slice(word.length).trim();
  return line.value === undefined && rest !== ""
    ? `write \`${near}=${rest}\``
    : `write \`${near}\``;
}

function nearest(word: string, scope: Scope): string | undefined {
  if (directiveOf(word) !== undefined) return word;
  const candidates = [
    ...directivesIn(scope),
    ...(scope === "global" ? ["virtual", "virtual6"] : []),
  ];
  return nearestWord(word, candidates) ?? nearestWord(word, directiveNames);
}
