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
