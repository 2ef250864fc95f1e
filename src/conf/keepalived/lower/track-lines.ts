// The lines of track_script and track_interface: a name, perhaps a weight.

import type { TrackedInterface, TrackedScript } from "../../../model/vrrp-instance.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { Line } from "../language/expand.ts";
import type { Lowering } from "./lowering.ts";
import { reportReverse } from "./vrrp-script.ts";

/** A tracked script and where its name stands. */
export interface PlacedTrack {
  readonly value: TrackedScript;
  readonly span: Span;
}

interface TrackLine {
  readonly name: string;
  readonly weight?: number;
  readonly span: Span;
}

/** Reads the lines of a track_script block. */
export function lowerTrackScript(line: Line, lowering: Lowering): readonly PlacedTrack[] {
  return lowerTrackLines(line, lowering).map(({ name, weight, span }) => ({
    value: weight === undefined ? { script: name } : { script: name, weight },
    span,
  }));
}

/** Reads the lines of a track_interface block. */
export function lowerTrackInterface(line: Line, lowering: Lowering): readonly TrackedInterface[] {
  return lowerTrackLines(line, lowering).map(({ name, weight }) => ({
    interface: name,
    weight: weight ?? 0,
  }));
}

function lowerTrackLines(line: Line, lowering: Lowering): readonly TrackLine[] {
  return (line.block ?? []).flatMap((inner) => {
    const first = inner.words[0];
    if (first === undefined) return [];
    const weight = lowerWeight(inner, lowering);
    const span = lowering.span(inner, first);
    return [weight === undefined ? { name: first.text, span } : { name: first.text, weight, span }];
  });
}

function lowerWeight(line: Line, lowering: Lowering): number | undefined {
  let weight: number | undefined;
  for (let i = 1; i < line.words.length; i++) {
    const word = line.words[i];
    if (word === undefined) break;
    if (word.text !== "weight") {
      reportReverse(line, word, lowering);
      continue;
    }
    i++;
    const value = lowering.argument(line, i);
    weight = value && lowering.integer(line, value, { min: -253, max: 253, otherwise: "stop" });
  }
  return weight;
}
