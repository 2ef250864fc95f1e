// From the path of a keepalived.conf to the model, with everything that is to be said about it.

import type { Model } from "../model/model.ts";
import { Expander, type FileReader } from "./keepalived/language/expand.ts";
import { lowerFile } from "./keepalived/lower/lower-file.ts";
import { readSection } from "./keepalived/read-section.ts";
import { fileBlock } from "./keepalived/table/root.ts";
import type { Configuration } from "./rules/rule.ts";
import { runRules } from "./rules/run-rules.ts";
import type { Diagnostic, Sources, Span } from "./text/diagnostic.ts";
import { withoutEchoes } from "./text/echoes.ts";
import { FindingList } from "./text/finding-list.ts";

/** What is to be read, and how. */
export interface LoadRequest extends FileReader {
  readonly path: string;
  /** Ids whose `@id` lines count [keepalived's `--config-id`]. */
  readonly configIds?: readonly string[];
}

/** What came of it. */
export interface LoadedConfiguration {
  /** Absent when a finding stops the start: a bad configuration never takes effect. */
  readonly model?: Model;
  /** What rules look at, as far as the text could be understood; absent when no text could be read. */
  readonly configuration?: Configuration;
  /** In the order of the text, file by file. */
  readonly diagnostics: readonly Diagnostic[];
  /** The texts that were read. */
  readonly sources: Sources;
  /** By included file: the line that includes it first. */
  readonly includes: ReadonlyMap<string, Span>;
}

/** Reads a configuration. Never throws, whatever the text. */
export function loadConfiguration(request: LoadRequest): LoadedConfiguration {
  const diagnostics = new FindingList();
  const expander = new Expander(request, new Set(request.configIds), diagnostics);
  const lines = expander.file(request.path);
  const { sources, includes } = expander;
  if (lines === undefined) return { diagnostics, sources, includes };
  const root = readSection(lines, fileBlock, { diagnostics, sources, root: fileBlock });
  const configuration: Configuration = { file: request.path, root, sources, ...lowerFile(root) };
  runRules(configuration, diagnostics);
  const placed = withIncludes(withoutEchoes(diagnostics), includes);
  const sorted = inOrder(placed, [...sources.keys()]);
  const loaded = { configuration, diagnostics: sorted, sources, includes };
  return diagnostics.some(({ stops }) => stops === true)
    ? loaded
    : { ...loaded, model: configuration.model };
}

/** Adds to findings in included files the lines that include them, from the inside outwards. */
function withIncludes(
  diagnostics: readonly Diagnostic[],
  includes: ReadonlyMap<string, Span>,
): readonly Diagnostic[] {
  if (includes.size === 0) return diagnostics;
  const chains = new Map<string, readonly Span[]>();
  return diagnostics.map((diagnostic) => {
    const { file } = diagnostic.span;
    const includedFrom = chains.get(file) ?? chainOf(file, includes);
    chains.set(file, includedFrom);
    return includedFrom.length === 0 ? diagnostic : { ...diagnostic, includedFrom };
  });
}

function chainOf(file: string, includes: ReadonlyMap<string, Span>): readonly Span[] {
  const chain = new Set<Span>();
  for (let span = includes.get(file); span !== undefined; span = includes.get(span.file)) {
    // Files that include each other have been reported.
    if (chain.has(span)) break;
    chain.add(span);
  }
  return [...chain];
}

/** In the order of the text; a line that a repetition reads often is reported once. */
function inOrder(diagnostics: readonly Diagnostic[], files: readonly string[]): Diagnostic[] {
  const once = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { file, line, column } = diagnostic.span;
    const id = `${line} ${column} ${diagnostic.code} ${diagnostic.message} ${file}`;
    if (!once.has(id)) once.set(id, diagnostic);
  }
  const order = new Map(files.map((file, i) => [file, i]));
  const fileOf = (diagnostic: Diagnostic): number => order.get(diagnostic.span.file) ?? -1;
  return [...once.values()].sort(
    (a, b) => fileOf(a) - fileOf(b) || a.span.line - b.span.line || a.span.column - b.span.column,
  );
}
