// One line of a saved table -> its command and its options. What cannot be understood is reported.

import type { Finding } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import {
  optionByLetter,
  optionByName,
  type RuleCommand,
  type RuleOption,
  ruleOptions,
} from "./rule-options.ts";

/** A word of a line; columns count from 1. */
export interface RuleWord {
  readonly text: string;
  readonly column: number;
}

/** An option that stands in a line. */
export interface GivenOption {
  readonly option: RuleOption;
  /** Where it stands. */
  readonly word: RuleWord;
  readonly argument?: RuleWord;
}

/** Takes a finding about a word. */
export type ReportWord = (word: RuleWord, code: string, finding: Finding) => void;

/** Cuts at blanks. */
export function wordsOf(line: string): readonly RuleWord[] {
  return [...line.matchAll(/\S+/g)].map((match) => ({ text: match[0], column: match.index + 1 }));
}

/** Reads the words behind the command. */
export function scanOptions(
  words: readonly RuleWord[],
  command: RuleCommand,
  report: ReportWord,
): ReadonlyMap<string, GivenOption> {
  const given = new Map<string, GivenOption>();
  let next = 0;
  const take = (): RuleWord | undefined => words[next++];
  const takeNumber = (): RuleWord | undefined =>
    /^\d+$/.test(words[next]?.text ?? "") ? words[next++] : undefined;
  for (let word = take(); word !== undefined; word = take()) {
    for (const one of optionsOf(word, report)) {
      let argument = one.attached;
      if (argument === undefined && one.option.argument === "one") argument = take();
      if (argument === undefined && one.option.argument === "optional") argument = takeNumber();
      if (one.option.argument === "one" && argument === undefined)
        report(word, "A02", {
          severity: "error",
          stops: true,
          message: `\`${word.text}\` needs an argument`,
          effect: "ipvsadm stops here, with half of the table loaded",
        });
      else
        keep(
          { option: one.option, word, ...(argument === undefined ? {} : { argument }) },
          command,
          given,
          report,
        );
    }
  }
  return given;
}

interface FoundOption {
  readonly option: RuleOption;
  /** `--weight=3`, `-w3`. */
  readonly attached?: RuleWord;
}

function optionsOf(word: RuleWord, report: ReportWord): readonly FoundOption[] {
  const { text, column } = word;
  if (text.startsWith("--")) {
    const [name = "", ...rest] = text.slice(2).split("=");
    const option = optionByName(name);
    if (option === undefined) return unknown(word, report);
    const attached = { text: rest.join("="), column: column + name.length + 3 };
    return [rest.length === 0 ? { option } : { option, attached }];
  }
  if (!text.startsWith("-") || text === "-") {
    report(word, "A01", {
      severity: "error",
      stops: true,
      message: `\`${text}\` belongs to no option`,
      effect: "ipvsadm stops here, with half of the table loaded",
      fix: "remove it",
    });
    return [];
  }
  const found: FoundOption[] = [];
  for (let i = 1; i < text.length; i++) {
    const option = optionByLetter(text[i] ?? "");
    if (option === undefined) return unknown(word, report);
    const rest = text.slice(i + 1);
    if (option.argument === "none" || rest === "") found.push({ option });
    else return [...found, { option, attached: { text: rest, column: column + i + 1 } }];
  }
  return found;
}

function unknown(word: RuleWord, report: ReportWord): readonly FoundOption[] {
  const spellings = ruleOptions.map(({ name }) => `--${name}`);
  const near = word.text.startsWith("--") ? nearestWord(word.text, spellings) : undefined;
  report(word, "A01", {
    severity: "error",
    stops: true,
    message: `\`${word.text}\` is no option of a saved table`,
    ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
    effect: "ipvsadm stops here, with half of the table loaded",
  });
  return [];
}

function keep(
  one: GivenOption,
  command: RuleCommand,
  given: Map<string, GivenOption>,
  report: ReportWord,
): void {
  const { option, word } = one;
  const id = option.group ?? option.name;
  const before = given.get(id);
  if (!option.commands.includes(command))
    report(word, "A03", {
      severity: "error",
      stops: true,
      message: `\`${word.text}\` does not belong to a ${command === "add-server" ? "server" : "service"}`,
      effect: "ipvsadm stops here, with half of the table loaded",
    });
  else if (before !== undefined)
    report(word, "A03", {
      severity: "error",
      stops: true,
      message: `\`${word.text}\` stands together with \`${before.word.text}\``,
      effect: "ipvsadm stops here, with half of the table loaded",
      fix: "remove one of them",
    });
  else given.set(id, one);
}
