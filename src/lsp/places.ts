// Spans of ours (from 1) and ranges of the protocol (from 0); both count columns in UTF-16 units.

import type { Location, Position, Range } from "vscode-languageserver";
import type { Span } from "../conf/text/diagnostic.ts";
import { uriOf } from "./workspace.ts";

/** The range of a span; `text` tells where lines end, for spans that go over line ends. */
export function rangeOf(span: Span, text: string | undefined): Range {
  const line = Math.max(0, span.line - 1);
  const character = Math.max(0, span.column - 1);
  const start: Position = { line, character };
  if (text === undefined) return { start, end: { line, character: character + span.length } };
  const lines = text.split("\n");
  let end: Position = { line, character: character + span.length };
  for (let length = (lines[end.line] ?? "").length; end.character > length; ) {
    if (end.line >= lines.length - 1) {
      end = { line: end.line, character: length };
      break;
    }
    end = { line: end.line + 1, character: end.character - length - 1 };
    length = (lines[end.line] ?? "").length;
  }
  return { start, end };
}

/** Where a span is, for the editor. */
export function locationOf(span: Span, text: string | undefined): Location {
  return { uri: uriOf(span.file), range: rangeOf(span, text) };
}

/** True when a position is in a span, or right behind it. */
export function contains(span: Span, position: Position): boolean {
  const column = position.character + 1;
  return (
    span.line === position.line + 1 && span.column <= column && column <= span.column + span.length
  );
}
