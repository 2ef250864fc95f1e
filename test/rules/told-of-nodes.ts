// What a rule says about several nodes, for the tests of pair rules.

import { checkExample } from "./check-text.ts";

/** The findings of one rule about the files of nodes: the place, the message, and the places that explain it. */
export function toldOfNodes(id: string, texts: readonly string[]): readonly string[] {
  return checkExample(texts)
    .filter(({ code }) => code === id)
    .map(({ span, severity, message, related = [] }) => {
      const others = related.map((other) => `${other.span.file}:${other.span.line} ${other.label}`);
      const see = others.length === 0 ? "" : ` (${others.join("; ")})`;
      return `${span.file}:${span.line} ${severity}: ${message}${see}`;
    });
}

/** Everything that is said about the files of nodes, as one text. */
export function allToldOfNodes(texts: readonly string[]): string {
  return JSON.stringify(checkExample(texts));
}
