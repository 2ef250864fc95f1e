// The colours of a difference between two texts.

import type { PaintText } from "../conf/text/render-options.ts";

/** Paints the lines of a unified diff. */
export function paintDiff(diff: string, paint: PaintText): string {
  return diff
    .split("\n")
    .map((line) => {
      if (line.startsWith("---") || line.startsWith("+++")) return paint("bold", line);
      if (line.startsWith("-")) return paint("red", line);
      if (line.startsWith("+")) return paint("green", line);
      return line.startsWith("@@") ? paint("cyan", line) : line;
    })
    .join("\n");
}
