// `~SEQ(name, [start, [step,]] end) rest` and `~LST(name, value, ...) rest`: the rest of the line once for each value.
// keepalived.conf(5), "Sequence blocks" and "List blocks".

/** One round: what each name stands for. */
export type Round = readonly (readonly [name: string, value: string])[];

/** What a line is repeated for. */
export interface Repetition {
  readonly count: number;
  readonly rounds: () => Iterable<Round>;
}

/** Why a repetition cannot be written out. */
export interface RepetitionFault {
  readonly fault: string;
}

/** The rounds of a repetition; `roundsMax` bounds their number. */
export function parseRepetition(word: string, roundsMax: number): Repetition | RepetitionFault {
  const match = /^~(SEQx?|LST)\s*\(([^()]*)\)$/.exec(word);
  const [, kind, inside = ""] = match ?? [];
  if (kind === undefined) return { fault: "it is not of the form `~SEQ(...)` or `~LST(...)`" };
  const repetition = kind === "LST" ? parseList(inside) : parseSequence(inside, kind === "SEQx");
  if ("fault" in repetition || repetition.count <= roundsMax) return repetition;
  return { fault: `it has ${repetition.count} rounds, more than Keelson writes out` };
}

function parseSequence(inside: string, hexadecimal: boolean): Repetition | RepetitionFault {
  const [name, ...texts] = inside.split(",").map((part) => part.trim());
  const numbers = texts.map(integerOf);
  const [first, second, third] = numbers;
  if (name === undefined || !/^\w+$/.test(name)) return { fault: "it begins with no name" };
  if (texts.length > 3) return { fault: "it has more than three numbers" };
  const odd = texts.find((_, i) => numbers[i] === undefined);
  if (odd !== undefined) return { fault: `\`${odd}\` is no integer` };
  if (first === undefined) return { fault: "it says no end" };
  const end = third ?? second ?? first;
  const start = second === undefined ? (end > 0 ? 1 : -1) : first;
  const step = third === undefined ? (end >= start ? 1 : -1) : (second ?? 1);
  if (second === undefined && end === 0) return sequence(name, 1, -1, 2, hexadecimal);
  if (step === 0) return { fault: "its step is 0" };
  const count = Math.floor((end - start) / step) + 1;
  if (count < 1) return { fault: `from ${start} it does not come to ${end} in steps of ${step}` };
  return sequence(name, start, step, count, hexadecimal);
}

function sequence(
  name: string,
  start: number,
  step: number,
  count: number,
  hexadecimal: boolean,
): Repetition {
  function* rounds(): Iterable<Round> {
    for (let i = 0; i < count; i++) {
      const value = start + i * step;
      // C prints the bits of a negative number.
      const text = hexadecimal ? (value < 0 ? value >>> 0 : value).toString(16) : `${value}`;
      yield [[name, text]];
    }
  }
  return { count, rounds };
}

function integerOf(text: string): number | undefined {
  if (!/^[-+]?(\d+|0[xX][0-9a-fA-F]+)$/.test(text)) return undefined;
  const value = text.startsWith("-") ? -Number(text.slice(1)) : Number(text.replace("+", ""));
  return Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
}

function parseList(inside: string): Repetition | RepetitionFault {
  const groups = groupsOf(inside);
  const [names, ...rounds] = groups ?? [];
  if (names === undefined || names.length === 0 || names.some((name) => !/^\w+$/.test(name)))
    return { fault: "it begins with no name" };
  if (rounds.length === 0) return { fault: "it has no values" };
  const odd = rounds.find((values) => values.length > names.length);
  if (odd !== undefined)
    return { fault: `\`${odd.join(",")}\` has more values than there are names` };
  if (rounds.flat().some((value) => /[\s"]/.test(value)))
    return { fault: "a value holds a blank or a quote" };
  return {
    count: rounds.length,
    rounds: () => rounds.map((values) => names.map((name, i) => [name, values[i] ?? ""] as const)),
  };
}

/** `a,b` or `{a,b},{c,d}`; undefined when braces do not match. */
function groupsOf(inside: string): readonly (readonly string[])[] | undefined {
  const groups: string[][] = [];
  for (let rest = inside.trim(); ; ) {
    const braced = /^\{([^{}]*)\}\s*/.exec(rest);
    const plain = braced ?? /^([^,{}]*)/.exec(rest);
    const said = plain?.[1] ?? "";
    groups.push(braced === null ? [said.trim()] : said.split(",").map((part) => part.trim()));
    rest = rest.slice(plain?.[0].length ?? 0);
    if (rest === "") return groups;
    if (!rest.startsWith(",")) return undefined;
    rest = rest.slice(1).trimStart();
  }
}
