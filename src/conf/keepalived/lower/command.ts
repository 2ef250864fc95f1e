// The command of a script keyword: a quoted string that splits into a program and its arguments. No shell.

/**
 * Splits a command at blanks; `'` holds an argument together, and a backslash escapes as in C
 * (`\t`, `\n`, `\x41`, octal) or takes the next character as it is.
 */
export function splitCommand(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  const plain = decodeEscapes(text);
  for (const { character, escaped } of plain) {
    if (character === "'" && !escaped) {
      quoted = !quoted;
      word ??= "";
    } else if (!quoted && (character === " " || character === "\t" || character === "\n")) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return words;
}

interface Character {
  readonly character: string;
  readonly escaped: boolean;
}

const controls: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function decodeEscapes(text: string): readonly Character[] {
  const characters: Character[] = [];
  const pattern = /\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|c(.)|([\s\S]))|([\s\S])/gu;
  for (const [, hex, octal, control, other, plain] of text.matchAll(pattern)) {
    if (plain !== undefined) characters.push({ character: plain, escaped: false });
    else if (hex !== undefined) characters.push(coded(Number.parseInt(hex, 16) & 255));
    else if (octal !== undefined) characters.push(coded(Number.parseInt(octal, 8) & 255));
    else if (control !== undefined) characters.push(coded(control.charCodeAt(0) & 31));
    else if (other !== undefined && Object.hasOwn(controls, other))
      characters.push({ character: controls[other] ?? other, escaped: false });
    else if (other !== undefined) characters.push({ character: other, escaped: true });
  }
  return characters;
}

function coded(code: number): Character {
  return { character: String.fromCharCode(code), escaped: false };
}
