// For each keyword and option of the table: lines that are right, and mutants of them that are not.

import { blocksIn, linesOf } from "../../src/conf/keepalived/table/blocks.ts";
import type {
  ArgumentSpec,
  BlockSpec,
  KeywordSpec,
  LineSpec,
  OptionSpec,
} from "../../src/conf/keepalived/table/keyword-spec.ts";
import { fileBlock } from "../../src/conf/keepalived/table/root.ts";
import { type Particular, particulars } from "./particulars.ts";
import { misspellings, superfluousWord, validWord, wrongWords } from "./samples.ts";
import { bodyOf, excludedBy, type Insertion } from "./valid-file.ts";

/** Something that is right, with everything that would make it wrong. */
export interface Subject {
  /** For messages: `vrrp_instance priority`. */
  readonly name: string;
  readonly valid: Insertion;
  /** Which of the lines is the one that is mutated. */
  readonly at: number;
  readonly mutants: readonly Mutant[];
}

export interface Mutant {
  readonly kind: "dropped" | "added" | "misspelt" | "wrong value" | "wrong block";
  readonly insertion: Insertion;
}

/** Every subject of the table. */
export function subjects(): readonly Subject[] {
  return blocksIn(fileBlock).flatMap((block) =>
    block.keywords.flatMap((keyword) => [
      ...keywordSubjects(block, keyword),
      ...lineSubjects(block, keyword),
    ]),
  );
}

/** The words of a list of arguments that are all there. */
function allWords(list: readonly ArgumentSpec[]): readonly string[] {
  return list.map(validWord);
}

function keywordSubjects(block: BlockSpec, keyword: KeywordSpec): readonly Subject[] {
  const make = new Maker(block, keyword);
  const list = keyword.arguments;
  const name = `${block.path} ${keyword.name}`;
  const plain = make.subject(name, particulars[name]?.words ?? allWords(list), list);
  const variants = (keyword.variants ?? []).map((variant) =>
    make.subject(
      `${block.path} ${keyword.name} ${variant.word}`,
      [variant.word, ...allWords(variant.arguments)],
      variant.arguments,
      1,
    ),
  );
  const required =
    particulars[name]?.words ?? allWords(list.filter(({ optional }) => optional !== true));
  const options = (keyword.options ?? []).map((option) =>
    make.optionSubject(
      `${block.path} ${keyword.name} ${option.name}`,
      wordsBefore(keyword, option, required),
      option,
      keyword.options ?? [],
    ),
  );
  // Options without arguments in front of them need one of them to be right at all.
  const alone = list.length === 0 && keyword.options !== undefined;
  return alone ? options : [plain, ...variants, ...options];
}

/** What must stand before an option for it to be right. */
function wordsBefore(
  keyword: KeywordSpec,
  option: OptionSpec,
  required: readonly string[],
): readonly string[] {
  const tunnels = keyword.options?.some(({ name }) => name === "remcsum") === true;
  if (!tunnels) return required;
  if (option.name === "source" || option.name === "client") return ["FULLNAT"];
  if (option.name === "port") return ["TUN", "type", "gue"];
  if (option.name === "csum") return ["TUN", "type", "gre"];
  return option.name === "remcsum" ? ["TUN", "type", "gue", "port", "6080"] : ["TUN"];
}

/** Makes subjects of one keyword. */
class Maker {
  readonly #block: BlockSpec;
  readonly #keyword: KeywordSpec;
  readonly #inside: readonly string[];
  readonly #particular: Particular;

  constructor(block: BlockSpec, keyword: KeywordSpec) {
    this.#block = block;
    this.#keyword = keyword;
    this.#inside = insideOf(keyword);
    this.#particular = particulars[`${block.path} ${keyword.name}`] ?? {};
  }

  /** A line with these words; `list` says what they are, from the word at `from` on. */
  subject(
    name: string,
    words: readonly string[],
    list: readonly ArgumentSpec[],
    from = 0,
  ): Subject {
    const required = list.filter(({ optional }) => optional !== true).length;
    const mutants: Mutant[] = [];
    if (required > 0 && this.#keyword.arguments[0]?.optional !== true)
      mutants.push(this.#mutant("dropped", words.slice(0, from + required - 1)));
    const extra = superfluousWord(list[list.length - 1]);
    if (extra !== undefined) mutants.push(this.#mutant("added", [...words, extra]));
    for (const [i, argument] of list.entries())
      for (const wrong of wrongWords(argument.value))
        mutants.push(this.#mutant("wrong value", words.with(from + i, wrong)));
    if (from === 0) mutants.push(...this.#ofName(words));
    return { name, valid: this.#insertion(words), at: 0, mutants };
  }

  optionSubject(
    name: string,
    before: readonly string[],
    option: OptionSpec,
    options: readonly OptionSpec[],
  ): Subject {
    const { words: first = before, arguments: own = allWords(option.arguments) } =
      particulars[name] ?? {};
    const mutants = optionMutants(option, options, own).map(({ kind, words }) =>
      this.#mutant(kind, [...first, ...words]),
    );
    return {
      name,
      valid: this.#insertion([...first, option.name, ...own]),
      at: 0,
      mutants,
    };
  }

  #ofName(words: readonly string[]): readonly Mutant[] {
    const { name } = this.#keyword;
    const names = new Set(this.#block.keywords.map((keyword) => keyword.name));
    const misspelt = misspellings(name).filter((other) => !names.has(other));
    const elsewhere = blocksIn(fileBlock).filter(
      (block) => !block.keywords.some((keyword) => keyword.name === name),
    );
    const start = name.length % Math.max(1, elsewhere.length - 2);
    return [
      ...misspelt.map((other) => ({
        kind: "misspelt" as const,
        insertion: this.#insertion(words, other),
      })),
      ...elsewhere.slice(start, start + 3).map((block) => ({
        kind: "wrong block" as const,
        insertion: {
          ...this.#insertion(words),
          path: block.path,
          before: [],
          instead: new Set<string>(),
        },
      })),
    ];
  }

  #mutant(kind: Mutant["kind"], words: readonly string[]): Mutant {
    return { kind, insertion: this.#insertion(words) };
  }

  #insertion(words: readonly string[], name = this.#keyword.name): Insertion {
    const line = [name, ...words].join(" ");
    const { before = [], without = [] } = this.#particular;
    const lines =
      this.#keyword.contents === undefined ? [line] : [`${line} {`, ...this.#inside, "}"];
    const excluded = excludedBy(this.#block, this.#keyword);
    return {
      path: this.#block.path,
      before,
      lines,
      instead: new Set([...excluded, ...without]),
    };
  }
}

function insideOf(keyword: KeywordSpec): readonly string[] {
  const { contents } = keyword;
  if (contents === undefined) return [];
  if (contents.kind === "keywords") return bodyOf(contents.block);
  return [`    ${leadingWords(contents.lines).join(" ")}`];
}

/** The first words of a line of values, with what a line without options needs. */
function leadingWords(lines: LineSpec): readonly string[] {
  const words = lines.leading
    .filter(({ optional, name }) => optional !== true || name === "PREFIX")
    .map(validWord);
  return words.length > 0 ? words : ["from", "192.0.2.0/24", "table", "100"];
}

/** Every option of the lines of a keyword, and their first words. */
function lineSubjects(block: BlockSpec, keyword: KeywordSpec): readonly Subject[] {
  const lines = linesOf(keyword);
  if (lines === undefined) return [];
  const { words: own } = particulars[`${block.path} ${keyword.name}`] ?? {};
  const head = [keyword.name, ...(own ?? allWords(keyword.arguments))].join(" ");
  const insertion = (words: readonly string[]): Insertion => ({
    path: block.path,
    before: [],
    lines: [`${head} {`, `    ${words.join(" ")}`, "}"],
    instead: excludedBy(block, keyword),
  });
  const before =
    particulars[`${block.path} ${keyword.name}: first words`]?.words ?? leadingWords(lines);
  const where = `${block.path} ${keyword.name}`;
  const options = lines.options.map((option) => {
    const name = `${where}: ${option.name}`;
    const first = particulars[name]?.words ?? before;
    return optionSubject(name, first, option, lines.options, insertion);
  });
  const inner = lines.options.flatMap((option) =>
    (option.options ?? []).map((nested) =>
      optionSubject(
        `${where}: ${option.name} ${nested.name}`,
        [...before, ...wordsBeforeNested(option, nested)],
        nested,
        option.options ?? [],
        insertion,
      ),
    ),
  );
  const variants = (lines.variants ?? []).map((variant) => ({
    name: `${where}: ${variant.word}`,
    valid: insertion([variant.word, ...allWords(variant.arguments)]),
    at: 1,
    mutants: argumentMutants(variant.arguments).map(({ kind, words }) => ({
      kind,
      insertion: insertion([variant.word, ...words]),
    })),
  }));
  const leading = lines.leading.flatMap((argument, i) =>
    wrongWords(argument.value).map((wrong) => ({
      kind: "wrong value" as const,
      insertion: insertion(allWords(lines.leading).with(i, wrong)),
    })),
  );
  const first: Subject = {
    name: `${where}: first words`,
    valid: insertion(before),
    at: 1,
    mutants: lines.leading.some(({ optional }) => optional === true) ? [] : leading,
  };
  return [first, ...variants, ...options, ...inner];
}

/** What an option of an option needs in front of it. */
function wordsBeforeNested(option: OptionSpec, nested: OptionSpec): readonly string[] {
  if (option.name === "encap") {
    const type = nested.name === "tc" || nested.name === "hoplimit" ? "ip6" : "ip";
    return ["encap", type, ...(nested.name === "id" ? ["dst", "192.0.2.9"] : ["id", "5"])];
  }
  return [option.name, ...allWords(option.arguments)];
}

function optionSubject(
  name: string,
  before: readonly string[],
  option: OptionSpec,
  beside: readonly OptionSpec[],
  insertion: (words: readonly string[]) => Insertion,
): Subject {
  const own = particulars[name]?.arguments ?? allWords(option.arguments);
  return {
    name,
    valid: insertion([...before, option.name, ...own]),
    at: 1,
    mutants: optionMutants(option, beside, own).map(({ kind, words }) => ({
      kind,
      insertion: insertion([...before, ...words]),
    })),
  };
}

interface Words {
  readonly kind: Mutant["kind"];
  readonly words: readonly string[];
}

function argumentMutants(
  list: readonly ArgumentSpec[],
  words: readonly string[] = allWords(list),
): readonly Words[] {
  const mutants: Words[] = [{ kind: "added", words: [...words, "superfluous"] }];
  const required = list.filter(({ optional }) => optional !== true).length;
  if (required > 0) mutants.push({ kind: "dropped", words: words.slice(0, required - 1) });
  for (const [i, argument] of list.entries())
    for (const wrong of wrongWords(argument.value))
      mutants.push({ kind: "wrong value", words: words.with(i, wrong) });
  return mutants;
}

function optionMutants(
  option: OptionSpec,
  beside: readonly OptionSpec[],
  words: readonly string[] = allWords(option.arguments),
): readonly Words[] {
  const names = new Set(beside.map(({ name }) => name));
  return [
    ...misspellings(option.name)
      .filter((other) => !names.has(other))
      .map((other) => ({ kind: "misspelt" as const, words: [other, ...words] })),
    ...argumentMutants(option.arguments, words)
      .filter(({ kind }) => kind !== "dropped" || option.arguments[0]?.optional !== true)
      .map(({ kind, words: behind }) => ({ kind, words: [option.name, ...behind] })),
  ];
}
