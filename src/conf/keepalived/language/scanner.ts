// Text -> pieces: words, braces, definitions. Rules as keepalived 2.2.7 has them: `"` is the only quote
// of ordinary words and ends them, nothing escapes it; `#` and `!` begin a comment wherever they
// stand outside quotes; braces end a word wherever they stand outside quotes.

import { definitionEnd } from "./definition.ts";

/** One piece of the text, with everything that stands before it. */
export interface Piece {
  readonly kind: "word" | "open" | "close" | "definition" | "end";
  readonly gap: string;
  readonly raw: string;
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
  readonly column: number;
  readonly cut: boolean;
  /** True when no other piece stands before it on its line. */
  readonly first: boolean;
  /** True when its closing quote is missing. */
  readonly unterminated: boolean;
}

const includeKeywords: ReadonlySet<string> = new Set([
  "include",
  "includer",
  "includem",
  "includew",
  "includeb",
  "includea",
]);

/** Keywords whose argument is a command: there `'` quotes as well, and `\\` escapes. */
const commandKeywords = /^(script|misc_path|quorum_up|quorum_down|\w+_script|notify\w*)$/;

/** True for `include` and its variants. */
export function isIncludeKeyword(word: string): boolean {
  return includeKeywords.has(word);
}

/** Cuts a text into pieces, one at a time; the last has the kind `end`, and its gap is the rest. */
export class Scanner {
  readonly #text: string;
  readonly #activeIds: ReadonlySet<string>;
  #at = 0;
  #line = 1;
  #lineStart = 0;
  #lineHasPiece = false;
  #lineIsInclude = false;
  #lineIsCommand = false;

  /** `activeIds` decides which `@id` lines count. */
  constructor(text: string, activeIds: ReadonlySet<string>) {
    this.#text = text;
    this.#activeIds = activeIds;
  }

  next(): Piece {
    const gapStart = this.#at;
    this.#skipGap();
    const gap = this.#text.slice(gapStart, this.#at);
    const character = this.#text[this.#at];
    if (character === undefined) return this.#piece("end", gap, this.#at);
    if (this.#lineIsInclude) return this.#restOfLine(gap);
    if (character === "{") return this.#piece("open", gap, this.#at + 1);
    if (character === "}") return this.#piece("close", gap, this.#at + 1);
    if (character === '"' || (character === "'" && this.#lineIsCommand)) return this.#quoted(gap);
    if (!this.#lineHasPiece) {
      const end = definitionEnd(this.#text, this.#at);
      if (end !== undefined) return this.#piece("definition", gap, end);
    }
    return this.#word(gap);
  }

  #skipGap(): void {
    const text = this.#text;
    for (; this.#at < text.length; this.#at++) {
      const character = text[this.#at];
      if (character === "\n") this.#newLine(this.#at + 1);
      else if (character === "#" || character === "!") this.#at = lineEnd(text, this.#at) - 1;
      else if (character === "@" && !this.#lineHasPiece) this.#condition();
      else if (character === "\\" && onlyBlanksFollow(text, this.#at + 1)) continue;
      else if (!isBlank(character)) return;
    }
  }

  /** `@id rest` counts when the id is active, `@^id rest` and `@!id rest` when it is not. */
  #condition(): void {
    const match = /@([\^!]?)([^\s{}]*)/y;
    match.lastIndex = this.#at;
    const [whole = "@", sign = "", id = ""] = match.exec(this.#text) ?? [];
    const counts = this.#activeIds.has(id) !== (sign !== "");
    this.#at = (counts ? this.#at + whole.length : lineEnd(this.#text, this.#at)) - 1;
  }

  #newLine(start: number): void {
    this.#line++;
    this.#lineStart = start;
    this.#lineHasPiece = false;
    this.#lineIsInclude = false;
    this.#lineIsCommand = false;
  }

  #quoted(gap: string): Piece {
    const close = this.#closingQuote();
    const newline = lineEnd(this.#text, this.#at);
    if (close >= 0 && close < newline) {
      return this.#piece("word", gap, close + 1, this.#text.slice(this.#at + 1, close), true);
    }
    const inside = this.#text.slice(this.#at + 1, newline).trimEnd();
    return this.#piece("word", gap, this.#at + 1 + inside.length, inside, true, true);
  }

  #closingQuote(): number {
    const quote = this.#text[this.#at] ?? '"';
    for (let close = this.#text.indexOf(quote, this.#at + 1); close >= 0; ) {
      if (!this.#lineIsCommand || this.#text[close - 1] !== "\\") return close;
      close = this.#text.indexOf(quote, close + 1);
    }
    return -1;
  }

  #word(gap: string): Piece {
    const text = this.#text;
    let end = this.#at;
    for (; end < text.length; end++) {
      const character = text[end];
      if (character === "$" && text[end + 1] === "{") {
        const close = text.indexOf("}", end);
        if (close < 0 || close > lineEnd(text, end)) break;
        end = close;
      } else if (endsWord(character)) break;
    }
    if (end === this.#at) end++;
    end = repetitionEnd(text, this.#at) ?? end;
    if (text[end - 1] === "\\" && end - 1 > this.#at && onlyBlanksFollow(text, end)) end--;
    if (!this.#lineHasPiece && isIncludeKeyword(text.slice(this.#at, end))) {
      const piece = this.#piece("word", gap, end);
      this.#lineIsInclude = true;
      return piece;
    }
    const firstWord = this.#lineHasPiece ? "" : text.slice(this.#at, end);
    const piece = this.#piece("word", gap, end);
    if (commandKeywords.test(firstWord)) this.#lineIsCommand = true;
    return piece;
  }

  /** The argument of an include may hold braces and is one word. */
  #restOfLine(gap: string): Piece {
    this.#lineIsInclude = false;
    const line = this.#text.slice(this.#at, lineEnd(this.#text, this.#at));
    const raw = line.replace(/[#!].*$/s, "").trimEnd();
    const text =
      raw.startsWith('"') && raw.endsWith('"') && raw.length > 1 ? raw.slice(1, -1) : raw;
    return this.#piece("word", gap, this.#at + raw.length, text);
  }

  #piece(
    kind: Piece["kind"],
    gap: string,
    end: number,
    said?: string,
    quoted = false,
    unterminated = false,
  ): Piece {
    const raw = this.#text.slice(this.#at, end);
    const following = this.#text[end];
    const piece: Piece = {
      kind,
      gap,
      raw,
      text: said ?? raw,
      quoted,
      line: this.#line,
      column: this.#at - this.#lineStart + 1,
      cut: kind === "word" && !quoted && (following === "#" || following === "!"),
      first: !this.#lineHasPiece,
      unterminated,
    };
    if (kind === "definition") this.#countLines(end);
    this.#at = end;
    this.#lineHasPiece = true;
    return piece;
  }

  #countLines(end: number): void {
    for (let i = this.#text.indexOf("\n", this.#at); i >= 0 && i < end; ) {
      this.#newLine(i + 1);
      i = this.#text.indexOf("\n", i + 1);
    }
  }
}

/** Where a `~SEQ(...)` or `~LST(...)` that begins at `start` ends: braces and blanks belong to it. */
function repetitionEnd(text: string, start: number): number | undefined {
  const head = /~(SEQx?|LST)\([^)\n]*\)/y;
  head.lastIndex = start;
  return head.test(text) ? head.lastIndex : undefined;
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}

function onlyBlanksFollow(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && text[at] !== "\n" && isBlank(text[at])) at++;
  return at >= text.length || text[at] === "\n";
}

function isBlank(character: string | undefined): boolean {
  return (
    character === " " ||
    character === "\t" ||
    character === "\r" ||
    character === "\v" ||
    character === "\f" ||
    character === "\ufeff"
  );
}

function endsWord(character: string | undefined): boolean {
  return (
    character === undefined ||
    character === "\n" ||
    character === "{" ||
    character === "}" ||
    character === '"' ||
    character === "#" ||
    character === "!" ||
    isBlank(character)
  );
}
