// Text -> pieces: words, braces, definitions, repetitions. Rules as keepalived 2.2.7 has them: `"` is the only quote of
// ordinary words and ends them, nothing escapes it; `#` and `!` begin a comment wherever they stand outside
// quotes and without a backslash before them; a brace ends a word, and what stands behind it is a line of its own.

import {
  at as atSign,
  backslash,
  bang,
  byteOrderMark,
  closeBrace,
  codeEnd,
  dollar,
  doubleQuote,
  hash,
  isBlank,
  lineEnd,
  lineFeed,
  onlyBlanksFollow,
  openBrace,
  parameterEnd,
  tilde,
  wordClass,
} from "./characters.ts";
import { definitionEnd } from "./definition.ts";
import { type QuoteFlaw, readEscapedWord } from "./escaped-word.ts";

export type PieceKind = "word" | "open" | "close" | "definition" | "repetition" | "end";

/** What a scanner asks and tells on its way. */
export interface ScannerListener {
  /** True when the lines of `@id` [of `@^id`, negated] count; the piece of the scanner is the sign with the id. */
  readonly counts: (id: string, negated: boolean, scanner: Scanner) => boolean;
  /** Hears of an `@` whose id is none: a comment sign, a quote or a brace stands in it, or nothing. */
  readonly oddConditionAt?: (offset: number, end: number, scanner: Scanner) => void;
  /** Hears of a backslash that ends a line as if the next one belonged to it; also at the end of a comment. */
  readonly backslashAt?: (offset: number, scanner: Scanner, inComment: boolean) => void;
  /** Hears of lines longer than `longLine` characters. */
  readonly longLineAt?: (start: number, end: number, line: number) => void;
}

const shortText = 2000;

/** Lines that may have more bytes than keepalived reads at once. */
const longLine = 340;

const includeKeywords: ReadonlySet<string> = new Set([
  "include",
  "includer",
  "includem",
  "includew",
  "includeb",
  "includea",
]);

/** Keywords whose words keepalived reads with escapes: there `'` quotes as well, and quoted parts join. */
const escapedKeywords: ReadonlySet<string> = new Set([
  ..."lvs_notify_fifo_script misc_path notify notify_backup notify_deleted notify_down notify_fault".split(
    " ",
  ),
  ..."notify_fifo_script notify_master notify_master_rx_lower_pri notify_stop notify_up quorum_down".split(
    " ",
  ),
  ..."quorum_up regex script shutdown_script startup_script vrrp_notify_fifo_script".split(" "),
]);

/** True for `include` and its variants. */
export function isIncludeKeyword(word: string): boolean {
  return includeKeywords.has(word);
}

/** Cuts a text into pieces, one at a time. Its fields tell of the piece that `next` found. */
export class Scanner {
  readonly text: string;
  kind: PieceKind = "end";
  start = 0;
  end = 0;
  /** The line of the piece, from 1, and the offset at which it begins. */
  line = 1;
  lineStart = 0;
  /** True when no other piece stands before it on its line. */
  first = true;
  /** True when a line begins with it, as keepalived counts: also behind a brace. */
  leads = true;
  quoted = false;
  /** True when its closing quote is missing. */
  unterminated = false;
  /** What keepalived makes of a command's quotes that nobody meant. */
  flaw: QuoteFlaw | undefined;
  /** True when the piece is all that an `include` line says. */
  included = false;
  readonly #listener: ScannerListener;
  /** Words by a sum of their characters; a short text has too few to look for. */
  readonly #cache: string[] | undefined;
  /** What the word says, where that is not what is written. */
  #said: string | undefined;
  #hash = 0;
  #firstNext = true;
  #leadsNext = true;
  #conditionSeen = false;
  #mode: "words" | "include" | "escaped" = "words";

  constructor(text: string, listener: ScannerListener) {
    this.text = text;
    this.#listener = listener;
    this.#cache = text.length < shortText ? undefined : new Array(1024).fill("");
  }

  /** From 1, in UTF-16 units. */
  get column(): number {
    return this.start - this.lineStart + 1;
  }

  next(): PieceKind {
    const code = this.#skipGap();
    const leads = this.#leadsNext;
    this.first = this.#firstNext;
    this.leads = leads;
    this.#firstNext = false;
    this.#leadsNext = false;
    this.quoted = false;
    this.unterminated = false;
    this.flaw = undefined;
    this.included = false;
    this.#said = undefined;
    this.#hash = 0;
    this.kind = this.#piece(code, leads);
    return this.kind;
  }

  /** What the word says. Words that are found often are one string. */
  wordText(): string {
    if (this.#said !== undefined) return this.#said;
    const { text, start, end } = this;
    if (this.#cache === undefined || this.#hash === 0 || end - start > 24)
      return text.slice(start, end);
    const slot = this.#hash & 1023;
    const known = this.#cache[slot] ?? "";
    if (known.length === end - start && text.startsWith(known, start)) return known;
    const word = text.slice(start, end);
    this.#cache[slot] = word;
    return word;
  }

  /** Goes on behind an offset of this line, as behind a whole line. */
  leaveLine(offset: number): void {
    this.end = offset;
    this.#leadsNext = true;
    this.#mode = "words";
    this.#conditionSeen = false;
  }

  /** Goes to the next piece; gives its first code, -1 at the end of the text. */
  #skipGap(): number {
    const { text } = this;
    const { length } = text;
    let offset = this.end;
    let code = -1;
    for (; offset < length; offset++) {
      code = text.charCodeAt(offset);
      if (code === 32 || code === 9) continue;
      if (code === lineFeed) this.#newLine(offset);
      else if (code === hash || code === bang) offset = this.#comment(offset) - 1;
      else if (code === atSign && this.#leadsNext && !this.#conditionSeen)
        offset = this.#condition(offset) - 1;
      else if (code === backslash && onlyBlanksFollow(text, offset + 1))
        this.#listener.backslashAt?.(offset, this, false);
      else if (!isBlank(code) && !(code === byteOrderMark && offset === 0)) break;
    }
    this.start = offset;
    this.end = offset;
    return offset < length ? code : -1;
  }

  /** Where the line of a comment ends. */
  #comment(offset: number): number {
    const end = lineEnd(this.text, offset);
    let last = end - 1;
    while (isBlank(this.text.charCodeAt(last))) last--;
    if (this.text.charCodeAt(last) === backslash) this.#listener.backslashAt?.(last, this, true);
    return end;
  }

  #newLine(offset: number): void {
    if (offset - this.lineStart > longLine)
      this.#listener.longLineAt?.(this.lineStart, offset, this.line);
    this.line++;
    this.lineStart = offset + 1;
    this.#firstNext = true;
    this.#leadsNext = true;
    this.#conditionSeen = false;
    this.#mode = "words";
  }

  /** `@id rest` counts when the id is active, `@^id rest` when it is not; one of them a line. */
  #condition(offset: number): number {
    const { text } = this;
    let end = offset + 1;
    while (end < text.length && !isBlank(text.charCodeAt(end)) && text.charCodeAt(end) !== lineFeed)
      end++;
    const negated = text[offset + 1] === "^";
    this.start = offset;
    this.end = end;
    const id = text.slice(offset + (negated ? 2 : 1), end);
    const isOdd = !/^[^"'{}#!]+$/.test(id);
    if (isOdd) this.#listener.oddConditionAt?.(offset, end, this);
    const commented = codeEnd(text, offset);
    if (commented < end) return commented;
    this.#conditionSeen = true;
    const counts = isOdd ? negated : this.#listener.counts(id, negated, this);
    return counts ? end : lineEnd(text, offset);
  }

  #piece(code: number, leads: boolean): PieceKind {
    if (code < 0) {
      if (this.start - this.lineStart > longLine)
        this.#listener.longLineAt?.(this.lineStart, this.start, this.line);
      return "end";
    }
    if (this.#mode === "include") return this.#restOfLine();
    if (code === openBrace || code === closeBrace) return this.#brace(code);
    if (leads) {
      if (code === dollar && this.#definition()) return "definition";
      if (code === tilde && this.#repetition()) return "repetition";
    }
    if (this.#mode === "escaped") this.#escapedWord();
    else if (code === doubleQuote) this.#quotedWord();
    else this.#word(leads);
    return "word";
  }

  #brace(code: number): PieceKind {
    this.end = this.start + 1;
    this.#leadsNext = true;
    this.#conditionSeen = false;
    this.#mode = "words";
    return code === openBrace ? "open" : "close";
  }

  #definition(): boolean {
    const end = definitionEnd(this.text, this.start);
    if (end === undefined) return false;
    this.end = end;
    return true;
  }

  /** Behind a definition of several lines, the lines are counted. */
  skipDefinition(): void {
    const { text, start, end } = this;
    for (let i = text.indexOf("\n", start); i >= 0 && i < end; i = text.indexOf("\n", i + 1))
      this.#newLine(i);
  }

  /** `~SEQ(...)` and `~LST(...)`: braces and blanks belong to it. Without its `)`, the rest of the line is taken. */
  #repetition(): boolean {
    const { text, start } = this;
    if (!text.startsWith("SEQ", start + 1) && !text.startsWith("LST", start + 1)) return false;
    const stop = codeEnd(text, start);
    const close = text.indexOf(")", start);
    this.end = close < 0 || close >= stop ? stop : close + 1;
    return true;
  }

  #quotedWord(): void {
    const { text, start } = this;
    const close = text.indexOf('"', start + 1);
    const stop = lineEnd(text, start);
    this.quoted = true;
    if (close >= 0 && close < stop) {
      this.end = close + 1;
      this.#said = text.slice(start + 1, close);
      return;
    }
    this.unterminated = true;
    this.#said = text.slice(start + 1, stop).trimEnd();
    this.end = start + 1 + this.#said.length;
  }

  #word(leads: boolean): void {
    const { text, start } = this;
    const { length } = text;
    let end = start;
    let sum = 7;
    let escapes = false;
    for (; end < length; end++) {
      const code = text.charCodeAt(end);
      const kind = wordClass(code);
      if (kind === 1) break;
      if (kind === 2) {
        const next = text.charCodeAt(end + 1);
        if (code === dollar) {
          if (next === openBrace) end = parameterEnd(text, end);
        } else if (next === hash || next === bang) {
          escapes = true;
          end++;
        } else if (next === backslash) end++;
      }
      sum = (sum * 31 + code) | 0;
    }
    if (end - start > 1 && text.charCodeAt(end - 1) === backslash && onlyBlanksFollow(text, end))
      end--;
    // What no other rule takes is a word of one character.
    if (end === start) end++;
    this.end = end;
    this.#hash = sum | 1;
    if (escapes) this.#said = text.slice(start, end).replaceAll(/\\([#!])/g, "$1");
    if (leads) this.#keyword();
  }

  /** The keyword decides how the rest of the line is cut. */
  #keyword(): void {
    const word = this.wordText();
    if (escapedKeywords.has(word)) this.#mode = "escaped";
    else if (word.startsWith("include") && includeKeywords.has(word)) {
      if (isBlank(this.text.charCodeAt(this.end))) this.#mode = "include";
    }
  }

  /** The argument of an include is one word to the end of the line, whatever it holds. */
  #restOfLine(): PieceKind {
    const { text, start } = this;
    const written = text.slice(start, codeEnd(text, start)).trimEnd();
    this.#mode = "words";
    this.included = true;
    this.end = start + Math.max(1, written.length);
    return "word";
  }

  #escapedWord(): void {
    const word = readEscapedWord(this.text, this.start);
    this.end = word.end;
    this.quoted = word.isWhole;
    this.unterminated = word.unterminated;
    this.flaw = word.flaw;
    this.#said = word.said;
  }
}
