// `~SEQ(name, [start, [step,]] end) rest` and `~LST(name, value, ...) rest`: the rest of the line once for each value.
// keepalived.conf(5), "Sequence blocks".

/** One round: what each name stands for. */
export type Round = ReadonlyMap<string, string>;

/** True for a word that begins a repetition. */
export function isRepetition(word: string): boolean {
  return /^~(SEQx?|LST)\(/.test(word);
}

/** The rounds of a repetition; undefined when it cannot be understood or has more than `roundsMax`. */
export function parseRepetition(word: string, roundsMax: number): readonly Round[] | undefined {
  const match = /^~(SEQx?|LST)\((.*)\)$/.exec(word);
  const [, kind, inside = ""] = match ?? [];
  if (kind === undefined) return undefined;
  return kind === "LST" ? listRounds(inside) : sequenceRounds(inside, kind === "SEQx", roundsMax);
}

function sequenceRounds(
  inside: string,
  hexadecimal: boolean,
  roundsMax: number,
): readonly Round[] | undefined {
  const [name, ...texts] = inside.split(",").map((part) => part.trim());
  const numbers = texts.map(integerOf);
  const [first, second, third] = numbers;
  if (name === undefined || first === undefined || numbers.includes(undefined)) return undefined;
  const end = third ?? second ?? first;
  const start = second === undefined ? 1 : first;
  const step = third === undefined ? Math.sign(end - start) || 1 : (second ?? 1);
  const count = Math.floor((end - start) / step) + 1;
  if (texts.length > 3 || step === 0 || count < 1 || count > roundsMax) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const value = start + i * step;
    return new Map([[name, value.toString(hexadecimal ? 16 : 10)]]);
  });
}

function integerOf(text: string): number | undefined {
  return /^(-?\d+|0[xX][0-9a-fA-F]+)$/.test(text) ? Number(text) : undefined;
}

function listRounds(inside: string): readonly Round[] | undefined {
  const groups = inside.match(/\{[^}]*\}|[^,{}\s][^,{}]*/g)?.map(groupOf);
  const [names, ...rounds] = groups ?? [];
  if (names === undefined || rounds.length === 0) return undefined;
  return rounds.map((values) => new Map(names.map((name, i) => [name, values[i] ?? ""])));
}

function groupOf(text: string): readonly string[] {
  const inner = text.startsWith("{") ? text.slice(1, -1).split(",") : [text];
  return inner.map((part) => part.trim());
}
