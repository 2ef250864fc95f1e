// How text looks in a terminal: width of characters, tabs, and nothing that could drive the terminal.

const tabWidth = 4;
const lineWidthMax = 120;

/** The text with control characters made visible, so that a file cannot paint over the terminal. */
export function printableText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** Columns that a printable text takes: East Asian wide characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return width;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

/** A source line in three parts around the marked one; long lines are cut on both sides. */
export function cutLine(
  line: string,
  column: number,
  length: number,
): { readonly before: string; readonly marked: string; readonly after: string } {
  const start = Math.min(column - 1, line.length);
  const end = Math.min(start + length, line.length);
  const before = showable(line.slice(0, start));
  const marked = showable(line.slice(start, end));
  const after = showable(line.slice(end).trimEnd());
  const room = Math.max(20, lineWidthMax - marked.length);
  const keptBefore = before.length > room / 2 ? `…${before.slice(-Math.floor(room / 2))}` : before;
  const roomAfter = Math.max(10, room - keptBefore.length);
  const keptAfter = after.length > roomAfter ? `${after.slice(0, roomAfter)}…` : after;
  const keptMarked =
    marked.length > lineWidthMax ? `${marked.slice(0, lineWidthMax - 1)}…` : marked;
  return { before: keptBefore, marked: keptMarked, after: keptMarked === marked ? keptAfter : "" };
}

function showable(text: string): string {
  return printableText(text.replaceAll("\t", " ".repeat(tabWidth)));
}

/** A text broken at blanks into lines of at most `width` columns; a longer word stays whole. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/)) {
    if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
