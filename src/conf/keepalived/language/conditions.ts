// `@id` and `@^id`: which lines count on this node, and one finding for each id whose lines do not.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";

interface Inactive {
  readonly id: string;
  readonly negated: boolean;
  readonly span: Span;
  lines: number;
}

/** The conditional lines of one configuration. */
export class Conditions {
  readonly #activeIds: ReadonlySet<string>;
  readonly #inactive = new Map<string, Inactive>();

  constructor(activeIds: ReadonlySet<string>) {
    this.#activeIds = activeIds;
  }

  /** True when the lines of a condition count; `span` is where it stands. */
  counts(id: string, negated: boolean, span: Span): boolean {
    if (this.#activeIds.has(id) !== negated) return true;
    const sign = negated ? `@^${id}` : `@${id}`;
    const known = this.#inactive.get(sign);
    if (known === undefined) this.#inactive.set(sign, { id, negated, span, lines: 1 });
    else known.lines++;
    return false;
  }

  /** Reports each condition that has left lines out. */
  report(diagnostics: Diagnostic[]): void {
    for (const [sign, { id, negated, span, lines }] of this.#inactive) {
      const lead = lines === 1 ? "1 line does" : `${lines} lines do`;
      diagnostics.push({
        severity: "advice",
        code: "S18",
        message: `${lead} not count on this node: \`${sign}\``,
        label: this.#label(id, negated),
        span,
        effect: "the lines are skipped",
        fix: negated ? `they count for every id but \`${id}\`` : `give the id: \`-i ${id}\``,
      });
    }
  }

  #label(id: string, negated: boolean): string {
    if (negated) return `the id of this node is \`${id}\``;
    const ids = [...this.#activeIds].map((active) => `\`${active}\``).join(", ");
    return ids === "" ? "this node has been given no id" : `the id of this node is ${ids}`;
  }
}
