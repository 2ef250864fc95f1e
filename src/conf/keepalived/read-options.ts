// Options: words with arguments of their own, in any order, behind the arguments of a keyword or the first words of an entry.

import { optionsByName } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import { readArguments } from "./read-arguments.ts";
import type { ValueOwner } from "./read-values.ts";
import { type Reading, spanAt, withEdits } from "./reading.ts";
import type { EntryOption } from "./section.ts";
import type { OptionSpec } from "./table/keyword-spec.ts";

/**
 * Reads options from the word at `from` on into `found`. Options of an option follow it at once. Returns the index of
 * the first word that is no option.
 */
export function readOptions(
  line: Line,
  from: number,
  list: readonly OptionSpec[],
  owner: ValueOwner,
  reading: Reading,
  found: EntryOption[],
): number {
  const named = optionsByName(list);
  const seen = new Map<string, number>();
  let index = from;
  for (;;) {
    const word = line.words[index];
    const option = word === undefined ? undefined : named.get(word.text);
    if (option === undefined) return index;
    reportState(line, index, option, owner, reading);
    reportExcluded(line, index, option, found, reading);
    if (option.repeats !== true) reportRepeated(line, index, option, seen, reading);
    const optionOwner = { ...owner, name: option.name, acts: owner.acts && option.acts };
    const inner = option.options;
    const others = inner === undefined ? named : optionsByName(inner);
    const read = readArguments(line, index + 1, option, optionOwner, reading, others);
    found.push({ name: option.sameAs ?? option.name, values: read.values, wordIndex: index });
    index =
      inner === undefined
        ? read.next
        : readOptions(line, read.next, inner, optionOwner, reading, found);
  }
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

/** S11, for an option. */
function reportRepeated(
  line: Line,
  index: number,
  option: OptionSpec,
  seen: Map<string, number>,
  reading: Reading,
): void {
  const name = option.sameAs ?? option.name;
  const before = seen.get(name);
  seen.set(name, index);
  if (before === undefined) return;
  reading.reportAt(line, index, "S11", {
    severity: "warning",
    message: `\`${option.name}\` is given twice; the last one counts`,
    related: [{ span: spanAt(line, before), label: "this one has no effect" }],
    fix: "keep one of them",
  });
}

function reportExcluded(
  line: Line,
  index: number,
  option: OptionSpec,
  found: readonly EntryOption[],
  reading: Reading,
): void {
  if (option.excludes === undefined) return;
  const other = found.find(({ name }) => option.excludes?.includes(name) === true);
  if (other === undefined) return;
  reading.reportAt(line, index, "S28", {
    severity: "error",
    message: `\`${option.name}\` cannot stand beside \`${other.name}\``,
    fix: "keep one of them",
  });
}
