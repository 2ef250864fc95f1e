// `$NAME=value`. A value goes on in the next line when a backslash ends the line, comments not counted; blank lines
// in between belong to it.

/** Where a definition that begins at `start` ends; undefined when none begins there. */
export function definitionEnd(text: string, start: number): number | undefined {
  const head = /\$[A-Za-z_][A-Za-z0-9_]*=/y;
  head.lastIndex = start;
  if (!head.test(text)) return undefined;
  let end = start;
  for (let from = start, goesOn = true; goesOn && from < text.length; ) {
    const newline = text.indexOf("\n", from);
    const lineEnd = newline < 0 ? text.length : newline;
    const content = withoutComment(text.slice(from, lineEnd));
    if (content !== "") {
      end = lineEnd;
      goesOn = content.endsWith("\\");
    }
    from = lineEnd + 1;
  }
  return text[end - 1] === "\r" ? end - 1 : end;
}

/** The lines of a value without comments and backslashes, joined by line feeds. */
export function definitionBody(written: string): string {
  return written
    .split("\n")
    .map((line) => withoutComment(line).replace(/\\$/, "").trimEnd())
    .filter((line, i) => line !== "" || i === 0)
    .join("\n");
}

function withoutComment(line: string): string {
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '"') quoted = !quoted;
    if (!quoted && (line[i] === "#" || line[i] === "!")) return line.slice(0, i).trimEnd();
  }
  return line.trimEnd();
}
