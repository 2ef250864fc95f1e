// Words of a command line -> options, in the way of the library popt, which ipvsadm reads its arguments with: bundled
// letters, `--name=value`, arguments in the same word or the next, plain words anywhere between them.

/** One option of a program. */
export interface ScannedOption {
  readonly name: string;
  /** One letter. */
  readonly letter?: string;
  /** `optional`: the next word counts unless it begins with `-`. */
  readonly argument: "none" | "required" | "optional";
}

/** What was found next. */
export type ScanStep<Option extends ScannedOption> =
  | { readonly kind: "option"; readonly option: Option; readonly argument?: string }
  /** The words are used up. */
  | { readonly kind: "end" }
  | { readonly kind: "fault"; readonly text: string };

/** The options of one command line, one after the other. */
export class OptionScanner<Option extends ScannedOption> {
  readonly #words: readonly string[];
  readonly #options: readonly Option[];
  readonly #plain: string[] = [];
  #next = 0;
  /** What is left of a word with several letters, after the last one that was read. */
  #letters = "";
  #onlyPlain = false;

  constructor(words: readonly string[], options: readonly Option[]) {
    this.#words = words;
    this.#options = options;
  }

  /** The word that was taken last: what popt names in a complaint. */
  get lastWord(): string {
    return this.#words[this.#next - 1] ?? "";
  }

  /** Words that are no options, in their order; whole once the end has been reached. */
  get plainWords(): readonly string[] {
    return this.#plain;
  }

  next(): ScanStep<Option> {
    while (this.#letters === "") {
      const word = this.#words[this.#next];
      if (word === undefined) return { kind: "end" };
      this.#next++;
      if (this.#onlyPlain || !word.startsWith("-") || word === "-") {
        this.#plain.push(word);
      } else if (word === "--") {
        this.#onlyPlain = true;
      } else if (word.startsWith("--")) {
        return this.#named(word.slice(2));
      } else {
        this.#letters = word.slice(1);
      }
    }
    const letter = this.#letters.slice(0, 1);
    this.#letters = this.#letters.slice(1);
    const option = this.#options.find((one) => one.letter === letter);
    if (option === undefined) return { kind: "fault", text: "unknown option" };
    if (option.argument === "none") {
      if (this.#letters.startsWith("=")) return { kind: "fault", text: unwantedArgument };
      return { kind: "option", option };
    }
    if (this.#letters === "") return this.#withNextWord(option);
    const argument = this.#letters.replace(/^=/, "");
    this.#letters = "";
    return { kind: "option", option, argument };
  }

  #named(text: string): ScanStep<Option> {
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    const option = this.#options.find((one) => one.name === name);
    if (option === undefined) return { kind: "fault", text: "unknown option" };
    if (equals >= 0 && option.argument === "none") return { kind: "fault", text: unwantedArgument };
    if (equals >= 0) return { kind: "option", option, argument: text.slice(equals + 1) };
    if (option.argument === "none") return { kind: "option", option };
    return this.#withNextWord(option);
  }

  #withNextWord(option: Option): ScanStep<Option> {
    const word = this.#words[this.#next];
    if (option.argument === "optional" && (word === undefined || word.startsWith("-")))
      return { kind: "option", option };
    if (word === undefined) return { kind: "fault", text: "missing argument" };
    this.#next++;
    return { kind: "option", option, argument: word };
  }
}

const unwantedArgument = "option does not take an argument";
