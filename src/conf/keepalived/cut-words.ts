// S10: words that end at a comment sign without a blank, as in `ab!cd`.

import type { Edit } from "../text/diagnostic.ts";
import type { Line } from "./language/expand.ts";
import { type Reading, spanAt, withEdits } from "./reading.ts";

/** Behind such a value a comment may be meant; in other words the sign is a part of the word. */
const completeValue = /^(\d+|[\da-f]*[.:][\da-f.:/]*|[A-Z]{3,6})$/;

/** Reports the words of a line that a comment sign cuts. */
export function reportCutWords(line: Line, reading: Reading): void {
  if (!line.hasCutWord) return;
  const { words } = line;
  for (let i = 0; i < words.length; i++) if (words[i]?.cut === true) reportCut(line, i, reading);
}

function reportCut(line: Line, index: number, reading: Reading): void {
  const word = line.words[index];
  if (word === undefined) return;
  const span = spanAt(line, index);
  const meant = /^\S*/.exec(reading.textAt(span))?.[0] ?? word.raw;
  const rest = meant.slice(word.raw.length);
  const probable = index > 0 && rest !== "#" && !completeValue.test(word.text);
  const edits: readonly Edit[] =
    meant.includes('"') || !reading.isWritten(line, word)
      ? []
      : [{ span: { ...span, length: meant.length }, newText: `"${meant}"` }];
  reading.report(span, "S10", {
    severity: probable ? "error" : "warning",
    message: `\`${word.text}\` ends at a comment sign`,
    label: `\`${rest}\` is a comment`,
    effect: "everything behind it on this line is a comment",
    fix: "quote the whole word, or put a blank before the comment",
    ...(probable ? withEdits(edits) : {}),
  });
}
