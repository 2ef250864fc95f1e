// Edits that rules propose: lines put into a block, words taken out or replaced.

import type { Line } from "../keepalived/language/expand.ts";
import { spanAt } from "../keepalived/reading.ts";
import type { Setting } from "../keepalived/section.ts";
import type { Edit, Sources } from "../text/diagnostic.ts";

/** Optional edits as a part of a finding. */
export interface WithEdits {
  readonly edits?: readonly Edit[];
}

/** Where the texts are. */
interface Texts {
  readonly sources: Sources;
}

const nothing: WithEdits = {};
const splitTexts = new WeakMap<Sources, Map<string, readonly string[]>>();

/** A line of a file as it stands there; texts are cut into lines once. */
function textOfLine({ sources }: Texts, file: string, line: number): string {
  let files = splitTexts.get(sources);
  if (files === undefined) {
    files = new Map();
    splitTexts.set(sources, files);
  }
  let lines = files.get(file);
  if (lines === undefined) {
    lines = (sources.get(file) ?? "").split("\n");
    files.set(file, lines);
  }
  return lines[line - 1] ?? "";
}

/**
 * Puts lines at the beginning of the block of a setting, indented like the line that is first now. A line that begins
 * with a tab goes one level deeper. Nothing when the block is empty or begins on the line of its brace.
 */
export function insertLines(texts: Texts, block: Setting, lines: readonly string[]): WithEdits {
  const first = block.line.block?.[0];
  const indent = first && indentOf(texts, first);
  if (first === undefined || indent === undefined) return nothing;
  const outer = indentOf(texts, block.line) ?? "";
  const unit = indent.startsWith(outer) && indent !== outer ? indent.slice(outer.length) : "    ";
  const newText = lines.map((line) => `${line.replace(/^\t/, unit)}\n${indent}`).join("");
  return { edits: [{ span: { ...spanAt(first, 0), length: 0 }, newText }] };
}

/** The blanks in front of a line's first word, when nothing else stands there. */
function indentOf(texts: Texts, line: Line): string | undefined {
  const word = line.words[0];
  if (word === undefined || !isWritten(texts, line, 0)) return undefined;
  const before = textOfLine(texts, line.file, word.line).slice(0, word.column - 1);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

/** False for words that come from a definition: their place is where the definition is used. */
function isWritten(texts: Texts, line: Line, index: number): boolean {
  const word = line.words[index];
  if (word === undefined) return false;
  return textOfLine(texts, line.file, word.line).startsWith(word.raw, word.column - 1);
}

/** Puts a text in place of the word at `index`. Nothing when the word comes from a definition. */
export function replaceWord(
  texts: Texts,
  setting: Setting,
  index: number,
  newText: string,
): WithEdits {
  if (!isWritten(texts, setting.line, index)) return nothing;
  return { edits: [{ span: spanAt(setting.line, index), newText }] };
}

/**
 * Takes all words of a setting out, its line as well when nothing else stands there. Nothing when it goes over several
 * lines or comes from a definition.
 */
export function removeSetting(texts: Texts, setting: Setting): WithEdits {
  const { words, file } = setting.line;
  const [first] = words;
  const last = words[words.length - 1];
  if (first === undefined || last === undefined || first.line !== last.line) return nothing;
  if (!words.every((_word, i) => isWritten(texts, setting.line, i))) return nothing;
  const text = textOfLine(texts, file, first.line);
  const from = first.column - 1;
  const to = last.column - 1 + last.raw.length;
  const alone = /^\s*$/.test(text.slice(0, from)) && /^\s*$/.test(text.slice(to));
  const span = alone
    ? { file, line: first.line, column: 1, length: text.length + 1 }
    : { file, line: first.line, column: first.column, length: to - from };
  return { edits: [{ span, newText: "" }] };
}
