// The lines of a block of values: leading words, then options in any order.

import { reportCutWords } from "./cut-words.ts";
import { coveredBlock } from "./ignored-block.ts";
import { commentSign } from "./keyword-hints.ts";
import { optionsByName } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import { readArguments } from "./read-arguments.ts";
import { readOptions } from "./read-options.ts";
import type { ValueOwner } from "./read-values.ts";
import { hasParameter, type Reading, spanAt, withEdits } from "./reading.ts";
import type { Entry, EntryOption } from "./section.ts";
import { reportSemicolon } from "./semicolon.ts";
import type { LineSpec } from "./table/keyword-spec.ts";
import { reportUnknownOption } from "./unknown-option.ts";

/** Reads the lines of a block of values that belongs to a keyword. */
export function readEntries(
  lines: readonly Line[],
  spec: LineSpec,
  owner: ValueOwner,
  reading: Reading,
): readonly Entry[] {
  const entries: Entry[] = [];
  for (const line of lines) {
    if (line.words.length === 0) continue;
    reportCutWords(line, reading);
    entries.push(readEntry(line, spec, owner, reading));
    if (line.block !== undefined) reportBlock(line, reading);
  }
  return entries;
}

function readEntry(line: Line, spec: LineSpec, owner: ValueOwner, reading: Reading): Entry {
  const options: EntryOption[] = [];
  const lists =
    spec.variants === undefined
      ? { arguments: spec.leading }
      : { arguments: spec.leading, variants: spec.variants };
  const named = optionsByName(spec.options);
  const { values, next } = readArguments(line, 0, lists, owner, reading, named);
  const unreadable = next === 1 && values[values.length - 1] === undefined;
  // Prose in a list is one finding, not one for each word.
  if (unreadable) return { spec, line, leading: values, options };
  let leading = values;
  for (let index = next; index < line.words.length; ) {
    const read = readOptions(line, index, spec.options, owner, reading, options);
    if (read >= line.words.length) break;
    const late = withLateWord(leading, line.text(read) ?? "", spec);
    if (late === undefined) index = reportUnknown(line, read, spec, owner, reading);
    else {
      leading = late;
      index = read + 1;
    }
  }
  reportTogether(line, spec, reading);
  return { spec, line, leading, options };
}

/** S28, for what the words of a line are together. */
function reportTogether(line: Line, spec: LineSpec, reading: Reading): void {
  if (spec.check === undefined) return;
  const words = line.words.map(({ text }) => text);
  if (words.some(hasParameter)) return;
  const message = spec.check(words);
  if (message !== undefined) reading.reportAt(line, 0, "S28", { severity: "error", message });
}

/** Words that may stand first may stand behind options as well: `src 10.0.0.1 192.0.2.0/24 via 10.0.0.2`. */
function withLateWord(
  leading: Entry["leading"],
  text: string,
  spec: LineSpec,
): Entry["leading"] | undefined {
  for (const [place, { optional, value }] of spec.leading.entries()) {
    if (optional !== true || leading[place] !== undefined) continue;
    const isChoice = value.kind === "choice" && value.choices.includes(text);
    const form = value.kind === "form" ? value.read(text) : undefined;
    if (!isChoice && form?.ok !== true) continue;
    const late = spec.leading.map((_, i) => leading[i]);
    late[place] = form?.ok === true ? form.value : text;
    return late;
  }
  return undefined;
}

/** Reports a word that is no option, and returns where reading goes on. */
function reportUnknown(
  line: Line,
  index: number,
  spec: LineSpec,
  owner: ValueOwner,
  reading: Reading,
): number {
  const text = line.words[index]?.text ?? "";
  if (hasParameter(text)) return index + 1;
  if (text === ";") {
    reportSemicolon(
      line,
      index,
      reading,
      `Unknown configuration entry ';' for ip address - ignoring`,
    );
    return index + 1;
  }
  if (commentSign(text) === undefined)
    return reportUnknownOption(line, index, spec, owner.keyword, reading);
  reportSlashes(line, index, reading);
  return line.words.length;
}

/** Reports a comment of another language. */
export function reportSlashes(line: Line, index: number, reading: Reading): void {
  const text = line.words[index]?.text ?? "";
  const mark = commentSign(text) ?? text;
  const oneLine = mark !== "/*" || reading.textAt(spanAt(line, index)).includes("*/");
  reading.reportAt(line, index, "S09", {
    severity: /^\/[/*]/.test(mark) ? "error" : "warning",
    message: `\`${mark}\` does not begin a comment`,
    effect: "keepalived reads what follows as configuration",
    fix: "begin comments with `#`",
    ...(oneLine ? withEdits(reading.replaceWord(line, index, `# ${text}`)) : {}),
    ...(index === 0 ? coveredBlock(line) : {}),
    ...(mark === "/*" ? coveredComment(line, index, reading) : {}),
    ...(index === 0 ? { stock: `Unknown keyword '${text}'` } : {}),
  });
}

/** A comment of C up to its end, where it has one. */
function coveredComment(
  line: Line,
  index: number,
  reading: Reading,
): { readonly coversTo?: number } {
  const start = spanAt(line, index).line;
  const lines = reading.linesOf(line.file);
  const end = lines.findIndex((text, i) => i >= start - 1 && text.includes("*/"));
  return end < start ? {} : { coversTo: end + 1 };
}

function reportBlock(line: Line, reading: Reading): void {
  reading.reportAt(line, 0, "S25", {
    severity: "error",
    message: `\`${line.words[0]?.text ?? ""}\` takes no block`,
    effect: "keepalived ignores the `{`; the `}` that belongs to it then closes another block",
    fix: "remove the braces",
    stops: true,
  });
}
