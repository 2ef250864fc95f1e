// The lines of track_* blocks: a name, perhaps a weight.

import type { Span } from "../../text/diagnostic.ts";
import { spanAt } from "../reading.ts";
import type { Entry } from "../section.ts";
import { asNumber, asText } from "./setting-values.ts";

/** What is tracked, under which weight; `reverse` turns the weight's sense around. */
export interface TrackLine {
  readonly name: string;
  readonly weight?: number;
  readonly reverse?: boolean;
  readonly span: Span;
}

/** The lines of a block. */
export function lowerTracks(entries: readonly Entry[] = []): readonly TrackLine[] {
  const found: TrackLine[] = [];
  for (const { line, leading, options } of entries) {
    const name = asText(leading[0]);
    if (name === undefined) continue;
    let weight: number | undefined;
    let reverse: boolean | undefined;
    for (const option of options) {
      if (option.name === "weight") weight = asNumber(option.values[0]) ?? weight;
      if (option.name === "reverse" || option.name === "noreverse")
        reverse = option.name === "reverse";
    }
    found.push({
      name,
      ...(weight === undefined ? {} : { weight }),
      ...(reverse === undefined ? {} : { reverse }),
      span: spanAt(line, 0),
    });
  }
  return found;
}
