// The lines of a block of values: leading words, then options in any order.

import { parseIpAddress } from "../../base/address.ts";
import type { Finding } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { reportCutWords } from "./cut-words.ts";
import { optionsByName } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import { readArguments } from "./read-arguments.ts";
import { readOptions } from "./read-options.ts";
import type { ValueOwner } from "./read-values.ts";
import { hasParameter, type Reading, spanAt, withEdits } from "./reading.ts";
import type { Entry, EntryOption } from "./section.ts";
import type { LineSpec } from "./table/keyword-spec.ts";

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
  for (let index = next; index < line.words.length; ) {
    const read = readOptions(line, index, spec.options, owner, reading, options);
    if (read < line.words.length) reportUnknown(line, read, spec, owner, reading);
    index = read + 1;
  }
  return { spec, line, leading: values, options };
}

function reportUnknown(
  line: Line,
  index: number,
  spec: LineSpec,
  owner: ValueOwner,
  reading: Reading,
): void {
  const text = line.words[index]?.text ?? "";
  if (hasParameter(text)) return;
  if (text === ";" || /^(\/\/|\/\*)/.test(text)) {
    if (text !== ";") reportSlashes(line, index, reading);
    return;
  }
  const near = nearestWord(text, optionsByName(spec.options).keys());
  const address = parseIpAddress(text.replace(/\/.*/, "")).ok;
  const finding: Finding = {
    severity: "error",
    message: `\`${text}\` is no option of a line of \`${owner.keyword}\``,
    ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
    effect: "it is ignored",
    ...fixOf(near, address, spec),
    ...(near === undefined ? {} : withEdits(reading.replaceWord(line, index, near))),
    stock: `Unknown configuration entry '${text}' for ip address - ignoring`,
  };
  reading.reportAt(line, index, "S30", finding);
}

function fixOf(
  near: string | undefined,
  address: boolean,
  spec: LineSpec,
): { readonly fix?: string } {
  if (address) return { fix: "put each address on a line of its own" };
  if (near !== undefined) return { fix: `write \`${near}\`` };
  const names = spec.options.map((option) => option.name);
  if (names.length === 0) return { fix: "put it on a line of its own, or remove it" };
  return names.length > 8 ? {} : { fix: `write one of ${names.join(", ")}` };
}

/** Reports a comment of another language. */
export function reportSlashes(line: Line, index: number, reading: Reading): void {
  const text = line.words[index]?.text ?? "";
  const mark = text.slice(0, 2);
  const oneLine = mark === "//" || reading.textAt(spanAt(line, index)).includes("*/");
  reading.reportAt(line, index, "S09", {
    severity: "error",
    message: `\`${mark}\` does not begin a comment`,
    effect: "keepalived reads what follows as configuration",
    fix: "begin comments with `#`",
    ...(oneLine ? withEdits(reading.replaceWord(line, index, `# ${text}`)) : {}),
    ...(index === 0 ? { stock: `Unknown keyword '${text}'` } : {}),
  });
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
