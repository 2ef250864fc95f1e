// The lines of a block of values: leading words, then options in any order.

import { parseIpAddress } from "../../base/address.ts";
import type { Finding } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { optionsOf } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import { readArguments } from "./read-arguments.ts";
import type { ValueOwner } from "./read-values.ts";
import { hasParameter, type Reading, spanAt, withEdits } from "./reading.ts";
import type { Entry, EntryOption } from "./section.ts";
import type { LineSpec, OptionSpec } from "./table/keyword-spec.ts";

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
    entries.push(readEntry(line, spec, owner, reading));
    if (line.block !== undefined) reportBlock(line, reading);
  }
  return entries;
}

function readEntry(line: Line, spec: LineSpec, owner: ValueOwner, reading: Reading): Entry {
  const named = optionsOf(spec);
  const options: EntryOption[] = [];
  const { values, next } = readArguments(line, 0, spec.leading, owner, reading, named);
  for (let index = next; index < line.words.length; ) {
    const word = line.words[index];
    const option = word === undefined ? undefined : named.get(word.text);
    if (option === undefined) {
      reportUnknown(line, index, spec, owner, reading);
      index++;
      continue;
    }
    const optionOwner = { ...owner, name: option.name, acts: owner.acts && option.acts };
    if (owner.acts || option.deprecated !== undefined)
      reportState(line, index, option, owner, reading);
    const read = readArguments(line, index + 1, option.arguments, optionOwner, reading, named);
    options.push({ name: option.sameAs ?? option.name, values: read.values, wordIndex: index });
    index = Math.max(read.next, index + 1);
  }
  return { spec, line, leading: values, options };
}

function reportState(
  line: Line,
  index: number,
  option: OptionSpec,
  owner: ValueOwner,
  reading: Reading,
): void {
  const { deprecated, name } = option;
  if (deprecated !== undefined)
    reading.reportAt(line, index, "V50", {
      severity: "advice",
      message: `\`${name}\` is deprecated`,
      fix: deprecated.advice,
      ...(deprecated.rename === undefined
        ? {}
        : withEdits(reading.replaceWord(line, index, deprecated.rename))),
    });
  if (option.acts || !owner.acts) return;
  reading.reportAt(line, index, "K01", {
    severity: "warning",
    message: `\`${name}\` is read, but Keelson does not act on it yet`,
    ...(option.missing === undefined ? {} : { effect: option.missing }),
  });
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
  const near = nearestWord(text, optionsOf(spec).keys());
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
