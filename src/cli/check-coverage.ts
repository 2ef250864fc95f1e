// `keelson check --coverage`: which keywords of a configuration Keelson acts on.

import { type CoveredKeyword, coverage } from "../conf/keepalived/coverage.ts";
import type { LoadedConfiguration } from "../conf/load-configuration.ts";
import { printableText } from "../conf/text/display.ts";
import { paintText } from "../conf/text/render-options.ts";
import { plural } from "../conf/text/summary.ts";

/** Lines of one keyword that are named before the rest is counted. */
const linesMax = 4;

/** How the keywords are told. */
export interface CoverageOptions {
  /** `json` for programs; any other form is for people. */
  readonly json: boolean;
  readonly color: boolean;
  /** True: also those that Keelson acts on. */
  readonly all: boolean;
}

/** Renders the keywords of configurations that could be read. */
export function renderCoverage(
  loaded: readonly LoadedConfiguration[],
  options: CoverageOptions,
): string {
  const read = loaded.flatMap(({ configuration }) =>
    configuration === undefined
      ? []
      : [{ file: configuration.file, keywords: coverage(configuration.root) }],
  );
  if (options.json) return `${JSON.stringify({ version: 1, files: read }, undefined, 2)}\n`;
  return read.map(({ file, keywords }) => renderFile(file, keywords, options)).join("\n");
}

function renderFile(
  file: string,
  keywords: readonly CoveredKeyword[],
  { all, color }: CoverageOptions,
): string {
  const paint = paintText(color);
  const acted = keywords.filter(({ acts }) => acts);
  const ignored = keywords.filter(({ acts }) => !acts);
  const count = (list: readonly CoveredKeyword[]): number =>
    list.reduce((sum, { lines }) => sum + lines.length, 0);
  const head = `${printableText(file)}: Keelson acts on ${acted.length} of ${plural(keywords.length, "keyword")}, written ${count(acted)} of ${plural(count(keywords), "time")}`;
  const rows = [
    ...ignored.map((keyword) => row(keyword, paint("yellow", "not yet"))),
    ...(all ? acted.map((keyword) => row(keyword, paint("dim", "acts   "))) : []),
  ];
  return `${[paint("bold", head), ...rows].join("\n")}\n`;
}

function row({ keyword, block, lines, missing }: CoveredKeyword, state: string): string {
  const path = block === "/" ? keyword : `${block}/${keyword}`;
  const told = lines.slice(0, linesMax).map(({ line }) => line);
  const more = lines.length > linesMax ? ` and ${lines.length - linesMax} more` : "";
  const word = lines.length === 1 ? "line" : "lines";
  const effect = missing === undefined ? "" : `: ${missing}`;
  return `  ${state}  ${printableText(path)} (${word} ${told.join(", ")}${more})${effect}`;
}
