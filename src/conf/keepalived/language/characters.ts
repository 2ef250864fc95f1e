// Character classes of keepalived.conf, by code.

export const lineFeed = 10;
export const doubleQuote = 34;
export const singleQuote = 39;
export const hash = 35;
export const bang = 33;
export const dollar = 36;
export const at = 64;
export const backslash = 92;
export const openBrace = 123;
export const closeBrace = 125;
export const tilde = 126;
export const byteOrderMark = 0xfeff;

/** Classes of the first 128 codes: what the inside of a word has to look at. */
const classes = new Uint8Array(128);
for (const code of [9, 11, 12, 13, 32, lineFeed, doubleQuote, hash, bang, openBrace, closeBrace])
  classes[code] = 1;
classes[dollar] = 2;
classes[backslash] = 2;

/** 0: a part of a word; 1: ends one; 2: a dollar sign or a backslash. */
export function wordClass(code: number): number {
  return code < 128 ? (classes[code] ?? 0) : 0;
}

/** Blanks within a line, as isspace(3) has them. */
export function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== lineFeed);
}

/** True for what may begin the name of a parameter. */
export function beginsName(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

/** Where the line of an offset ends: at its line feed, or at the end of the text. */
export function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** True when nothing but blanks stands between an offset and the end of its line. */
export function onlyBlanksFollow(text: string, from: number): boolean {
  let offset = from;
  while (offset < text.length && isBlank(text.charCodeAt(offset))) offset++;
  return offset >= text.length || text.charCodeAt(offset) === lineFeed;
}

/** Where the comment of a line begins, else where the line ends. A comment sign in `"` or behind a backslash is none. */
export function codeEnd(text: string, from: number): number {
  let quoted = false;
  for (let offset = from; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === lineFeed) return offset;
    if (code === doubleQuote) quoted = !quoted;
    else if (code === backslash && !quoted) offset++;
    else if (!quoted && (code === hash || code === bang)) return offset;
    if (code === backslash && text.charCodeAt(offset) === lineFeed) return offset;
  }
  return text.length;
}

/** The closing brace of a `${` that stands at an offset; the offset itself when none follows on its line. */
export function parameterEnd(text: string, start: number): number {
  const form = /\$\{[A-Za-z_][^{}\n]*\}/y;
  form.lastIndex = start;
  return form.test(text) ? form.lastIndex - 1 : start;
}
