// Findings of one run: a bound on each kind, so that a file of a million bad lines costs no more than its reading.

import type { Diagnostic } from "./diagnostic.ts";

/** How many findings of one rule are kept. */
export const findingsOfRuleMax = 10_000;

/** A list that takes no more of a rule than that: the first ones, and the first that stops the start in any case. */
export class FindingList extends Array<Diagnostic> {
  // Lists that are made of this one are plain.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  readonly #counts = new Map<string, number>();
  #stops = false;

  override push(...findings: readonly Diagnostic[]): number {
    for (const finding of findings) {
      const count = this.#counts.get(finding.code) ?? 0;
      this.#counts.set(finding.code, count + 1);
      const first = finding.stops === true && !this.#stops;
      if (count >= findingsOfRuleMax && !first) continue;
      super.push(finding);
      this.#stops ||= finding.stops === true;
    }
    return this.length;
  }

  /** True when no more findings of a rule are taken: it need not be worked out what they would say. */
  isFull(code: string): boolean {
    return (this.#counts.get(code) ?? 0) >= findingsOfRuleMax;
  }
}
