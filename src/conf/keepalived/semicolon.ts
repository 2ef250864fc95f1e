// S08, for the sign alone: a `;` that stands where a word does.

import type { Line } from "./language/expand.ts";
import { type Reading, withEdits } from "./reading.ts";

/** Reports the `;` at `index`; index 0 is the keyword. */
export function reportSemicolon(line: Line, index: number, reading: Reading, stock = ""): void {
  reading.reportAt(line, index, "S08", {
    severity: "error",
    message: "a line needs no `;` at its end",
    effect: index === 0 ? "it is read as a keyword" : "it is one word too many",
    fix: "remove the `;`",
    ...withEdits(reading.replaceWord(line, index, "")),
    ...(stock === "" ? {} : { stock }),
  });
}
