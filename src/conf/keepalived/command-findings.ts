// S19: commands without quotes around program and arguments.

import type { Line } from "./language/expand.ts";
import { hasParameter, type Reading, spanAt } from "./reading.ts";
import type { KeywordSpec } from "./table/keyword-spec.ts";

/** S21. Where words are read with escapes, a quote that stands right behind the keyword belongs to the keyword. */
export function reportGluedQuote(line: Line, spec: KeywordSpec, reading: Reading): void {
  const [keyword, first] = line.words;
  if (keyword === undefined || first === undefined || !first.quoted) return;
  if (first.line !== keyword.line || first.column !== keyword.column + keyword.length) return;
  reading.report(spanAt(line, 1), "S21", {
    severity: "error",
    message: `a blank is missing between \`${spec.name}\` and the quote`,
    effect: "keepalived takes both for one word, and ends at once, at the start and at a reload",
    fix: "put a blank in front of the quote",
    stops: true,
    ...(reading.isWritten(line, first)
      ? { edits: [{ span: { ...spanAt(line, 1), length: 0 }, newText: " " }] }
      : {}),
  });
}

/** S19. A command is one word: without quotes, what follows is a user and a group, or nothing. */
export function reportCommand(line: Line, spec: KeywordSpec, reading: Reading): void {
  const place = spec.arguments.findIndex(({ value }) => value.kind === "command");
  if (place < 0) return;
  const first = line.words[place + 1];
  const second = line.words[place + 2];
  const last = line.words[line.words.length - 1];
  if (first === undefined || second === undefined || last === undefined) return;
  const allowed = spec.arguments.length - place - 1;
  const more = line.words.slice(place + 2);
  if (more.length <= allowed && more.every(({ text }) => isAccount(text))) return;
  if (/^(\/\/|\/\*)/.test(second.text) || second.text === ";") return;
  const start = spanAt(line, place + 1);
  const written = line.words.slice(place + 1).map(({ text }) => text);
  const canQuote =
    last.line === first.line &&
    line.words.every(({ quoted, text }) => !quoted && !text.includes('"')) &&
    reading.isWritten(line, first) &&
    reading.isWritten(line, last);
  const length = last.column + last.raw.length - start.column;
  reading.report(spanAt(line, place + 2), "S19", {
    severity: "error",
    message: `\`${second.text}\` does not belong to the command`,
    effect:
      allowed === 0
        ? "the script runs without it, as with keepalived"
        : "it is taken for the user to run as",
    fix: /^(\d?[<>]|[|&])/.test(second.text)
      ? "no shell reads a command: write `\"/bin/sh -c '...'\"` around it"
      : "quote the whole command, program and arguments together",
    ...(canQuote
      ? { edits: [{ span: { ...start, length }, newText: `"${written.join(" ")}"` }] }
      : {}),
  });
}

/** True for what can be the name or number of a user; states are arguments of somebody's script. */
function isAccount(text: string): boolean {
  if (/^(master|backup|fault|stop|start|restart|reload|up|down|true|false)$/i.test(text))
    return false;
  return /^[A-Za-z_:][A-Za-z0-9_.:-]*\$?$|^\d+$/.test(text) || hasParameter(text);
}
