// What every block needs while it is lowered: where findings go, how arguments are read.

import { type IpAddress, parseIpAddress } from "../../../base/address.ts";
import type { Diagnostic, RelatedSpan, Severity, Span } from "../../text/diagnostic.ts";
import { nearestWord } from "../../text/nearest-word.ts";
import { isKeepalived } from "../known.ts";
import { type Line, wordSpan } from "../language/expand.ts";
import type { Word } from "../language/tree.ts";

/** A finding without its place. */
export interface Finding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly label?: string;
  readonly related?: readonly RelatedSpan[];
  readonly effect?: string;
  readonly fix?: string;
}

/** What the reading of a number allows. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** `stop`: a bad value is an error. Otherwise what counts in its stead, said in a warning. */
  readonly otherwise: "stop" | string;
}

/** The first keyword of a block, and where each of its keywords stands. */
export interface Draft {
  readonly span: Span;
  readonly places: Map<string, Span>;
}

/** Collects findings and reads arguments. */
export class Lowering {
  readonly diagnostics: Diagnostic[];

  constructor(diagnostics: Diagnostic[]) {
    this.diagnostics = diagnostics;
  }

  report(span: Span, finding: Finding): void {
    this.diagnostics.push({ ...finding, span });
  }

  /** Where the keyword of a line stands. */
  keywordSpan(line: Line): Span {
    const word = line.words[0];
    return word === undefined
      ? { file: line.file, line: 1, column: 1, length: 0 }
      : wordSpan(word, line.file);
  }

  span(line: Line, word: Word): Span {
    return wordSpan(word, line.file);
  }

  /** The word at `index` (the keyword is 0), or an error that it is missing. */
  argument(line: Line, index = 1): Word | undefined {
    const word = line.words[index];
    if (word !== undefined) return word;
    const keyword = line.words[0]?.text ?? "";
    this.report(this.keywordSpan(line), {
      severity: "error",
      code: "missing-argument",
      message: `\`${keyword}\` needs an argument`,
      ...(isKeepalived(keyword)
        ? { effect: "keepalived ends at once, at the start and at a reload" }
        : {}),
    });
    return undefined;
  }

  /** Warns about words from `index` on; `keywords` are those of the block. */
  extraWords(line: Line, index: number, keywords?: { has(name: string): boolean }): void {
    const extra = line.words[index];
    if (extra === undefined) return;
    const keyword = line.words[0]?.text ?? "";
    if (keywords?.has(extra.text) === true) {
      this.report(this.span(line, extra), {
        severity: "warning",
        code: "second-keyword-on-line",
        message: `\`${extra.text}\` is read as an extra word of \`${keyword}\` and ignored`,
        effect: "one line holds one keyword, also between the braces of a one-line block",
        fix: `put \`${extra.text}\` on a line of its own`,
      });
      return;
    }
    this.report(this.span(line, extra), {
      severity: "warning",
      code: "extra-words",
      message: `\`${extra.text}\` is one word too many for \`${keyword}\``,
      effect: "it is ignored",
      fix: extra.text.startsWith("//") ? "begin the comment with `#`" : "remove it",
    });
  }

  /** An integer in a range. */
  integer(line: Line, word: Word, range: NumberRange): number | undefined {
    const digits = /^[+-]?\d+;?$/.test(word.text) ? word.text.replace(/;$/, "") : undefined;
    return this.#inRange(line, word, digits, range, "");
  }

  /** A time in seconds with at most microseconds, as milliseconds; the range is in seconds. */
  seconds(line: Line, word: Word, range: NumberRange): number | undefined {
    const digits = /^\+?(\d+\.?\d*|\.\d+);?$/.test(word.text)
      ? word.text.replace(/;$/, "")
      : undefined;
    const value = this.#inRange(line, word, digits, range, " seconds");
    return value === undefined ? undefined : Math.round(value * 1_000_000) / 1000;
  }

  #inRange(
    line: Line,
    word: Word,
    digits: string | undefined,
    range: NumberRange,
    unit: string,
  ): number | undefined {
    const value = Number(digits);
    const before = line.words[line.words.indexOf(word) - 1]?.text ?? "";
    const said = /^[a-z]/i.test(before) ? `${before} ${word.text}` : word.text;
    if (digits !== undefined && value >= range.min && value <= range.max) {
      if (word.text.endsWith(";"))
        this.report(this.span(line, word), {
          severity: "warning",
          code: "semicolon",
          message: "a line needs no `;` at its end",
          effect: "keepalived says that the number is invalid",
          fix: "remove the `;`",
        });
      return value;
    }
    const stop = range.otherwise === "stop";
    this.report(this.span(line, word), {
      severity: stop ? "error" : "warning",
      code: digits === undefined ? "not-a-number" : "value-out-of-range",
      message:
        digits === undefined ? `\`${word.text}\` is not a number` : `\`${said}\` is out of range`,
      label: `${range.min} to ${range.max}${unit}`,
      ...(stop ? {} : { effect: range.otherwise }),
    });
    return undefined;
  }

  /** An IP address, or an error. */
  address(line: Line, word: Word): IpAddress | undefined {
    const parsed = parseIpAddress(word.text);
    if (parsed.ok) return parsed.value;
    this.report(this.span(line, word), {
      severity: "error",
      code: "not-an-address",
      message: `\`${word.text}\` is not an IP address`,
    });
    return undefined;
  }

  /** One of a list of words; letter case counts, as it does for keepalived. */
  choice<Value extends string>(
    line: Line,
    word: Word,
    choices: readonly Value[],
    effect: string,
  ): Value | undefined {
    const found = choices.find((choice) => choice === word.text);
    if (found !== undefined) return found;
    const keyword = line.words[0]?.text ?? "";
    const near = nearestWord(word.text, choices);
    this.report(this.span(line, word), {
      severity: "warning",
      code: "unknown-value",
      message: `\`${word.text}\` is no value of \`${keyword}\``,
      label: near === undefined ? choices.join(", ") : `did you mean \`${near}\`?`,
      effect,
      fix: near === undefined ? `write one of ${choices.join(", ")}` : `write \`${near}\``,
    });
    return undefined;
  }

  /** `on`, `true`, `yes` and their opposites; true when the argument is missing. */
  boolean(line: Line): boolean | undefined {
    const word = line.words[1];
    if (word === undefined) return true;
    if (["on", "true", "yes"].includes(word.text.toLowerCase())) return true;
    if (["off", "false", "no"].includes(word.text.toLowerCase())) return false;
    this.report(this.span(line, word), {
      severity: "warning",
      code: "unknown-value",
      message: `\`${word.text}\` is neither on nor off`,
      effect: "the keyword is ignored",
      fix: "write on, off, true, false, yes or no",
    });
    return undefined;
  }
}
