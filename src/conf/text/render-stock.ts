// Findings as `keepalived -t` 2.2.7 prints them, for scripts that read its output, and the exit status that it gives.
//
// keepalived reads the file several times: once for itself (global_defs and words outside of any block), then once for
// each of its processes. The first reading names only lines, `(Line 4)`, and included files, `(a.conf: Line 4)`; the later
// ones name every file. What it finds after reading has no place. Each finding is told once here.

import type { Diagnostic, Sources } from "./diagnostic.ts";
import { printableText } from "./display.ts";

/** What keepalived says only when everything has been read. */
const afterReading = [
  /^\([^)]*\) (the virtual router id must|No VIP specified|State MASTER must match|Warning - )/,
  /^\([^)]*\) (Ignoring track_interface|VRRP version|Strict mode|promote_secondaries|A unicast key)/,
  /^\([^)]*\) track_interface \S+ is configured on/,
  /^(Virtual server \[|Virtual server (FWM|group)|VS |WARNING - virtual server|Warning: Virtual)/,
  /^(Warning - quorum|Sync group |SECURITY VIOLATION|There are \d+ missing|Disabling track script)/,
];

/** Exit statuses of `keepalived -t`. */
export const stockStatuses = { ok: 0, fatal: 2, cannotRun: 4, errors: 5, security: 6 } as const;

/** Renders findings, one a line; those that keepalived does not know stand in its frame with our text. */
export function renderStock(diagnostics: readonly Diagnostic[], sources: Sources): string {
  const [mainFile = "", mainText = ""] = [...sources][0] ?? [];
  const isEarly = earlyLines(mainText);
  const early: string[] = [];
  const late: string[] = [];
  const last: string[] = [];
  for (const diagnostic of diagnostics) {
    const { stock, severity, code, message, span } = diagnostic;
    // What works, and what is about Keelson alone, is nothing that a reader of keepalived's output waits for.
    if (stock === undefined && (severity === "advice" || code.startsWith("K"))) continue;
    const text = printableText(stock ?? `${message} [${code}]`);
    const name = printableText(stockName(diagnostic));
    const isMain = span.file === mainFile;
    if (stock !== undefined && afterReading.some((form) => form.test(stock))) last.push(text);
    else if (isMain && isEarly(span.line)) early.push(`(Line ${span.line}) ${text}`);
    else late.push(`(${name}: Line ${span.line}) ${text}`);
  }
  return [...early, ...late, ...last].map((line) => `${line}\n`).join("");
}

/**
 * What `keepalived -t` would end with: 2 for a missing argument, 6 when scripts run without script security,
 * 5 for anything else that it complains about; 4, which 2.2.7 never gives, for what neither program can run.
 */
export function stockStatus(diagnostics: readonly Diagnostic[]): number {
  const said = diagnostics.flatMap(({ stock }) => (stock === undefined ? [] : [stock]));
  if (said.some((text) => text.startsWith("***"))) return stockStatuses.fatal;
  if (diagnostics.some((one) => one.stops === true && one.stock === undefined))
    return stockStatuses.cannotRun;
  if (said.some((text) => text.startsWith("SECURITY VIOLATION"))) return stockStatuses.security;
  // An include that matches nothing is told, and changes nothing.
  const counted = said.filter((text) => !text.startsWith("Config files missing"));
  return counted.length > 0 ? stockStatuses.errors : stockStatuses.ok;
}

/** The file as its include names it: relative to the including file. */
function stockName({ span, includedFrom = [] }: Diagnostic): string {
  const from = includedFrom[0]?.file ?? "";
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  return span.file.startsWith(folder) ? span.file.slice(folder.length) : span.file;
}

/** Blocks that the processes read for themselves. */
const lateBlocks =
  /^\s*(vrrp_(instance|sync_group|script|track_\w+)|virtual_server(_group)?|SSL|bfd_instance|static_\w+|track_\w+|garp_group)\b/;

/** Which lines of a file the first reading judges: all but those of the blocks that it skips. */
function earlyLines(text: string): (line: number) => boolean {
  const early = new Set<number>();
  let depth = 0;
  let isLate = false;
  for (const [i, line] of text.split("\n").entries()) {
    const code = line.replaceAll(/"[^"]*"/g, "x").replace(/[#!].*$/, "");
    if (depth === 0) isLate = lateBlocks.test(code);
    if (!isLate) early.add(i + 1);
    for (const character of code.replaceAll(/\$\{[^}]*\}/g, ""))
      if (character === "{") depth++;
      else if (character === "}" && depth > 0) depth--;
  }
  return (line) => early.has(line);
}
