// What the readers of other formats make: a keepalived.conf with the places from which its lines come. What `convert`
// prints is what `run` reads, so the two cannot differ.

import type { LoadedConfiguration, LoadRequest } from "../load-configuration.ts";
import { loadConfiguration } from "../load-configuration.ts";
import type { Configuration, Placed } from "../rules/rule.ts";
import type { Diagnostic, Span } from "../text/diagnostic.ts";
import { type FindPlace, SectionTranslator } from "./translated-section.ts";

/** A file in keepalived's words. */
export interface Translation {
  readonly text: string;
  /** By line of `text`, from 0. */
  readonly spans: readonly (Span | undefined)[];
  /** What the reading and the translation have found, in places of the file that was read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads what a translation says, with every place in the file that was read. */
export function loadTranslation(
  translation: Translation,
  request: LoadRequest,
  source: string,
): LoadedConfiguration {
  const { text } = translation;
  const loaded = loadConfiguration({
    ...request,
    readFile: () => ({ ok: true, value: text }),
    listFiles: () => [],
  });
  const top: Span = { file: request.path, line: 1, column: 1, length: 1 };
  const place = (span: Span): Span => placeOf(span, translation) ?? top;
  const stops = translation.diagnostics.some((one) => one.stops === true);
  const { configuration, model } = loaded;
  // What a file that is refused would mean is of no interest.
  const meant = stops ? [] : loaded.diagnostics.filter((one) => isOfSource(one, translation));
  const diagnostics = [
    ...translation.diagnostics,
    ...meant.filter(isAboutMeaning).map((one) => translated(one, place)),
  ];
  const sources = new Map([[request.path, source]]);
  return {
    diagnostics: inOrder(diagnostics),
    sources,
    includes: new Map(),
    ...(configuration === undefined
      ? {}
      : { configuration: { ...placedIn(configuration, place), sources } }),
    ...(model === undefined || stops ? {} : { model }),
  };
}

/** The same configuration in the places of the file that was read. */
function placedIn(configuration: Configuration, place: FindPlace): Configuration {
  const translator = new SectionTranslator(place);
  const placed = <Value>(one: Placed<Value>): Placed<Value> => ({
    value: one.value,
    span: place(one.span),
    section: translator.section(one.section),
  });
  return {
    ...configuration,
    root: translator.section(configuration.root),
    instances: configuration.instances.map(placed),
    scripts: configuration.scripts.map(placed),
    virtualServers: configuration.virtualServers.map(placed),
  };
}

/** The nearest place at or above a line: a brace belongs to its block. */
function placeOf(span: Span, { spans }: Translation): Span | undefined {
  for (let line = span.line - 1; line >= 0; line--) {
    const place = spans[line];
    if (place !== undefined) return place;
  }
  return undefined;
}

/** What rules say about meaning; findings about words would be about a text that nobody wrote. */
const told: ReadonlySet<string> = new Set(["K01", "K02", "L01", "L09", "L10", "S20"]);

function isAboutMeaning(finding: Diagnostic): boolean {
  return finding.stops === true || told.has(finding.code);
}

/** False for lines that the translation adds by itself. */
function isOfSource({ span, stops, code }: Diagnostic, { spans }: Translation): boolean {
  return stops === true || code === "S20" || spans[span.line - 1] !== undefined;
}

/** Edits and fixes are about keepalived's keywords, which do not stand in the file. */
function translated(
  { edits: _edits, fix: _fix, related, ...finding }: Diagnostic,
  place: (span: Span) => Span,
): Diagnostic {
  return {
    ...finding,
    span: place(finding.span),
    ...(related === undefined
      ? {}
      : { related: related.map((one) => ({ ...one, span: place(one.span) })) }),
  };
}

/** By place; what several lines of the translation say about one line of the file is said once. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const once = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { line, column } = diagnostic.span;
    const id = `${line}:${column} ${diagnostic.code} ${diagnostic.message}`;
    if (!once.has(id)) once.set(id, diagnostic);
  }
  return [...once.values()].sort(
    (a, b) => a.span.line - b.span.line || a.span.column - b.span.column,
  );
}
