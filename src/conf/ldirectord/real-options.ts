// What may stand behind the forwarding method of a real server: its weight, its own request and answer, thresholds.

import type { RealLine } from "./configuration.ts";
import type { Piece } from "./endpoint.ts";
import type { ValueText } from "./value-form.ts";

type RealOptions = Pick<
  RealLine,
  "weight" | "request" | "receive" | "lowerThreshold" | "upperThreshold"
>;

interface Draft {
  weight?: number;
  readonly texts: Piece[];
  lowerThreshold?: number;
  upperThreshold?: number;
}

/** Largest weight that IPVS takes from everybody. */
export const weightMax = 65_535;
const thresholdMax = 2_147_483_647;

/** Reads the options in whatever order they stand. */
export function readRealOptions(pieces: readonly Piece[], value: ValueText): RealOptions {
  const draft: Draft = { texts: [] };
  for (const [i, piece] of pieces.entries()) {
    const threshold = /^"?<?([lu]):(\d+)>?"?$/.exec(piece.text);
    if (threshold !== null) readThreshold(piece, threshold, draft, value);
    else if (piece.text.startsWith('"')) readText(piece, draft, value);
    else if (/^\d+$/.test(piece.text) && draft.weight === undefined && draft.texts.length === 0)
      draft.weight = readWeight(piece, value);
    else reportUnknown(piece, pieces[i + 1], value);
  }
  const [request, receive] = draft.texts;
  reportTexts(request, receive, value);
  return {
    ...(draft.weight === undefined ? {} : { weight: draft.weight }),
    ...(request === undefined ? {} : { request: inside(request) }),
    ...(receive === undefined ? {} : { receive: inside(receive) }),
    ...(draft.lowerThreshold === undefined ? {} : { lowerThreshold: draft.lowerThreshold }),
    ...(draft.upperThreshold === undefined ? {} : { upperThreshold: draft.upperThreshold }),
  };
}

function inside(piece: Piece): string {
  return piece.text.replace(/^"/, "").replace(/"$/, "");
}

function readWeight(piece: Piece, value: ValueText): number {
  const weight = Number(piece.text);
  if (weight <= weightMax) return weight;
  value.report(piece.at, piece.text.length, "D07", {
    severity: "warning",
    message: `the weight ${piece.text} is out of range`,
    label: `0 to ${weightMax}`,
    effect: `${weightMax} counts; ipvsadm refuses the server, or takes it where it is patched`,
    fix: "divide all weights of the virtual server by the same number",
  });
  return weightMax;
}

function readThreshold(
  piece: Piece,
  [, letter = "", digits = ""]: RegExpExecArray,
  draft: Draft,
  value: ValueText,
): void {
  const number = Math.min(Number(digits), thresholdMax);
  const outOfOrder = letter === "l" && draft.upperThreshold !== undefined;
  if (outOfOrder || piece.text !== `${letter}:${digits}`)
    value.report(piece.at, piece.text.length, "D26", {
      severity: "warning",
      message: outOfOrder
        ? "`l:` stands behind `u:`"
        : `the threshold \`${piece.text}\` is not written as ldirectord reads it`,
      effect: outOfOrder
        ? "ldirectord loses `u:`, and the kernel then refuses the server; Keelson reads both"
        : "ldirectord refuses it or takes it for a request; Keelson reads the threshold",
      fix: "write `l:N u:N` without quotes, `l:` first",
    });
  if (letter === "l") draft.lowerThreshold = number;
  else draft.upperThreshold = number;
}

function readText(piece: Piece, draft: Draft, value: ValueText): void {
  if (piece.text.length < 2 || !piece.text.endsWith('"'))
    value.report(piece.at, piece.text.length, "D09", {
      severity: "error",
      stops: true,
      message: "the closing quote is missing",
      effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    });
  draft.texts.push(piece);
}

function reportTexts(
  request: Piece | undefined,
  receive: Piece | undefined,
  value: ValueText,
): void {
  if (request === undefined) return;
  if (receive === undefined)
    value.report(request.at, request.text.length, "D04", {
      severity: "error",
      stops: true,
      message: "a request of a real server needs the answer that is expected",
      effect: "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
      fix: `write \`${request.text}, "ANSWER"\``,
    });
  else if (inside(request).startsWith("/"))
    value.report(request.at, request.text.length, "D28", {
      severity: "advice",
      message: "ldirectord loses the answer that belongs to a request with a `/` in front",
      effect:
        "it then compares with the answer of the virtual server, and forgets the thresholds; Keelson reads all of it",
      fix: "leave out the `/`: it is added",
    });
}

/** ldirectord skips words in front of a number, and refuses others. */
function reportUnknown(piece: Piece, next: Piece | undefined, value: ValueText): void {
  const skipped = next !== undefined && /^\d+$/.test(next.text);
  value.report(piece.at, piece.text.length, "D11", {
    severity: skipped ? "warning" : "error",
    ...(skipped ? {} : { stops: true }),
    message: `\`${piece.text}\` is one word too many`,
    effect: skipped
      ? `it is ignored; the weight is ${next.text}`
      : "ldirectord does not start with this, and a reload keeps what runs; so does Keelson",
    fix: "remove it",
  });
}
