// Lines -> a section, by the table: which keyword each line is, its values, its block. Every line is judged here.

import { reportMissingBlock, reportUnexpectedBlock } from "./block-findings.ts";
import { reportCommand, reportGluedQuote } from "./command-findings.ts";
import { reportCutWords } from "./cut-words.ts";
import { KeywordFindings } from "./keyword-findings.ts";
import { type IndexedKeyword, indexedKeywords } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import { readArguments } from "./read-arguments.ts";
import { readEntries } from "./read-entries.ts";
import { readOptions } from "./read-options.ts";
import { Reading, type ReadingContext, type Surroundings } from "./reading.ts";
import type { Entry, EntryOption, Section, Setting } from "./section.ts";
import type { BlockSpec } from "./table/keyword-spec.ts";

/** Reads the lines of a block; of the file itself when `block` is the root. Never throws, whatever the lines. */
export function readSection(
  lines: readonly Line[],
  block: BlockSpec,
  context: ReadingContext,
): Section {
  return new SectionReader(new Reading(context)).section(lines, { block, acts: true });
}

const noEntries: readonly Entry[] = [];

class SectionReader {
  readonly #reading: Reading;
  readonly #findings: KeywordFindings;
  /** The settings of all blocks that are open: one list that grows once, and each block takes its own from it. */
  readonly #settings: Setting[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#findings = new KeywordFindings(reading);
  }

  section(lines: readonly Line[], around: Surroundings): Section {
    const keywords = indexedKeywords(around.block);
    const stack = this.#settings;
    const start = stack.length;
    for (const line of lines) {
      const name = line.text(0);
      if (name === undefined) continue;
      reportCutWords(line, this.#reading);
      const keyword = keywords.get(name);
      if (keyword === undefined) this.#findings.unknown(line, around);
      else stack.push(this.#setting(line, keyword, around, start));
    }
    const settings = stack.slice(start);
    while (stack.length > start) stack.pop();
    return { spec: around.block, settings };
  }

  /** `start` is where the settings of the same block begin on the stack. */
  #setting(line: Line, keyword: IndexedKeyword, around: Surroundings, start: number): Setting {
    const { spec, contents } = keyword;
    const acts = around.acts && keyword.acts;
    if (!keyword.repeats) this.#findings.repeated(line, spec, this.#settings, start);
    if (keyword.isDeprecated) this.#findings.deprecated(line, spec);
    if (around.acts && !keyword.acts) this.#findings.notActedOn(line, spec);
    const owner = around.acts ? keyword.owner : keyword.idleOwner;
    const read = readArguments(line, 1, keyword.lists, owner, this.#reading, keyword.options);
    const { values } = read;
    let { next } = read;
    let options: EntryOption[] | undefined;
    if (next < line.wordCount && spec.options !== undefined) {
      options = [];
      next = readOptions(line, next, spec.options, owner, this.#reading, options);
    }
    const open = contents !== undefined && line.block === undefined;
    if (open) reportMissingBlock(line, next, spec, acts, this.#reading);
    const more = next < line.wordCount && !open;
    const lost = more && this.#findings.extraWords(line, next, spec, around);
    if (keyword.isCommand) reportGluedQuote(line, spec, this.#reading);
    if (line.wordCount > 2) reportCommand(line, spec, this.#reading);
    if (keyword.isChecked) this.#findings.check(line, spec);
    if (contents === undefined) {
      if (line.block !== undefined && !lost) reportUnexpectedBlock(line, this.#reading);
      return options === undefined ? { spec, line, values } : { spec, line, values, options };
    }
    const lines = line.block ?? [];
    if (contents.kind === "keywords") {
      const { block } = contents;
      const section = this.section(lines, { block, opener: line, outer: around, acts });
      return { spec, line, values, section };
    }
    const entries =
      lines.length === 0 ? noEntries : readEntries(lines, contents.lines, owner, this.#reading);
    return { spec, line, values, entries };
  }
}
