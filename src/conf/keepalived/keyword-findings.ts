// What is said about keywords: unknown, misplaced, repeated, deprecated, with words or braces that do not belong to them.

import type { Edit, Finding } from "../text/diagnostic.ts";
import { editDistance, nearestWord } from "../text/nearest-word.ts";
import { coveredBlock } from "./ignored-block.ts";
import { commentSign, keywordHint, siblingOf } from "./keyword-hints.ts";
import { blockName, blocksThatHave, keywordsOf, optionsByName } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import { isIncludeKeyword } from "./language/scanner.ts";
import type { Word } from "./language/tree.ts";
import { keywordPlaces, lineBreak, outermostOnLine, writeOut } from "./one-line-block.ts";
import { reportSlashes } from "./read-entries.ts";
import { hasParameter, type Reading, type Surroundings, spanAt, withEdits } from "./reading.ts";
import { ruleOfKeyword } from "./rule-of-keyword.ts";
import { keywordOf, type Setting } from "./section.ts";
import { reportSemicolon } from "./semicolon.ts";
import type { BlockSpec, KeywordSpec } from "./table/keyword-spec.ts";
import { isAssignment } from "./value-hints.ts";

/** Edits further away than this are suggested, but not made by a machine. */
const distanceOfEditsMax = 2;

/** Says what is wrong with the keyword of a line. */
export class KeywordFindings {
  readonly #reading: Reading;
  readonly #near = new Map<string, string | undefined>();
  /** True between a `/*` and the line with its end: unknown words there are prose. */
  #inComment = false;
  /** Lines that open a block of which it has been said that it stands on one line. */
  readonly #writtenOut = new Set<Line>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** S01, S09, S15. */
  unknown(line: Line, around: Surroundings): void {
    const name = line.words[0]?.text ?? "";
    const comment = this.#inComment;
    if (line.words.some(({ text }) => text.includes("*/"))) this.#inComment = false;
    else if (name.startsWith("/*")) this.#inComment = this.#isClosed(line);
    if (comment || hasParameter(name)) return;
    if (name === ";" && line.words.length === 1) {
      reportSemicolon(line, 0, this.#reading, "Unknown keyword ';'");
      return;
    }
    if (commentSign(name) !== undefined) {
      reportSlashes(line, 0, this.#reading);
      return;
    }
    if (isIncludeKeyword(name)) {
      this.#reading.reportAt(line, 0, "S21", {
        severity: "error",
        message: `\`${name}\` needs the name of a file`,
        effect: "nothing is included",
        fix: "write the name behind it, or remove the line",
      });
      return;
    }
    if (this.#reading.isFull("S01") || this.#reading.isFull("S15")) return;
    const where = blockName(around.block);
    const stock = `Unknown keyword '${name}'`;
    const covered = ignoredWith(line);
    const homes = blocksThatHave(this.#reading.root, name);
    const keywords = keywordsOf(around.block);
    if (homes.length > 0) {
      const names = [...new Set(homes.map(blockName))];
      const others = names.length > 3 ? " or others" : "";
      const sibling = siblingOf(name, keywords);
      this.#reading.reportAt(line, 0, "S15", {
        severity: "error",
        message: `\`${name}\` does not belong in ${where}`,
        ...covered,
        ...(sibling === undefined
          ? { fix: `it belongs in ${names.slice(0, 3).join(" or ")}${others}` }
          : {
              label: `here it is \`${sibling}\``,
              fix: `write \`${sibling}\`, or move the line to ${names.slice(0, 3).join(" or ")}${others}`,
              ...withEdits(this.#reading.replaceWord(line, 0, sibling)),
            }),
        stock,
      });
      return;
    }
    const hint = keywordHint(name, keywords);
    const near = hint === undefined ? this.#nearest(name, around.block) : undefined;
    this.#reading.reportAt(line, 0, ruleOfKeyword(around.block.path, name, "S01"), {
      // What resembles nothing may be prose, or a keyword of another version.
      severity: near === undefined && hint === undefined ? "warning" : "error",
      message: `\`${name}\` is not a keyword of ${where}`,
      ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
      ...(hint === undefined ? {} : { label: hint.label }),
      ...covered,
      ...(near === undefined ? {} : { fix: `write \`${near}\`` }),
      ...(hint === undefined ? {} : { fix: hint.fix }),
      ...withEdits(
        hint?.newText === undefined
          ? this.#renaming(line, name, near)
          : this.#reading.replaceWord(line, 0, hint.newText),
      ),
      stock,
    });
  }

  /** True when a comment of C that begins in a line has an end; without one, nobody knows what belongs to it. */
  #isClosed(line: Line): boolean {
    const lines = this.#reading.linesOf(line.file);
    return lines.slice(line.span(0).line - 1).some((text) => text.includes("*/"));
  }

  /** The nearest keyword of a block; a mistake comes seldom alone. */
  #nearest(name: string, block: BlockSpec): string | undefined {
    const place = `${block.path} ${name}`;
    if (this.#near.has(place)) return this.#near.get(place);
    const near = nearestWord(name, keywordsOf(block).keys());
    this.#near.set(place, near);
    return near;
  }

  #renaming(line: Line, name: string, near: string | undefined): readonly Edit[] {
    if (near === undefined) return [];
    const distance = editDistance(name.toLowerCase(), near.toLowerCase());
    return distance > distanceOfEditsMax ? [] : this.#reading.replaceWord(line, 0, near);
  }

  /** S11. The settings of the same block are those from `start` on. */
  repeated(line: Line, spec: KeywordSpec, before: readonly Setting[], start: number): void {
    const name = spec.sameAs ?? spec.name;
    for (let i = before.length - 1; i >= start; i--) {
      const other = before[i];
      if (other === undefined || keywordOf(other) !== name) continue;
      const isSame = wordsOf(line) === wordsOf(other.line) && line.block === undefined;
      this.#reading.reportAt(line, 0, "S11", {
        severity: isSame ? "advice" : "warning",
        message: isSame
          ? `\`${spec.name}\` is given twice, in the same words`
          : `\`${spec.name}\` is given twice; the last one counts`,
        related: [
          {
            span: spanAt(other.line, 0),
            label: isSame ? "first here" : "this one has no effect",
          },
        ],
        fix: "keep one of them",
      });
      return;
    }
  }

  /** V50. */
  deprecated(line: Line, spec: KeywordSpec): void {
    const { advice = "", rename } = spec.deprecated ?? {};
    this.#reading.reportAt(line, 0, "V50", {
      severity: "advice",
      message: `\`${spec.name}\` is deprecated`,
      fix: advice,
      ...(rename === undefined ? {} : withEdits(this.#reading.replaceWord(line, 0, rename))),
    });
  }

  /** K01. */
  notActedOn(line: Line, spec: KeywordSpec): void {
    this.#reading.reportAt(line, 0, "K01", {
      severity: "warning",
      message: `\`${spec.name}\` is read, but Keelson does not act on it yet`,
      ...(spec.missing === undefined ? {} : { effect: spec.missing }),
    });
  }

  /** S02 to S04, S09, S22. True when the first of the words is a keyword that loses its block here. */
  extraWords(line: Line, index: number, spec: KeywordSpec, around: Surroundings): boolean {
    const extra = line.words[index];
    if (extra === undefined || hasParameter(extra.text)) return false;
    // Has been said at the sign itself.
    if (isAssignment(line.words[index - 1]?.text ?? "")) return false;
    if (/^(\/\/|\/\*)/.test(extra.text)) {
      reportSlashes(line, index, this.#reading);
      return false;
    }
    if (extra.text === ";") {
      reportSemicolon(line, index, this.#reading);
      return false;
    }
    if (this.#lostKeywords(line, index, spec, around)) return line.block !== undefined;
    if (spec.arguments.some(({ value }) => value.kind === "command")) return false;
    const near = nearestWord(extra.text, optionsByName(spec.options ?? []).keys());
    if (near !== undefined) {
      this.#reading.reportAt(line, index, "S30", {
        severity: "error",
        message: `\`${extra.text}\` is no option of \`${spec.name}\``,
        label: `did you mean \`${near}\`?`,
        effect: "it is ignored",
        fix: `write \`${near}\``,
        ...withEdits(this.#reading.replaceWord(line, index, near)),
      });
      return false;
    }
    this.#reading.reportAt(line, index, "S22", {
      message: `\`${extra.text}\` is one word too many for \`${spec.name}\``,
      fix: "remove it",
      ...costOfExtraWord(spec),
    });
    return false;
  }

  /** S02, or S03 and S04 for a block on one line: keywords behind the arguments of another one are lost. */
  #lostKeywords(line: Line, from: number, spec: KeywordSpec, around: Surroundings): boolean {
    const keywords = keywordsOf(around.block);
    const lost = keywordPlaces(line, around.block)
      .filter(({ index }) => index >= from)
      .flatMap(({ index }) => line.words[index] ?? []);
    const loose = line.words.slice(from).find((word) => !word.quoted && keywords.has(word.text));
    const [first = loose] = lost;
    if (first === undefined) return false;
    const index = line.words.indexOf(first);
    const block = outermostOnLine(line, around);
    if (block === undefined) {
      this.#reading.reportAt(line, index, "S02", {
        severity: "error",
        message: `${wordList(lost.length === 0 ? [first] : lost)} read as part of \`${spec.name}\` and ignored`,
        effect: "a line holds one keyword; the others keep their defaults",
        ...(spec.contents === undefined ? coveredBlock(line) : {}),
        ...(spec.contents !== undefined && line.block !== undefined
          ? { fix: "put it between the braces" }
          : {
              fix: "put each keyword on a line of its own",
              ...withEdits(
                lost.flatMap((word) => lineBreak(line, line.words.indexOf(word), this.#reading)),
              ),
            }),
      });
      return true;
    }
    if (this.#writtenOut.has(block.opener)) return true;
    this.#writtenOut.add(block.opener);
    const written = writeOut(block.opener, block.around.block, this.#reading);
    const name = block.opener.words[0]?.text ?? "";
    this.#reading.reportAt(line, index, block.around.outer?.outer === undefined ? "S04" : "S03", {
      severity: "error",
      message: `${wordList(written.lost)} lost: a line holds one keyword, also between braces`,
      related: [
        { span: spanAt(block.opener, 0), label: `the block \`${name}\` stands on one line` },
      ],
      effect: "only the first keyword of the block counts",
      ...(isMacText(this.#reading.linesOf(line.file))
        ? { fix: "write line feeds: the lines of this file end with carriage returns alone" }
        : { fix: "put each keyword on a line of its own", ...withEdits(written.edits) }),
    });
    return true;
  }

  /** S28, for what the arguments are together. */
  check(line: Line, spec: KeywordSpec): void {
    const words = line.words.map(({ text }) => text);
    if (words.some(hasParameter)) return;
    const message = spec.check?.(words);
    if (message !== undefined)
      this.#reading.reportAt(line, 1, "S28", { severity: "error", message });
  }
}

/** What a word too many does to its line. */
function costOfExtraWord({
  extraWord,
}: KeywordSpec): Pick<Finding, "severity" | "effect" | "stops"> {
  if (extraWord === undefined) return { severity: "warning", effect: "it is ignored" };
  if (extraWord !== "stop") return { severity: "error", effect: extraWord.instead };
  const effect = "keepalived ends at once, at the start and at a reload";
  return { severity: "error", effect, stops: true };
}

/** True for a text without line feeds that has carriage returns: the whole file is one line. */
function isMacText(lines: readonly string[]): boolean {
  const [first = "", second = ""] = lines;
  return lines.length <= 2 && second === "" && first.trimEnd().includes("\r");
}

/** What a line says. */
function wordsOf(line: Line): string {
  return line.words.map(({ text }) => text).join(" ");
}

const namedMax = 3;

/** Words for people, with the verb that goes with them: "`a` and `b` are". */
function wordList(words: readonly Word[]): string {
  const named = words.slice(0, namedMax).map(({ text }) => `\`${text}\``);
  const more = words.length - named.length;
  if (more > 0) return `${named.join(", ")} and ${more} more are`;
  const last = named.pop() ?? "";
  return named.length === 0 ? `${last} is` : `${named.join(", ")} and ${last} are`;
}

/** What goes with a line that is ignored: its block, however deep. */
function ignoredWith(line: Line): { readonly effect: string; readonly coversTo?: number } {
  if (line.block === undefined) return { effect: "the line is ignored" };
  return { effect: "the whole block is ignored", ...coveredBlock(line) };
}
