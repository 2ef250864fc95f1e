// Nodes -> lines: includes are read, parameters replaced, repetitions written out. What remains are keywords with
// arguments and blocks. Everything happens in the order of the text, because definitions hold from where they
// stand to the next one.

import type { Result } from "../../../base/result.ts";
import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { Parameters } from "./parameters.ts";
import { type ParseOptions, parseTree } from "./parse-tree.ts";
import { isRepetition, parseRepetition } from "./repeat.ts";
import { isIncludeKeyword } from "./scanner.ts";
import type { Directive, Node, Word } from "./tree.ts";

/** One keyword with its arguments, as it counts. */
export interface Line {
  readonly file: string;
  /** At least one. */
  readonly words: readonly Word[];
  /** The lines of its block; absent when it has none. */
  readonly block?: readonly Line[];
}

/** Why a file could not be read; `text` is for people. */
export interface ReadFault {
  readonly kind: string;
  readonly text?: string;
}

/** Where the text of files comes from: this room opens none. */
export interface FileReader {
  readonly readFile: (path: string) => Result<string, ReadFault>;
  /** Paths that match a pattern of glob(3), sorted; without it patterns match nothing. */
  readonly listFiles?: (pattern: string) => readonly string[];
}

const nestingMax = 64;
const filesMax = 10_000;
const replacementsMax = 200_000;
const replacementLengthMax = 100_000;

/** Reads files and replaces parameters for one configuration. */
export class Expander {
  /** Texts of the files read until here. */
  readonly sources: Map<string, string> = new Map();
  readonly #reader: FileReader;
  readonly #activeIds: ReadonlySet<string>;
  readonly #diagnostics: Diagnostic[];
  readonly #parameters = new Parameters();
  readonly #chain: string[] = [];
  #filesRead = 0;
  #replacements = 0;
  #depth = 0;
  /** True once a parameter was found to contain itself: the rest is not worth the time. */
  #endless = false;

  constructor(reader: FileReader, activeIds: ReadonlySet<string>, diagnostics: Diagnostic[]) {
    this.#reader = reader;
    this.#activeIds = activeIds;
    this.#diagnostics = diagnostics;
  }

  /** The lines of one file; undefined when it cannot be read. `from` is where it is included. */
  file(path: string, from?: Span): readonly Line[] | undefined {
    this.#filesRead++;
    const looped = this.#chain.includes(path) || this.#chain.length >= nestingMax;
    if (looped || this.#filesRead > filesMax) {
      this.#diagnostics.push({
        severity: "error",
        code: "include-loop",
        message: looped ? `\`${path}\` includes itself` : `more than ${filesMax} includes`,
        span: from ?? { file: path, line: 1, column: 1, length: 0 },
        fix: "remove this include",
      });
      return [];
    }
    const read = this.#reader.readFile(path);
    if (!read.ok) return this.#unreadable(path, read.fault, from);
    this.sources.set(path, read.value);
    // What a crash leaves of a file that was being written: no text, and no wish to run nothing.
    const zero = read.value.indexOf("\0");
    if (zero >= 0) {
      const before = read.value.slice(0, zero).split("\n");
      const column = (before[before.length - 1] ?? "").length + 1;
      this.#diagnostics.push({
        severity: "error",
        code: "file-not-text",
        message: `\`${path}\` is no text: a byte of it is 0`,
        span: { file: path, line: before.length, column, length: 1 },
        fix: "write the file again",
      });
      return [];
    }
    const tree = parseTree(read.value, this.#parseOptions(path, this.#diagnostics));
    this.#chain.push(path);
    const lines = this.#lines(tree.children, path);
    this.#chain.pop();
    return lines;
  }

  #parseOptions(file: string, diagnostics: Diagnostic[]): ParseOptions {
    return { file, activeIds: this.#activeIds, diagnostics };
  }

  #lines(nodes: readonly Node[], file: string): readonly Line[] {
    const lines: Line[] = [];
    for (const node of nodes) {
      if (node.kind === "definition") this.#parameters.define(node.name, node.body);
      else if (node.kind === "directive") this.#directive(node, file, lines);
    }
    return lines;
  }

  #directive(directive: Directive, file: string, lines: Line[]): void {
    const first = directive.words[0];
    if (first === undefined) return;
    if (this.#depth > nestingMax) {
      if (directive.words.some((word) => word.text.includes("$"))) this.#neverEnds(first, file);
      else this.#error("nested-too-deep", "blocks are nested too deep", first, file);
      return;
    }
    this.#depth++;
    if (isIncludeKeyword(first.text) && !first.quoted) this.#include(directive, file, lines);
    else if (isRepetition(first.text)) this.#repeat(directive, file, lines);
    else this.#replace(directive, file, lines);
    this.#depth--;
  }

  #replace(directive: Directive, file: string, lines: Line[]): void {
    const text = this.#replaced(directive, file);
    if (text === undefined) {
      const { words, block } = directive;
      if (block === undefined) lines.push({ file, words });
      else lines.push({ file, words, block: this.#lines(block.children, file) });
      return;
    }
    const first = directive.words[0];
    const found: Diagnostic[] = [];
    const tree = parseTree(text, this.#parseOptions(file, found));
    if (first !== undefined)
      for (const finding of found)
        this.#diagnostics.push({ ...finding, span: wordSpan(first, file) });
    const placed = tree.children.map((node) => placeNode(node, directive.words, 0));
    const last = placed.at(-1);
    if (last?.kind === "directive" && last.block === undefined && directive.block !== undefined)
      placed[placed.length - 1] = { ...last, block: directive.block };
    for (const line of this.#lines(placed, file)) lines.push(line);
  }

  /** The text of the words with parameters replaced; undefined when there are none. */
  #replaced(directive: Directive, file: string): string | undefined {
    const { words } = directive;
    if (this.#endless || !words.some((word) => word.text.includes("$"))) return undefined;
    const written = words.map((word) => (word.quoted ? `"${word.text}"` : word.text)).join(" ");
    const text = this.#parameters.replace(written, file, (whole, name) => {
      if (!name.startsWith("_")) this.#undefined(whole, words, file);
    });
    if (text === undefined) return undefined;
    this.#replacements++;
    if (this.#replacements <= replacementsMax && text.length <= replacementLengthMax) return text;
    const first = words[0];
    if (!this.#endless && first !== undefined) this.#neverEnds(first, file);
    return "";
  }

  #undefined(whole: string, words: readonly Word[], file: string): void {
    const word = words.find((candidate) => candidate.text.includes(whole));
    if (word === undefined || word === words[0]) return;
    this.#diagnostics.push({
      severity: "advice",
      code: "undefined-parameter",
      message: `\`${whole}\` is not defined and stands as it is written`,
      span: wordSpan(word, file),
      fix: "define it above, as in `$NAME=value`",
    });
  }

  #repeat(directive: Directive, file: string, lines: Line[]): void {
    const [first, ...rest] = directive.words;
    if (first === undefined || rest.length === 0) return;
    let head = first.text;
    for (let i = 0; i < nestingMax; i++)
      head = this.#parameters.replace(head, file, () => undefined) ?? head;
    const rounds = parseRepetition(head, replacementsMax - this.#replacements);
    if (rounds === undefined) {
      this.#error("bad-repetition", `\`${head}\` cannot be written out`, first, file);
      return;
    }
    const repeated: Directive = { ...directive, words: rest };
    this.#replacements += rounds.length;
    for (const round of rounds) {
      for (const [name, value] of round) this.#parameters.define(name, value);
      this.#directive(repeated, file, lines);
    }
  }

  #include(directive: Directive, file: string, lines: Line[]): void {
    const [keyword, argument] = directive.words;
    if (keyword === undefined) return;
    if (argument === undefined) {
      this.#error("missing-argument", `\`${keyword.text}\` needs a file name`, keyword, file);
      return;
    }
    const span = wordSpan(argument, file);
    const folder = argument.text.startsWith("/") ? "" : file.slice(0, file.lastIndexOf("/") + 1);
    const pattern = `${folder}${argument.text}`;
    const isPattern = /[*?[{]/.test(argument.text);
    const paths = isPattern ? (this.#reader.listFiles?.(pattern) ?? []) : [pattern];
    if (paths.length === 0) this.#notFound(pattern, span, "no file matches");
    for (const path of paths) for (const line of this.file(path, span) ?? []) lines.push(line);
  }

  #unreadable(path: string, fault: ReadFault, from: Span | undefined): undefined {
    const reason = fault.text ?? fault.kind;
    if (from !== undefined) this.#notFound(path, from, reason);
    else
      this.#diagnostics.push({
        severity: "error",
        code: "file-not-readable",
        message: `cannot read \`${path}\`: ${reason}`,
        span: { file: path, line: 1, column: 1, length: 0 },
      });
    return undefined;
  }

  #notFound(pattern: string, span: Span, reason: string): void {
    this.#diagnostics.push({
      severity: "warning",
      code: "include-not-found",
      message: `\`${pattern}\` is not included: ${reason}`,
      span,
      effect: "everything that it would configure is missing",
      fix: "create the file, or remove the include",
    });
  }

  #neverEnds(word: Word, file: string): void {
    this.#endless = true;
    this.#error("definition-loop", "a parameter of this line contains itself", word, file);
  }

  #error(code: string, message: string, word: Word, file: string): void {
    this.#diagnostics.push({ severity: "error", code, message, span: wordSpan(word, file) });
  }
}

/** Where a word stands. */
export function wordSpan(word: Word, file: string): Span {
  return { file, line: word.line, column: word.column, length: Math.max(1, word.raw.length) };
}

/** Gives words that come from a definition the place where the definition is used. */
function placeNode(node: Node, used: readonly Word[], depth: number): Node {
  if (node.kind !== "directive" || depth > nestingMax) return node;
  const words = node.words.map((word, i) => {
    const { line, column, raw } = used[i] ?? used.at(-1) ?? word;
    return { ...word, line, column, raw, cut: false };
  });
  if (node.block === undefined) return { kind: "directive", words };
  const children = node.block.children.map((child) => placeNode(child, used, depth + 1));
  return { kind: "directive", words, block: { open: node.block.open, children } };
}
