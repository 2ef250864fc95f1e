// Nodes -> lines: includes are read, `$NAME` is replaced by its definition, and what remains are keywords
// with arguments and blocks. Done block by block, in the order of the text, because definitions hold from
// where they stand.

import type { Result } from "../../base/result.ts";
import type { Diagnostic, Span } from "../text/diagnostic.ts";
import { parseTree } from "./parse-tree.ts";
import { isIncludeKeyword } from "./scanner.ts";
import type { Block, Definition, Directive, Node, Word } from "./tree.ts";

/** One keyword with its arguments, as it counts. */
export interface Line {
  readonly file: string;
  /** At least one. */
  readonly words: readonly Word[];
  readonly block?: Block;
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

const expansionsMax = 100_000;
const nestingMax = 32;
const filesMax = 10_000;

/** Reads files and replaces parameters for one configuration. */
export class Expander {
  /** Texts of the files read until here. */
  readonly sources: Map<string, string> = new Map();
  readonly #reader: FileReader;
  readonly #activeIds: ReadonlySet<string>;
  readonly #diagnostics: Diagnostic[];
  readonly #definitions = new Map<string, string>();
  readonly #chain: string[] = [];
  #expansions = 0;
  #filesRead = 0;

  constructor(reader: FileReader, activeIds: ReadonlySet<string>, diagnostics: Diagnostic[]) {
    this.#reader = reader;
    this.#activeIds = activeIds;
    this.#diagnostics = diagnostics;
  }

  /** The lines of one file; undefined when it cannot be read. */
  file(path: string, from?: Span): readonly Line[] | undefined {
    this.#filesRead++;
    const looped = this.#chain.includes(path) || this.#chain.length >= nestingMax;
    if (looped || this.#filesRead > filesMax) {
      this.#diagnostics.push({
        severity: "error",
        code: "include-loop",
        message: looped
          ? `\`${path}\` includes itself`
          : `more than ${filesMax} files are included`,
        span: from ?? { file: path, line: 1, column: 1, length: 0 },
        fix: "remove this include",
      });
      return [];
    }
    const read = this.#reader.readFile(path);
    if (!read.ok) return this.#unreadable(path, read.fault, from);
    this.sources.set(path, read.value);
    const options = { file: path, activeIds: this.#activeIds, diagnostics: this.#diagnostics };
    this.#chain.push(path);
    const lines = this.lines(parseTree(read.value, options).children, path);
    this.#chain.pop();
    return lines;
  }

  /** The lines of a list of nodes. */
  lines(nodes: readonly Node[], file: string): readonly Line[] {
    const lines: Line[] = [];
    for (const node of nodes) {
      if (node.kind === "definition") this.#define(node);
      else if (node.kind === "directive") this.#directive(node, file, lines);
    }
    return lines;
  }

  #define(definition: Definition): void {
    this.#definitions.set(definition.name, definition.body);
  }

  #directive(directive: Directive, file: string, lines: Line[]): void {
    const keyword = directive.words[0]?.text ?? "";
    if (isIncludeKeyword(keyword)) {
      for (const line of this.#include(directive, file)) lines.push(line);
      return;
    }
    if (!directive.words.some((word) => word.text.includes("$"))) {
      lines.push({ file, ...withoutKind(directive) });
      return;
    }
    for (const line of this.#replaced(directive, file)) lines.push(line);
  }

  #include(directive: Directive, file: string): readonly Line[] {
    const argument = directive.words[1];
    const keyword = directive.words[0];
    if (argument === undefined || keyword === undefined) {
      if (keyword !== undefined)
        this.#diagnostics.push({
          severity: "error",
          code: "missing-argument",
          message: `\`${keyword.text}\` needs a file name`,
          span: wordSpan(keyword, file),
        });
      return [];
    }
    const span = wordSpan(argument, file);
    const pattern = argument.text.startsWith("/")
      ? argument.text
      : `${file.slice(0, file.lastIndexOf("/") + 1)}${argument.text}`;
    const paths = /[*?[{]/.test(pattern) ? this.#reader.listFiles?.(pattern) : [pattern];
    if (paths === undefined || paths.length === 0) {
      this.#notFound(pattern, span, "no file matches");
      return [];
    }
    return paths.flatMap((path) => this.file(path, span) ?? []);
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

  /** Replaces the parameters of one directive; its block belongs to the last line that results. */
  #replaced(directive: Directive, file: string): readonly Line[] {
    const first = directive.words[0];
    if (first === undefined) return [];
    let text = directive.words.map((word) => word.raw).join(" ");
    for (let depth = 0; ; depth++) {
      const next = this.#replaceOnce(text, depth, directive, file);
      if (next === undefined) break;
      if (depth >= nestingMax || ++this.#expansions > expansionsMax || next.length > 1_000_000) {
        this.#tooDeep(first, file);
        return [];
      }
      text = next;
    }
    const found: Diagnostic[] = [];
    const tree = parseTree(text, { file, activeIds: this.#activeIds, diagnostics: found });
    for (const diagnostic of found)
      this.#diagnostics.push({ ...diagnostic, span: wordSpan(first, file) });
    const placed = tree.children.map((node) => placeNode(node, directive.words));
    const last = placed.at(-1);
    if (last?.kind === "directive" && last.block === undefined && directive.block !== undefined)
      placed[placed.length - 1] = { ...last, block: directive.block };
    return placed.flatMap((node) =>
      node.kind === "directive" ? [{ file, ...withoutKind(node) }] : [],
    );
  }

  /** One round of replacement; undefined when there is nothing to replace. */
  #replaceOnce(
    text: string,
    depth: number,
    directive: Directive,
    file: string,
  ): string | undefined {
    let changed = false;
    const next = text.replaceAll(/\$\{([^}\s]*)[^}]*\}|\$(\w+)/g, (whole, braced, plain) => {
      const name: string = braced ?? plain ?? "";
      const body = this.#definitions.get(name);
      if (body !== undefined) {
        changed = true;
        return body;
      }
      if (depth === 0) this.#undefinedName(name, whole, directive, file);
      return whole;
    });
    return changed ? next : undefined;
  }

  #undefinedName(name: string, whole: string, directive: Directive, file: string): void {
    if (name === "" || name.startsWith("_")) return;
    const word = directive.words.find((candidate) => candidate.raw.includes(whole));
    if (word === undefined || directive.words[0] === word) return;
    this.#diagnostics.push({
      severity: "advice",
      code: "undefined-parameter",
      message: `\`${whole}\` is not defined and stands as it is written`,
      span: wordSpan(word, file),
      fix: `define it above: \`$${name}=...\``,
    });
  }

  #tooDeep(word: Word, file: string): void {
    this.#diagnostics.push({
      severity: "error",
      code: "definition-loop",
      message: `the parameters of this line never end: one of them contains itself`,
      span: wordSpan(word, file),
      effect: "keepalived never finishes reading the file",
    });
  }
}

/** Where a word stands. */
export function wordSpan(word: Word, file: string): Span {
  return { file, line: word.line, column: word.column, length: Math.max(1, word.raw.length) };
}

function withoutKind(directive: Directive): { words: readonly Word[]; block?: Block } {
  const { words, block } = directive;
  return block === undefined ? { words } : { words, block };
}

/** Gives words that come from a definition the place where the definition is used. */
function placeNode(node: Node, used: readonly Word[], depth = 0): Node {
  if (node.kind !== "directive" || depth > nestingMax) return node;
  const words = node.words.map((word, i) => {
    const place = used[i] ?? used.at(-1) ?? word;
    return { ...word, line: place.line, column: place.column, raw: place.raw, cut: false };
  });
  if (node.block === undefined) return { kind: "directive", words };
  const children = node.block.children.map((child) => placeNode(child, used, depth + 1));
  const place = used[0];
  const open = place === undefined ? node.block.open : { ...node.block.open, ...placeOf(place) };
  return { kind: "directive", words, block: { open, children } };
}

function placeOf(word: Word): { line: number; column: number } {
  return { line: word.line, column: word.column };
}
