// The words behind a keyword or an option, by their specifications.

import type { Line } from "./language/expand.ts";
import { readValue, type ValueOwner } from "./read-values.ts";
import { hasParameter, type Reading, spanAt } from "./reading.ts";
import type { ArgumentSpec, SettingValue, Variant } from "./table/keyword-spec.ts";

/** The values of a keyword or option, and the index of the first word that belongs to none of them. */
export interface ReadArguments {
  readonly values: readonly (SettingValue | undefined)[];
  readonly next: number;
}

/** What may stand behind a word. */
export interface ArgumentLists {
  readonly arguments: readonly ArgumentSpec[];
  readonly variants?: readonly Variant[] | undefined;
  readonly withoutArgument?: string | undefined;
}

/** Tells words that begin something else: an optional argument does not take them. */
export type WordFilter = { has(text: string): boolean };

const noValues: readonly undefined[] = [];

/** Lists of one small number, which large files have by the hundred thousand. */
const smallNumbers = Array.from({ length: 256 }, (_, value) => [value] as const);

function listOf(value: SettingValue | undefined): readonly (SettingValue | undefined)[] {
  return (typeof value === "number" ? smallNumbers[value] : undefined) ?? [value];
}

/** Reads the arguments from the word at `from` on. */
export function readArguments(
  line: Line,
  from: number,
  lists: ArgumentLists,
  owner: ValueOwner,
  reading: Reading,
  others?: WordFilter,
): ReadArguments {
  const { arguments: specs, variants } = lists;
  if (variants !== undefined) {
    const word = line.text(from);
    const variant = variants.find((candidate) => candidate.word === word);
    if (variant !== undefined) {
      const read = readList(line, from + 1, variant.arguments, owner, reading, others);
      return { values: [variant.word, ...read.values], next: read.next };
    }
  }
  const { withoutArgument } = lists;
  if (withoutArgument !== undefined && from >= line.wordCount && specs[0]?.optional !== true) {
    reportMissing(line, from, from, specs[0], { ...owner, instead: withoutArgument }, reading);
    return { values: noValues, next: from };
  }
  if (specs.length === 0) return { values: noValues, next: from };
  const only = specs.length === 1 ? specs[0] : undefined;
  if (only !== undefined && only.repeats !== true && only.optional !== true) {
    // The usual keyword has one argument.
    if (from < line.wordCount)
      return { values: listOf(readValue(line, from, only.value, owner, reading)), next: from + 1 };
  }
  return readList(line, from, specs, owner, reading, others);
}

function readList(
  line: Line,
  from: number,
  specs: readonly ArgumentSpec[],
  owner: ValueOwner,
  reading: Reading,
  others: WordFilter | undefined,
): ReadArguments {
  const values: (SettingValue | undefined)[] = [];
  let next = from;
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i];
    if (spec === undefined) break;
    let word = line.text(next);
    if (word === undefined) {
      const missing = specs.find((later, place) => place >= i && later.optional !== true);
      if (missing !== undefined) reportMissing(line, from, next, missing, owner, reading);
      break;
    }
    if (spec.optional === true) {
      const own = i + 1 < specs.length && isListed(spec, word);
      const taken = !own && others?.has(word) === true;
      if (taken || (i + 1 < specs.length && !isChosen(spec, word))) {
        values.push(undefined);
        continue;
      }
    }
    const value = readValue(line, next, spec.value, owner, reading);
    values.push(value);
    next++;
    // A line of a list that does not even begin as one is judged once.
    if (value === undefined && next === 1 && !hasParameter(word)) break;
    if (spec.repeats !== true) continue;
    for (word = line.text(next); word !== undefined && others?.has(word) !== true; ) {
      values.push(readValue(line, next, spec.value, owner, reading));
      next++;
      word = line.text(next);
    }
  }
  // A list that has grown keeps room for more; a large file has a hundred thousand of them.
  return { values: values.slice(), next };
}

/** True for a word of a short list in front of other arguments: `via inet ADDRESS`, where `inet` is an option too. */
function isListed(spec: ArgumentSpec, text: string): boolean {
  return spec.value.kind === "choice" && spec.value.choices.includes(text);
}

/** False for an optional word of a list, `[all] SECONDS`, where another word stands. */
function isChosen(spec: ArgumentSpec, text: string): boolean {
  return spec.value.kind !== "choice" || spec.value.choices.includes(text);
}

function reportMissing(
  line: Line,
  from: number,
  index: number,
  spec: ArgumentSpec | undefined,
  owner: ValueOwner & { readonly instead?: string },
  reading: Reading,
): void {
  const first = line.text(0) ?? "";
  const { name, instead } = owner;
  const what = spec?.name ?? "one";
  const before = line.text(index - 1) ?? name;
  reading.report(spanAt(line, Math.max(0, index - 1)), "S21", {
    severity: "error",
    message:
      index === from ? `\`${name}\` needs an argument` : `\`${name}\` needs another argument`,
    label: `${what} is missing`,
    fix: `write \`${name}\` with ${what}, or remove it`,
    ...(instead === undefined
      ? {
          effect: "keepalived ends at once, at the start and at a reload",
          stops: true,
          stock: `*** Configuration line starting \`${first}\` is missing a parameter after keyword \`${before}\` at word position ${index + 1}`,
        }
      : { effect: instead }),
  });
}
