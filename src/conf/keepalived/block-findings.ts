// Blocks where none belongs, and keywords without the block that they need.

import type { Edit } from "../text/diagnostic.ts";
import type { Line } from "./language/expand.ts";
import { indentUnit } from "./one-line-block.ts";
import { type Reading, withEdits } from "./reading.ts";
import type { KeywordSpec } from "./table/keyword-spec.ts";

/** S25. */
export function reportUnexpectedBlock(line: Line, reading: Reading): void {
  reading.reportAt(line, 0, "S25", {
    severity: "error",
    message: `\`${line.words[0]?.text ?? ""}\` takes no block`,
    effect: "keepalived ignores the `{`; the `}` that belongs to it then closes another block",
    fix: "remove the braces, or quote them when they belong to the argument",
    stops: true,
    stock: "Unexpected '{' - ignoring",
  });
}

/** S07. The words from `next` on may be what belongs between the braces. */
export function reportMissingBlock(
  line: Line,
  next: number,
  spec: KeywordSpec,
  acts: boolean,
  reading: Reading,
): void {
  const values = line.words.slice(next);
  const written = values.map(({ text }) => `\`${text}\``).join(" ");
  const bracket = values.length === 1 && /^[([<]$/.test(values[0]?.text ?? "");
  const listed = spec.contents?.kind === "lines" && values.length > 0 && !bracket;
  reading.reportAt(line, 0, "S07", {
    severity: "error",
    message: `\`${spec.name}\` needs a block`,
    effect: "keepalived takes the lines that follow for its block, up to some `}`",
    fix: listed ? `write ${written} between braces, on a line of its own` : "open it with `{`",
    ...(acts ? { stops: true } : {}),
    ...(listed ? withEdits(bracesEdit(line, next, spec, reading)) : {}),
    ...(bracket ? withEdits(reading.replaceWord(line, next, "{")) : {}),
  });
}

/** Puts the words from `next` on between braces: on a line of their own, or each on one where a line takes one. */
function bracesEdit(
  line: Line,
  next: number,
  spec: KeywordSpec,
  reading: Reading,
): readonly Edit[] {
  const first = line.words[next];
  const before = line.words[next - 1];
  const last = line.words.at(-1);
  if (first === undefined || before === undefined || last?.line !== before.line) return [];
  if (!reading.isWritten(line, first) || !reading.isWritten(line, last)) return [];
  const lines = reading.linesOf(line.file);
  const indent = /^[ \t]*/.exec(lines[first.line - 1] ?? "")?.[0] ?? "";
  const deeper = `\n${indent}${indentUnit(lines)}`;
  const single = spec.contents?.kind === "lines" && spec.contents.lines.options.length === 0;
  const written = line.words.slice(next).map(({ raw }) => raw);
  const column = before.column + before.raw.length;
  const length = last.column + last.raw.length - column;
  return [
    {
      span: { file: line.file, line: first.line, column, length },
      newText: ` {${deeper}${written.join(single ? deeper : " ")}\n${indent}}`,
    },
  ];
}
