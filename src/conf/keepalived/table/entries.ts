// Short ways to write the entries of the table: an entry without `missing` is one that Keelson acts on.

import type {
  ArgumentSpec,
  BlockSpec,
  KeywordSpec,
  LineSpec,
  OptionSpec,
  ValueKind,
} from "./keyword-spec.ts";
import { argument, onOff } from "./kinds.ts";

/** What an entry may say beside its name, summary and arguments. */
export type Rest = Omit<Partial<KeywordSpec>, "name" | "summary" | "arguments" | "acts">;

/** A keyword with any arguments. */
export function keyword(
  name: string,
  summary: string,
  args: readonly ArgumentSpec[],
  rest: Rest = {},
): KeywordSpec {
  return { name, summary, arguments: args, ...rest, acts: rest.missing === undefined };
}

/** A keyword without argument. */
export function flag(name: string, summary: string, rest: Rest = {}): KeywordSpec {
  return keyword(name, summary, [], rest);
}

/** A keyword with an optional `on` or `off`. */
export function toggle(name: string, summary: string, rest: Rest = {}): KeywordSpec {
  return keyword(name, summary, [onOff], rest);
}

/** A keyword with one argument. */
export function single(
  name: string,
  summary: string,
  argumentName: string,
  value: ValueKind,
  rest: Rest = {},
): KeywordSpec {
  return keyword(name, summary, [argument(argumentName, value)], rest);
}

/** A keyword with a block of keywords. */
export function withBlock(
  name: string,
  summary: string,
  args: readonly ArgumentSpec[],
  block: BlockSpec,
  rest: Rest = {},
): KeywordSpec {
  return keyword(name, summary, args, {
    repeats: true,
    ...rest,
    contents: { kind: "keywords", block },
  });
}

/** A keyword with a block of lines. */
export function withLines(
  name: string,
  summary: string,
  args: readonly ArgumentSpec[],
  lines: LineSpec,
  rest: Rest = {},
): KeywordSpec {
  return keyword(name, summary, args, {
    repeats: true,
    ...rest,
    contents: { kind: "lines", lines },
  });
}

/** What an option may say beside its name, summary and arguments. */
type OptionRest = Omit<Partial<OptionSpec>, "name" | "summary" | "arguments" | "acts">;

/** A word behind the arguments. */
export function option(
  name: string,
  summary: string,
  args: readonly ArgumentSpec[],
  rest: OptionRest = {},
): OptionSpec {
  return { name, summary, arguments: args, ...rest, acts: rest.missing === undefined };
}

/** The same keyword under another name. */
export function synonym(
  name: string,
  of: KeywordSpec,
  summary: string,
  rest: Rest = {},
): KeywordSpec {
  return { ...of, summary, name, sameAs: of.name, ...rest };
}
