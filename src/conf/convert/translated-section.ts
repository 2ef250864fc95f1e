// Sections of a translation with the places of the file that was read.

import type { Line } from "../keepalived/language/expand.ts";
import type { Word } from "../keepalived/language/tree.ts";
import type { Entry, Section, Setting } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";

/** Finds the place of a place in the translation. */
export type FindPlace = (span: Span) => Span;

/** A line that says what it says, at the place from which it comes. */
class TranslatedLine implements Line {
  readonly #line: Line;
  readonly #place: FindPlace;

  constructor(line: Line, place: FindPlace) {
    this.#line = line;
    this.#place = place;
  }

  get file(): string {
    return this.span(0).file;
  }

  get words(): readonly Word[] {
    return this.#line.words.map(({ raw, text, quoted, cut }, i) => {
      const { line, column, length } = this.span(i);
      return { raw, text, quoted, cut, line, column, length };
    });
  }

  get wordCount(): number {
    return this.#line.wordCount;
  }

  get hasCutWord(): boolean {
    return this.#line.hasCutWord;
  }

  get block(): readonly Line[] | undefined {
    return this.#line.block?.map((line) => new TranslatedLine(line, this.#place));
  }

  text(index: number): string | undefined {
    return this.#line.text(index);
  }

  isQuoted(index: number): boolean {
    return this.#line.isQuoted(index);
  }

  span(index: number): Span {
    return this.#place(this.#line.span(index));
  }
}

/** Translates sections; each of them once, so that what is the same stays the same. */
export class SectionTranslator {
  readonly #place: FindPlace;
  readonly #done = new Map<Section, Section>();

  constructor(place: FindPlace) {
    this.#place = place;
  }

  section(section: Section): Section {
    const before = this.#done.get(section);
    if (before !== undefined) return before;
    const translated = {
      ...section,
      settings: section.settings.map((setting) => this.#setting(setting)),
    };
    this.#done.set(section, translated);
    return translated;
  }

  #setting(setting: Setting): Setting {
    const { line, section, entries } = setting;
    return {
      ...setting,
      line: new TranslatedLine(line, this.#place),
      ...(section === undefined ? {} : { section: this.section(section) }),
      ...(entries === undefined ? {} : { entries: entries.map((entry) => this.#entry(entry)) }),
    };
  }

  #entry(entry: Entry): Entry {
    return { ...entry, line: new TranslatedLine(entry.line, this.#place) };
  }
}
