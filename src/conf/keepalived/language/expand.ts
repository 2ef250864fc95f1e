// Text -> lines: includes are read, conditions decided, parameters replaced, repetitions written out. What remains are
// keywords with arguments and blocks. Everything happens line by line in the order of the text, as keepalived
// does it, because a definition holds from where it stands, and may hold half a block.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { codeEnd, lineEnd } from "./characters.ts";
import { Conditions } from "./conditions.ts";
import { definedName, definitionBody } from "./definition.ts";
import type { FileReader, ReadFault } from "./file-reader.ts";
import { type IncludeRequest, includedPaths, reportUnreadable } from "./includes.ts";
import type { Line } from "./line.ts";
import { LineBuilder } from "./line-builder.ts";
import {
  backslashFinding,
  badDefinition,
  blankLineFindings,
  LongLines,
  oddCondition,
  quoteFlaw,
  textFaults,
  unreplacedFinding,
} from "./line-findings.ts";
import { Parameters, type Unreplaced } from "./parameters.ts";
import { type Place, Placement } from "./placement.ts";
import { seededRandom } from "./random.ts";
import {
  badRepetition,
  includeLoop,
  neverEnding,
  openQuote,
  tooManyRounds,
  unreadable,
} from "./reading-findings.ts";
import { parseRepetition, type Repetition } from "./repeat.ts";
import { isIncludeKeyword, Scanner, type ScannerListener } from "./scanner.ts";
import type { Word } from "./tree.ts";
import { SourceText } from "./words.ts";

export type { FileReader, ReadFault } from "./file-reader.ts";
export type { Line } from "./line.ts";

const nestingMax = 64;
const filesMax = 10_000;
const replacementsMax = 700_000;
const replacementLengthMax = 100_000;
/** The manual page shows a line that stands for 65,024. */
const roundsMax = 70_000;

/** Words of lines that stand for others have their places already. */
const noText = new SourceText("", "");

/** A text that is being read: a file, or lines that stand for a line of one. */
interface Source {
  readonly file: string;
  readonly text: SourceText;
  readonly scanner: Scanner;
  /** Absent for the text of the file itself. */
  readonly placement?: Placement;
  /** The next `$` of the text; its length when there is none. */
  nextDollar: number;
}

/** Reads files and replaces parameters for one configuration. */
export class Expander {
  /** Texts of the files read until here. */
  readonly sources: Map<string, string> = new Map();
  /** By included file: the line that includes it first. */
  readonly includes: Map<string, Span> = new Map();
  readonly #reader: FileReader;
  readonly #diagnostics: Diagnostic[];
  readonly #conditions: Conditions;
  readonly #parameters: Parameters;
  readonly #builder: LineBuilder;
  readonly #chain: string[] = [];
  /** Parameters that lines define which do not count on this node. */
  readonly #leftOut = new Set<string>();
  #filesRead = 0;
  #replacements = 0;
  #rounds = 0;
  #depth = 0;
  /** True once a parameter was found to contain itself: the rest is not worth the time. */
  #endless = false;

  constructor(reader: FileReader, activeIds: ReadonlySet<string>, diagnostics: Diagnostic[]) {
    this.#reader = reader;
    this.#diagnostics = diagnostics;
    this.#conditions = new Conditions(activeIds);
    this.#builder = new LineBuilder(diagnostics);
    const [instance] = activeIds;
    const random = seededRandom(reader.randomSeed ?? 1);
    this.#parameters = new Parameters({ instance, environment: reader.environment, random });
  }

  /** The lines of a configuration; undefined when its file cannot be read. */
  file(path: string): readonly Line[] | undefined {
    const fault = this.#readFile(path);
    if (fault !== undefined) {
      this.#diagnostics.push(unreadable(path, fault.text ?? fault.kind));
      return undefined;
    }
    const lines = this.#builder.end();
    this.#conditions.report(this.#diagnostics);
    return this.#endless ? [] : lines;
  }

  #readFile(path: string): ReadFault | undefined {
    this.#filesRead++;
    const read = this.#reader.readFile(path);
    if (!read.ok) return read.fault;
    const text = read.value;
    const isKnown = this.sources.has(path);
    this.sources.set(path, text);
    const faults = textFaults(path, text);
    if (!isKnown) this.#diagnostics.push(...faults);
    if (faults.some((fault) => fault.stops === true)) return undefined;
    this.#chain.push(path);
    this.#scan(this.#source(path, text, undefined));
    this.#builder.finishLine();
    this.#chain.pop();
    return undefined;
  }

  #source(file: string, text: string, placement: Placement | undefined): Source {
    const spanOf = (scanner: Scanner, start: number, end: number): Span => ({
      file,
      ...(placement?.of(start, end) ?? placeIn(scanner, start, end)),
    });
    const longLines = new LongLines(file, text, this.#diagnostics);
    const listener: ScannerListener = {
      counts: (id, negated, scanner) => {
        const span = spanOf(scanner, scanner.start, scanner.end);
        if (this.#conditions.counts(id, negated, span)) return true;
        const name = definedName(scanner.text, scanner.end);
        if (name !== undefined) this.#leftOut.add(name);
        return false;
      },
      oddConditionAt: (start, end, scanner) =>
        this.#diagnostics.push(
          oddCondition(scanner.text.slice(start, end), spanOf(scanner, start, end)),
        ),
      backslashAt: (offset, scanner, inComment) => {
        if (placement === undefined)
          this.#diagnostics.push(backslashFinding(spanOf(scanner, offset, offset + 1), inComment));
      },
      longLineAt: (start, end, line) => {
        if (placement === undefined) longLines.check(start, end, line);
      },
    };
    const scanner = new Scanner(text, listener);
    const nextDollar = dollarFrom(text, 0);
    return placement === undefined
      ? { file, text: new SourceText(file, text), scanner, nextDollar }
      : { file, text: noText, scanner, placement, nextDollar };
  }

  #scan(source: Source): void {
    const { scanner } = source;
    for (let kind = scanner.next(); kind !== "end"; kind = scanner.next()) {
      if (kind === "definition") this.#define(source);
      else if (kind === "repetition") this.#repeat(source);
      else if (scanner.leads && this.#hasDollar(source) && this.#replaceLine(source)) continue;
      else if (scanner.included) this.#include(source);
      else if (kind === "word") this.#word(source);
      else this.#brace(source);
    }
  }

  #brace(source: Source): void {
    const { scanner, file, placement } = source;
    const { line, column } = placement?.of(scanner.start, scanner.end) ?? scanner;
    if (scanner.kind === "open") this.#builder.openBlock(file, line, column);
    else this.#builder.closeBlock(file, line, column, scanner.first);
  }

  #word(source: Source): void {
    const { scanner, placement, file } = source;
    const { start, end, quoted, leads } = scanner;
    if (scanner.unterminated)
      this.#diagnostics.push(openQuote(scanner.text.slice(start, end), this.#span(source)));
    else if (scanner.flaw !== undefined)
      this.#diagnostics.push(quoteFlaw(scanner.flaw, this.#span(source)));
    const text = scanner.wordText();
    if (placement === undefined) {
      const index = source.text.add(text, quoted, start, end);
      this.#builder.sourceWord(source.text, index, file, leads, scanner.column);
      return;
    }
    // One string for both, where nothing is quoted or escaped.
    const raw = text.length === end - start ? text : scanner.text.slice(start, end);
    const next = scanner.text[end];
    const cut = !quoted && (next === "#" || next === "!");
    const word: Word = { text, quoted, raw, cut, ...placement.of(start, end) };
    this.#builder.word(word, file, leads);
  }

  #span(source: Source): Span {
    const { scanner, file, placement } = source;
    return {
      file,
      ...(placement?.of(scanner.start, scanner.end) ??
        placeIn(scanner, scanner.start, scanner.end)),
    };
  }

  /** True when a dollar sign stands on the line, from the piece on. */
  #hasDollar(source: Source): boolean {
    const { scanner } = source;
    if (source.nextDollar < scanner.start)
      source.nextDollar = dollarFrom(scanner.text, scanner.start);
    return (
      source.nextDollar < scanner.text.length &&
      source.nextDollar < lineEnd(scanner.text, scanner.start)
    );
  }

  #define(source: Source): void {
    const { scanner } = source;
    const written = scanner.text.slice(scanner.start, scanner.end);
    const equals = written.indexOf("=");
    if (source.placement === undefined) {
      const { line } = scanner;
      this.#diagnostics.push(...blankLineFindings({ file: source.file, line, text: written }));
    }
    this.#builder.finishLine();
    this.#parameters.define(written.slice(1, equals), definitionBody(written.slice(equals + 1)));
    scanner.skipDefinition();
    scanner.leaveLine(scanner.end);
  }

  /** The rest of the line with its parameters replaced is read in its stead; false when there are none. */
  #replaceLine(source: Source): boolean {
    const { scanner, file } = source;
    if (this.#endless) return false;
    const { text, start } = scanner;
    const stop = codeEnd(text, start);
    const line = text.slice(start, stop);
    const left: Unreplaced[] = [];
    const replaced = this.#parameters.replace(line, file, (parameter) => left.push(parameter));
    const report = (): void => this.#reportUnreplaced(left, line, start, source);
    if (replaced === undefined) {
      report();
      return false;
    }
    this.#replacements++;
    const before = this.#placesFrom(source, start);
    if (
      this.#replacements > replacementsMax ||
      replaced.text.length > replacementLengthMax ||
      this.#depth >= nestingMax
    )
      this.#neverEnds(source);
    else this.#scanStandIn(file, replaced.text, new Placement(replaced.parts, before));
    scanner.leaveLine(stop);
    return true;
  }

  /** Places of what begins at an offset, by offsets from there. */
  #placesFrom(source: Source, origin: number): (start: number, end: number) => Place {
    const { scanner, placement } = source;
    const { line, lineStart } = scanner;
    if (placement !== undefined) return (from, to) => placement.of(origin + from, origin + to);
    return (from, to) => ({ line, column: origin + from - lineStart + 1, length: to - from });
  }

  #scanStandIn(file: string, text: string, placement: Placement): void {
    this.#depth++;
    this.#builder.finishLine();
    this.#scan(this.#source(file, text, placement));
    this.#depth--;
  }

  #reportUnreplaced(
    left: readonly Unreplaced[],
    line: string,
    start: number,
    source: Source,
  ): void {
    const before = this.#placesFrom(source, start);
    if (/^\$[^\s=({]*\s*(\([^)]*\))?\s*=/.test(line)) {
      const width = /^[^=]*=/.exec(line)?.[0].length ?? 1;
      this.#diagnostics.push(badDefinition(line, { file: source.file, ...before(0, width) }));
      return;
    }
    for (const parameter of left) {
      const { start: from, written } = parameter;
      const span = { file: source.file, ...before(from, from + written.length) };
      const isLeftOut = parameter.why === "undefined" && this.#leftOut.has(parameter.name);
      const finding = unreplacedFinding(parameter, line, span, isLeftOut);
      if (finding !== undefined) this.#diagnostics.push(finding);
    }
  }

  #repeat(source: Source): void {
    const { scanner, file } = source;
    const { text, start, end } = scanner;
    const stop = Math.max(end, codeEnd(text, end));
    const head = this.#parameters.replaceAll(text.slice(start, end), file);
    const rest = text.slice(end, stop).trim();
    const repetition = parseRepetition(head, roundsMax);
    this.#builder.finishLine();
    if ("fault" in repetition || this.#depth >= nestingMax) {
      const fault = "fault" in repetition ? repetition.fault : "repetitions are nested too deep";
      const written = text.slice(start, stop).trimEnd();
      this.#diagnostics.push(badRepetition(written, fault, this.#span(source)));
    } else if (rest !== "") this.#writeOut(source, repetition, rest, text.indexOf(rest, end));
    scanner.leaveLine(stop);
  }

  #writeOut(source: Source, repetition: Repetition, rest: string, origin: number): void {
    const part = { start: 0, origin: 0, width: rest.length, literal: true };
    const placement = new Placement([part], this.#placesFrom(source, origin));
    for (const round of repetition.rounds()) {
      if (++this.#rounds > roundsMax) {
        if (this.#rounds === roundsMax + 1)
          this.#diagnostics.push(tooManyRounds(roundsMax, this.#span(source)));
        return;
      }
      for (const [name, value] of round) this.#parameters.define(name, value);
      this.#scanStandIn(source.file, rest, placement);
    }
  }

  #include(source: Source): void {
    const { scanner, file } = source;
    const keyword = /(include\w?)\s+$/.exec(scanner.text.slice(0, scanner.start).slice(-40))?.[1];
    const argument = scanner.text.slice(scanner.start, scanner.end);
    this.#builder.dropWord();
    const request: IncludeRequest = {
      keyword: keyword !== undefined && isIncludeKeyword(keyword) ? keyword : "include",
      argument,
      span: this.#span(source),
      file,
    };
    for (const path of includedPaths(request, this.#reader, this.#diagnostics))
      this.#includeFile(request, path);
    scanner.leaveLine(scanner.end);
  }

  #includeFile(request: IncludeRequest, path: string): void {
    const { span } = request;
    const looped = this.#chain.includes(path) || this.#chain.length >= nestingMax;
    if (looped || this.#filesRead >= filesMax) {
      const message = looped ? `\`${path}\` includes itself` : `more than ${filesMax} includes`;
      this.#diagnostics.push(includeLoop(message, request));
      return;
    }
    if (!this.includes.has(path)) this.includes.set(path, span);
    const fault = this.#readFile(path);
    if (fault !== undefined)
      reportUnreadable(request, path, fault.text ?? fault.kind, this.#reader, this.#diagnostics);
  }

  #neverEnds(source: Source): void {
    if (this.#endless) return;
    this.#endless = true;
    this.#diagnostics.push(neverEnding(this.#span(source)));
  }
}

function placeIn(scanner: Scanner, start: number, end: number): Place {
  return { line: scanner.line, column: start - scanner.lineStart + 1, length: end - start };
}

function dollarFrom(text: string, from: number): number {
  const next = text.indexOf("$", from);
  return next < 0 ? text.length : next;
}
