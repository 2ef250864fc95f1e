// One text before both programs: where what we say is less, or more, than what keepalived says.

import { loadAnyConfiguration } from "../../src/conf/load-any-configuration.ts";
import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";
import type { TextJudgement } from "./judge-batch.ts";
import { youngKeywords } from "./known-keywords.ts";

/** How the two differ. */
export type Category =
  | "unspoken"
  | "crying wolf"
  | "does not stop"
  | "stops"
  | "crash"
  | "slow"
  | "keepalived crashes";

/** One difference. */
export interface Disagreement {
  readonly category: Category;
  /** Alike for differences that have one cause. */
  readonly cause: string;
  /** Counted from 1; 0 for the whole file. */
  readonly line: number;
}

/** What we say about a text. */
export interface OurJudgement {
  readonly diagnostics: readonly Diagnostic[];
  readonly milliseconds: number;
  readonly crash?: string;
}

const slowMs = 1000;
const path = "keepalived.conf";

/** Reads a text that has no files beside it. */
export function judgeOurselves(text: string): OurJudgement {
  const start = process.cpuUsage();
  const fault = { kind: "no-such-file", text: "there is no such file" };
  try {
    const { diagnostics } = loadAnyConfiguration({
      path,
      readFile: (name) => (name === path ? { ok: true, value: text } : { ok: false, fault }),
    });
    const { user, system } = process.cpuUsage(start);
    return { diagnostics, milliseconds: (user + system) / 1000 };
  } catch (error) {
    const crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { diagnostics: [], milliseconds: 0, crash };
  }
}

/** Codes of findings behind which keepalived reads everything otherwise: braces and quotes. */
const structural: ReadonlySet<string> = new Set(
  "S03 S04 S05 S06 S07 S25 S26 S41 S45 S47 S48".split(" "),
);

/** Codes with which docs/decisions/030 refuses what keepalived complains about and runs. */
const stopping: ReadonlySet<string> = new Set(
  "S05 S07 S17 S21 S22 S23 S24 S25 S28 S31 S47 S48 V01 V02 V28 L11 L40".split(" "),
);

/** Errors about which keepalived is known to be silent. */
const silent: ReadonlySet<string> = new Set("S02 S03 S10 S19".split(" "));

/** Where keepalived and we differ about a text; `usual` are the errors of the file before its mistake. */
export function disagreements(
  text: string,
  theirs: TextJudgement,
  ours: OurJudgement,
  usual: ReadonlySet<string>,
): readonly Disagreement[] {
  const { crash, milliseconds, diagnostics } = ours;
  if (crash !== undefined) return [{ category: "crash", cause: crash, line: 0 }];
  const found: Disagreement[] = [];
  const say = (category: Category, cause: string, line = 0): number =>
    found.push({ category, cause, line });
  if (milliseconds > slowMs) say("slow", `${Math.round(milliseconds / slowMs)} s`);
  if (theirs.status >= 124) {
    say("keepalived crashes", `status ${theirs.status}`);
    if (!diagnostics.some(({ severity }) => severity === "error"))
      say("unspoken", `keepalived ends with status ${theirs.status}`);
    return found;
  }
  const [first] = unspoken(theirs, diagnostics, text.split("\n"));
  if (first !== undefined) say("unspoken", alike(first.text), first.line);
  const fatal = theirs.status !== 0 && theirs.status !== 5 && theirs.status !== 6;
  const stops = diagnostics.filter((finding) => finding.stops === true);
  if (fatal && stops.length === 0)
    say("does not stop", `${theirs.status}: ${alike(theirs.complaints.at(-1)?.text ?? "")}`);
  const complains = theirs.status === 5 || theirs.complaints.length > 0 || theirs.others.length > 0;
  for (const { code, message, span } of fatal ? [] : stops)
    if (!usual.has(code) && !(complains && stopping.has(code)))
      say("stops", `${theirs.status}: ${code} ${alike(message)}`, span.line);
  for (const { code, severity, message, span } of complains || fatal ? [] : diagnostics)
    if (severity === "error" && !usual.has(code) && !silent.has(code))
      say("crying wolf", `${code} ${alike(message)}`, span.line);
  return found;
}

/** What keepalived says of lines on which we say nothing, nor on what explains them. */
function unspoken(
  theirs: TextJudgement,
  diagnostics: readonly Diagnostic[],
  lines: readonly string[],
): TextJudgement["complaints"] {
  const spoken = new Set<number>();
  let lostFrom = Number.POSITIVE_INFINITY;
  for (const { code, span, related = [], coversTo = 0 } of diagnostics) {
    for (let line = span.line; line <= Math.max(span.line, coversTo); line++) spoken.add(line);
    for (const other of related) spoken.add(other.span.line);
    if (!structural.has(code) && coversTo === 0) continue;
    lostFrom = Math.min(lostFrom, span.line, ...related.map((other) => other.span.line));
  }
  const isSpoken = (line: number): boolean =>
    Array.from({ length: line - openerOf(lines, line) + 1 }, (_, i) => line - i).some((at) =>
      spoken.has(at),
    );
  return theirs.complaints.filter(
    ({ line, text }) => !isSpoken(line) && line < lostFrom && !youngKeywords.has(wordOf(text)),
  );
}

/** The word that is unknown to keepalived. */
function wordOf(complaint: string): string {
  return /^Unknown keyword '(.*)'/.exec(complaint)?.[1] ?? "";
}

/** What is wrong with a block, keepalived says at its closing brace: the line that opens it, or the line itself. */
function openerOf(lines: readonly string[], line: number): number {
  if (!/^\s*\}/.test(lines[line - 1] ?? "")) return line;
  let depth = 0;
  for (let at = line; at > 0; at--) {
    const code = (lines[at - 1] ?? "").replace(/[#!].*/, "");
    depth += code.split("}").length - code.split("{").length;
    if (depth <= 0) return at;
  }
  return line;
}

/** A text without what differs between files. */
function alike(text: string): string {
  return text
    .replace(/`[^`]*`|'[^']*'|"[^"]*"/g, "_")
    .replace(/\([^)]*\)/g, "()")
    .replace(/\b[0-9a-f]*[:.][0-9a-f:./]+\b|\d+/gi, "N");
}
