// The declarative table of a block: each keyword that Keelson acts on, with the reader of its arguments and
// where their value goes.

import type { IpAddress } from "../../../base/address.ts";
import type { Line } from "../language/expand.ts";
import type { Draft, Lowering, NumberRange } from "./lowering.ts";

/** One keyword of a block whose values gather in a `Target`. */
export interface Keyword<Target extends Draft> {
  /** Reads the line into the target. */
  readonly lower: (line: Line, target: Target, lowering: Lowering) => void;
  /** How many words a line may have, with the keyword; any number when absent. */
  readonly wordsMax?: number;
  /** True when a second line adds to the first. */
  readonly repeats?: boolean;
  /** True when a block follows. */
  readonly hasBlock?: boolean;
  /** Another spelling: lines of both count as the same keyword. */
  readonly sameAs?: string;
}

/** The keywords of one block by their names. */
export type KeywordTable<Target extends Draft> = Readonly<Record<string, Keyword<Target>>>;

/** A keyword without argument. */
export function flag<Target extends Draft>(set: (target: Target) => void): Keyword<Target> {
  return { wordsMax: 1, lower: (_line, target) => set(target) };
}

/** A keyword with an optional on or off. */
export function toggle<Target extends Draft>(
  set: (target: Target, value: boolean) => void,
): Keyword<Target> {
  return {
    wordsMax: 2,
    lower: (line, target, lowering) => {
      const value = lowering.boolean(line);
      if (value !== undefined) set(target, value);
    },
  };
}

/** A keyword with an integer. */
export function integer<Target extends Draft>(
  range: NumberRange,
  set: (target: Target, value: number) => void,
): Keyword<Target> {
  return {
    wordsMax: 2,
    lower: (line, target, lowering) => {
      const word = lowering.argument(line);
      const value = word && lowering.integer(line, word, range);
      if (value !== undefined) set(target, value);
    },
  };
}

/** A keyword with a time in seconds; the value comes in milliseconds. */
export function seconds<Target extends Draft>(
  range: NumberRange,
  set: (target: Target, milliseconds: number) => void,
): Keyword<Target> {
  return {
    wordsMax: 2,
    lower: (line, target, lowering) => {
      const word = lowering.argument(line);
      const value = word && lowering.seconds(line, word, range);
      if (value !== undefined) set(target, value);
    },
  };
}

/** A keyword with one word of a list; `effect` says what counts when it is another one. */
export function choice<Target extends Draft, Value extends string>(
  choices: readonly Value[],
  effect: string,
  set: (target: Target, value: Value) => void,
): Keyword<Target> {
  return {
    wordsMax: 2,
    lower: (line, target, lowering) => {
      const word = lowering.argument(line);
      const value = word && lowering.choice(line, word, choices, effect);
      if (value !== undefined) set(target, value);
    },
  };
}

/** A keyword with one word of any kind. */
export function text<Target extends Draft>(
  set: (target: Target, value: string) => void,
): Keyword<Target> {
  return {
    wordsMax: 2,
    lower: (line, target, lowering) => {
      const word = lowering.argument(line);
      if (word !== undefined) set(target, word.text);
    },
  };
}

/** A keyword with an IP address. */
export function address<Target extends Draft>(
  set: (target: Target, value: IpAddress) => void,
): Keyword<Target> {
  return {
    wordsMax: 2,
    lower: (line, target, lowering) => {
      const word = lowering.argument(line);
      const value = word && lowering.address(line, word);
      if (value !== undefined) set(target, value);
    },
  };
}

/** A keyword with a block: `lower` reads the block. */
export function block<Target extends Draft>(
  wordsMax: number | undefined,
  lower: (line: Line, target: Target, lowering: Lowering) => void,
): Keyword<Target> {
  return {
    lower,
    hasBlock: true,
    repeats: true,
    ...(wordsMax === undefined ? {} : { wordsMax }),
  };
}

/** The same keyword under another name. */
export function synonym<Target extends Draft>(
  name: string,
  keyword: Keyword<Target>,
): Keyword<Target> {
  return { ...keyword, sameAs: name };
}

/** The same keyword, whose lines add up. */
export function repeating<Target extends Draft>(keyword: Keyword<Target>): Keyword<Target> {
  return { ...keyword, repeats: true };
}
