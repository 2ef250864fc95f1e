// `$NAME=value`. A value goes on in the next line when a backslash ends the line, also behind a comment. A blank
// line ends it, unless a block of the value is still open: keepalived.conf(5) shows such values, although 2.2.7
// ends them there.

import { beginsName, codeEnd, lineEnd } from "./characters.ts";

/** Where a definition that begins at `start` ends; undefined when none begins there. */
export function definitionEnd(text: string, start: number): number | undefined {
  if (!beginsName(text.charCodeAt(start + 1))) return undefined;
  const head = /\$\w+=/y;
  head.lastIndex = start;
  if (!head.test(text)) return undefined;
  let end = start;
  let depth = 0;
  for (let from = head.lastIndex, goesOn = true; goesOn && from <= text.length; ) {
    const newline = lineEnd(text, from);
    const written = text.slice(from, newline).trimEnd();
    const content = withoutComment(written);
    const isBlank = content === "" && !written.endsWith("\\") && end > start;
    if (isBlank && depth <= 0) break;
    if (!isBlank) {
      end = newline;
      goesOn = written.endsWith("\\") || content.endsWith("\\");
      depth += braceBalance(content);
    }
    from = newline + 1;
  }
  while (text.charCodeAt(end - 1) === 13) end--;
  return end;
}

/** The parameter that the rest of a line defines; undefined when it defines none. */
export function definedName(text: string, start: number): string | undefined {
  const head = /[ \t]*\$([A-Za-z_]\w*)=/y;
  head.lastIndex = start;
  return head.exec(text)?.[1];
}

/** The lines of a value without comments and backslashes, joined by line feeds. */
export function definitionBody(written: string): string {
  return written
    .split("\n")
    .map((line) => withoutComment(line).replace(/\\$/, "").trimEnd())
    .filter((line, i) => line !== "" || i === 0)
    .join("\n")
    .trim();
}

function withoutComment(line: string): string {
  return line.slice(0, codeEnd(line, 0)).trimEnd();
}

/** Opening braces less closing ones, without those of `${NAME}`. */
function braceBalance(content: string): number {
  const plain = content.replaceAll(/\$\{[^}]*\}|"[^"]*"/g, "");
  return plain.split("{").length - plain.split("}").length;
}
