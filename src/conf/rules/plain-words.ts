// The words of one line of text that stand outside quotes and comments, as they were typed: what rules about characters
// look at, because the reader has put its own meaning into words already.

/** One word as it was typed. */
export interface PlainWord {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** Quoted text, a comment, or a word. Only the blanks of ASCII separate words, as everywhere in the language. */
const pieces = /"[^"]*"?|[#!].*|[^ \t\r\v\f"#!{}]+/g;

/** The words of a line, without its comment and without what stands between quotes. */
export function plainWords(line: string): readonly PlainWord[] {
  const words: PlainWord[] = [];
  for (const { 0: text, index } of line.matchAll(pieces))
    if (!/^["#!]/.test(text)) words.push({ text, column: index + 1 });
  return words;
}

/** One line of a text. */
export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** The lines of a text in which a pattern is found; the others are not looked at one by one. `pattern` is global. */
export function linesWith(text: string, pattern: RegExp): readonly TextLine[] {
  const lines: TextLine[] = [];
  let line = 1;
  let counted = 0;
  for (const { index } of text.matchAll(pattern)) {
    if (index < counted) continue;
    const start = text.lastIndexOf("\n", index - 1) + 1;
    for (let at = text.indexOf("\n", counted); at >= 0 && at < start; ) {
      line++;
      at = text.indexOf("\n", at + 1);
    }
    const end = text.indexOf("\n", index);
    lines.push({ text: text.slice(start, end < 0 ? undefined : end), line });
    counted = end < 0 ? text.length : end + 1;
    line++;
  }
  return lines;
}
