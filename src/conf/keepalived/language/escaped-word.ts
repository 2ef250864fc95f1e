// Words of commands and of whatever else keepalived reads with escapes: `"` and `'` hold blanks, a backslash the next
// character, and the parts between quotes join. The escapes stay as they are written.

import {
  backslash,
  dollar,
  doubleQuote,
  lineEnd,
  lineFeed,
  onlyBlanksFollow,
  openBrace,
  parameterEnd,
  singleQuote,
  wordClass,
} from "./characters.ts";

/** `open`: a `'` inside the command is not closed; `sign`: a sign of the language stands between `'`. */
export type QuoteFlaw = "open" | "sign";

/** One such word. */
export interface EscapedWord {
  readonly end: number;
  /** Without the quotes around its parts. */
  readonly said: string;
  /** True when one pair of quotes stands around all of it. */
  readonly isWhole: boolean;
  readonly unterminated: boolean;
  readonly flaw: QuoteFlaw | undefined;
}

/** Reads the word that begins at an offset. */
export function readEscapedWord(text: string, start: number): EscapedWord {
  let end = start;
  let said = "";
  let isWhole = true;
  let flaw: QuoteFlaw | undefined;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === doubleQuote || code === singleQuote) {
      const close = closingQuote(text, end);
      const inside = text.slice(end + 1, close < 0 ? lineEnd(text, end) : close);
      said += inside;
      isWhole = isWhole && end === start;
      if (close < 0) return { end: lineEnd(text, end), said, isWhole, unterminated: true, flaw };
      flaw ??= flawOf(inside, code);
      end = close + 1;
      continue;
    }
    const stop = plainEnd(text, end, code);
    if (stop === end) break;
    said += text.slice(end, stop);
    isWhole = false;
    end = stop;
  }
  // What no other rule takes is a word of one character.
  if (end === start)
    return { end: start + 1, said: text.charAt(start), isWhole: false, unterminated: false, flaw };
  return { end, said, isWhole, unterminated: false, flaw };
}

/** Where the part without quotes that begins at an offset ends: at the offset when the word does. */
function plainEnd(text: string, start: number, code: number): number {
  if (code === backslash)
    return start + 1 >= text.length || onlyBlanksFollow(text, start + 1) ? start : start + 2;
  if (wordClass(code) === 1) return start;
  const isParameter = code === dollar && text.charCodeAt(start + 1) === openBrace;
  return isParameter ? parameterEnd(text, start) + 1 : start + 1;
}

function flawOf(inside: string, quote: number): QuoteFlaw | undefined {
  if (quote === singleQuote) return /[#!{}]/.test(inside) ? "sign" : undefined;
  return hasOpenQuote(inside) ? "open" : undefined;
}

/** Where a quote of a word with escapes closes on its line; negative when it does not. */
function closingQuote(text: string, open: number): number {
  const quote = text.charCodeAt(open);
  for (let offset = open + 1; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === quote) return offset;
    if (code === lineFeed) return -1;
    if (code === backslash && text.charCodeAt(offset + 1) !== lineFeed) offset++;
  }
  return -1;
}

/** True when a `'` opens in a command and does not close. Between `\\"` it is a sign as any other. */
function hasOpenQuote(command: string): boolean {
  if (!command.includes("'")) return false;
  let open = "";
  for (const [sign] of command.matchAll(/\\[^"]|\\?"|'/g)) {
    const quote = sign.at(-1) ?? "";
    if (sign.length > 1 && quote !== '"') continue;
    if (open === "") open = quote;
    else if (open === quote) open = "";
  }
  return open === "'";
}
