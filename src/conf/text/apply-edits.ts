// Changes of a text: what `check --fix` and an editor do with the edits of findings.

import type { Edit } from "./diagnostic.ts";

/** A text after its edits, and which groups of them took place. */
export interface EditedText {
  readonly text: string;
  /** By group, in the order given. */
  readonly applied: readonly boolean[];
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly newText: string;
}

/** Applies edits of one file to its text. Of edits that overlap, the first one counts. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return applyEditGroups(
    text,
    edits.map((edit) => [edit]),
  ).text;
}

/**
 * Applies groups of edits of one file, such as the edits of several findings: each group wholly or
 * not at all. A group that overlaps with one before it, or that reaches beyond the text, stays out;
 * what two groups insert at one place stands in their order, and once when it is the same.
 */
export function applyEditGroups(text: string, groups: readonly (readonly Edit[])[]): EditedText {
  const lineStarts = startsOf(text);
  const taken: Change[] = [];
  const applied = groups.map((group) => {
    const changes: Change[] = [];
    for (const edit of group) {
      const change = changeOf(edit, lineStarts, text.length);
      if (change === undefined) return false;
      if (!taken.some((other) => isSame(change, other))) changes.push(change);
    }
    if (changes.some((change) => taken.some((other) => overlap(change, other)))) return false;
    taken.push(...changes);
    return true;
  });
  return { text: rewritten(text, taken), applied };
}

function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function changeOf(edit: Edit, lineStarts: readonly number[], length: number): Change | undefined {
  const start = lineStarts[edit.span.line - 1];
  if (start === undefined) return undefined;
  const from = start + edit.span.column - 1;
  const to = from + edit.span.length;
  return from < 0 || to < from || to > length ? undefined : { from, to, newText: edit.newText };
}

function isSame(a: Change, b: Change): boolean {
  return a.from === b.from && a.to === b.to && a.newText === b.newText;
}

/** Two insertions at one place do not overlap; one inside what is replaced does. */
function overlap(a: Change, b: Change): boolean {
  if (a.from === a.to && b.from === b.to) return false;
  return a.from < b.to && b.from < a.to;
}

function rewritten(text: string, changes: readonly Change[]): string {
  const sorted = changes.toSorted((a, b) => a.from - b.from || a.to - b.to);
  const parts: string[] = [];
  let at = 0;
  for (const change of sorted) {
    parts.push(text.slice(at, change.from), change.newText);
    at = change.to;
  }
  parts.push(text.slice(at));
  return parts.join("");
}
