// Findings and the comments that put some of them aside. What is wrong with those comments becomes findings as well.

import type { Diagnostic, Finding, Sources } from "../text/diagnostic.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { orderDiagnostics } from "../text/order-diagnostics.ts";
import type { SuppressedDiagnostic } from "../text/render-options.ts";
import { type SuppressionComment, suppressionComments } from "./suppression-comment.ts";

/** What comments may name. */
export interface SuppressibleRule {
  readonly id: string;
  readonly name: string;
  /** True when the rule could have spoken in this run: rules about several nodes need several. */
  readonly judged: boolean;
}

/** Findings after their comments. */
export interface Suppression {
  /** What remains, and what is said about the comments, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly suppressed: readonly SuppressedDiagnostic[];
}

/** Rules that look at the machine or the network; files name them although only `keelson doctor` runs them. */
const rulesOfDoctor =
  /^(H\d\d|V(04|09|24|26|3[2367]|4[67]|5[123])|X(0[1245789]|1[4-79]|20)|L(18|29|30))$/;

/** Puts findings aside that a comment with a reason names, unless they stop the start. */
export function applySuppressions(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  rules: readonly SuppressibleRule[],
): Suppression {
  const comments = [...sources].flatMap(([file, text]) => suppressionComments(file, text));
  if (comments.length === 0) return { diagnostics, suppressed: [] };
  const judgement = new Judgement(rules);
  const active = comments.filter((comment) => judgement.isUsable(comment));
  const byPlace = new Map<string, SuppressionComment>();
  for (const comment of active) {
    // Behind the last line there is nothing to put aside.
    if (comment.reach !== "file" && comment.line === undefined) continue;
    const place = placeOf(comment.span.file, comment.line);
    for (const id of judgement.idsOf(comment))
      if (!byPlace.has(`${id} ${place}`)) byPlace.set(`${id} ${place}`, comment);
  }
  const commentOn = ({ code, span }: Diagnostic): SuppressionComment | undefined =>
    byPlace.get(`${code} ${placeOf(span.file, span.line)}`) ??
    byPlace.get(`${code} ${placeOf(span.file, undefined)}`);
  const remaining: Diagnostic[] = [];
  const suppressed: SuppressedDiagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const comment = commentOn(diagnostic);
    if (comment === undefined) remaining.push(diagnostic);
    else if (diagnostic.stops === true) {
      judgement.refuse(comment, diagnostic);
      remaining.push(diagnostic);
    } else {
      judgement.use(comment);
      suppressed.push({ diagnostic, reason: comment.reason, span: comment.span });
    }
  }
  for (const comment of active) judgement.finish(comment);
  const all = [...remaining, ...judgement.findings];
  return { diagnostics: orderDiagnostics(all, [...sources.keys()]), suppressed };
}

/** A line of a file, or the file as a whole. */
function placeOf(file: string, line: number | undefined): string {
  return `${line ?? "all"} ${file}`;
}

class Judgement {
  readonly findings: Diagnostic[] = [];
  readonly #rules = new Map<string, SuppressibleRule>();
  readonly #used = new Set<SuppressionComment>();

  constructor(rules: readonly SuppressibleRule[]) {
    for (const rule of rules) {
      this.#rules.set(rule.id.toLowerCase(), rule);
      this.#rules.set(rule.name, rule);
    }
  }

  /** True when the comment counts; says what is wrong when it does not. */
  isUsable(comment: SuppressionComment): boolean {
    const known = this.#ruleOf(comment);
    if (known === undefined && !rulesOfDoctor.test(comment.rule.toUpperCase())) {
      this.#unknown(comment);
      return false;
    }
    if (/\w/.test(comment.reason)) return known !== undefined;
    this.#report(comment, "C01", {
      severity: "advice",
      message: `the comment does not say why \`${comment.rule}\` is put aside`,
      effect: "the comment does not count",
      fix: `write the reason behind it: \`keelson-disable-${comment.reach} ${comment.rule} REASON\``,
    });
    return false;
  }

  /** The id of the rule that a comment names; none where it names no rule. */
  idsOf(comment: SuppressionComment): readonly string[] {
    const rule = this.#ruleOf(comment);
    return rule === undefined ? [] : [rule.id];
  }

  use(comment: SuppressionComment): void {
    this.#used.add(comment);
  }

  refuse(comment: SuppressionComment, { message }: Diagnostic): void {
    if (this.#used.has(comment)) return;
    this.#used.add(comment);
    this.#report(comment, "C04", {
      severity: "advice",
      message: `\`${comment.rule}\` cannot be put aside here`,
      effect: `Keelson does not start with this, whatever a comment says: ${message}`,
      fix: "mend the line, and remove the comment",
    });
  }

  /** Says that a comment was of no use. */
  finish(comment: SuppressionComment): void {
    if (this.#used.has(comment) || this.#ruleOf(comment)?.judged !== true) return;
    const where = { "next-line": "the next line", line: "this line", file: "this file" };
    this.#report(comment, "C03", {
      severity: "advice",
      message: `\`${comment.rule}\` has nothing to say about ${where[comment.reach]}`,
      effect: "the comment hides what may be found there one day",
      fix: "remove the comment",
    });
  }

  #unknown(comment: SuppressionComment): void {
    const near = nearestWord(comment.rule, this.#names(comment.rule));
    this.#report(comment, "C02", {
      severity: "advice",
      message:
        comment.rule === ""
          ? "the comment names no rule"
          : `\`${comment.rule}\` is not the id or name of a rule`,
      ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
      effect: "the comment does not count",
      fix: "`keelson check --list-rules` shows all",
    });
  }

  /** Ids are too short for a distance in letters: every other one would be near. */
  #names(word: string): readonly string[] {
    if (/^[A-Za-z]\d+$/.test(word)) return [];
    return [...this.#rules.values()].map((rule) => rule.name);
  }

  #ruleOf(comment: SuppressionComment): SuppressibleRule | undefined {
    return this.#rules.get(comment.rule.toLowerCase());
  }

  #report(comment: SuppressionComment, code: string, finding: Finding): void {
    this.findings.push({ ...finding, code, span: comment.span });
  }
}
