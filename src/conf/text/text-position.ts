// Lines and columns of a text -> offsets, for formats that count in bytes or name the end of a place.

import type { Span } from "./diagnostic.ts";

/** Where a span begins and ends. Lines and columns count from 1, columns in UTF-16 units; offsets from 0. */
export interface Extent {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Of the first character behind the span. */
  readonly endColumn: number;
  /** Offsets in the UTF-8 form of the file. */
  readonly byteStart: number;
  readonly byteEnd: number;
  /** Offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Positions of one text; built once a file, because every question about bytes reads from a line's beginning. */
export class TextPositions {
  readonly #text: string;
  readonly #lineStarts: number[] = [0];
  readonly #byteStarts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    let bytes = 0;
    for (let from = 0, at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      bytes += utf8Length(text, from, at + 1);
      from = at + 1;
      this.#lineStarts.push(from);
      this.#byteStarts.push(bytes);
    }
  }

  /** The text of a line, without its end. */
  line(line: number): string {
    const start = this.#lineStarts[line - 1] ?? this.#text.length;
    const end = this.#lineStarts[line];
    return this.#text.slice(start, end === undefined ? undefined : end - 1).replace(/\r$/, "");
  }

  /** The extent of a span; what lies beyond the text counts as its end. */
  extent(span: Span): Extent {
    const start = this.#offset(span);
    const end = Math.min(start + span.length, this.#text.length);
    const endLine = this.#lineAt(end, span.line);
    const endColumn = end - (this.#lineStarts[endLine - 1] ?? 0) + 1;
    const { line, column } = span;
    const byteStart = this.#bytes(line, start);
    const byteEnd = this.#bytes(endLine, end);
    return { line, column, endLine, endColumn, byteStart, byteEnd, start, end };
  }

  #offset(span: Span): number {
    const lineStart = this.#lineStarts[span.line - 1] ?? this.#text.length;
    return Math.min(lineStart + span.column - 1, this.#text.length);
  }

  #lineAt(offset: number, from: number): number {
    let line = from;
    while ((this.#lineStarts[line] ?? Number.POSITIVE_INFINITY) <= offset) line++;
    return line;
  }

  #bytes(line: number, offset: number): number {
    const lineStart = this.#lineStarts[line - 1] ?? offset;
    return (this.#byteStarts[line - 1] ?? 0) + utf8Length(this.#text, lineStart, offset);
  }
}

/** Bytes that a part of a text takes in UTF-8; a lone surrogate takes three, as its replacement does. */
export function utf8Length(text: string, start = 0, end: number = text.length): number {
  let bytes = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/** The positions of the texts that were read, each built when it is first asked for. */
export function positionsOf(
  sources: ReadonlyMap<string, string>,
): (file: string) => TextPositions | undefined {
  const built = new Map<string, TextPositions>();
  return (file) => {
    const known = built.get(file);
    if (known !== undefined) return known;
    const text = sources.get(file);
    if (text === undefined) return undefined;
    const positions = new TextPositions(text);
    built.set(file, positions);
    return positions;
  };
}
