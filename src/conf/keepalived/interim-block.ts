// Stands in for the table until it is complete: every keyword of keepalived, with any words behind it.

import { knownKeywords } from "./known-keywords.ts";
import type { BlockSpec, KeywordSpec, LineSpec } from "./table/keyword-spec.ts";

const lines: LineSpec = {
  name: "any-line",
  summary: "",
  leading: [{ name: "WORD", value: { kind: "text" }, repeats: true }],
  options: [],
};

function blockAt(path: string): BlockSpec {
  const words = (knownKeywords[path] ?? "").split(/\s+/).filter((word) => word !== "");
  return { path, summary: "", keywords: words.map((word) => keywordOf(word, path)) };
}

function keywordOf(word: string, path: string): KeywordSpec {
  const name = word.replace(/[^\w-].*$/, "");
  const inner = path === "/" ? name : `${path}/${name}`;
  return {
    name,
    summary: "",
    acts: true,
    repeats: true,
    arguments: [{ name: "WORD", value: { kind: "text" }, optional: true, repeats: true }],
    ...(word.endsWith("{")
      ? { contents: { kind: "keywords" as const, block: blockAt(inner) } }
      : word.endsWith("[")
        ? { contents: { kind: "lines" as const, lines } }
        : {}),
  };
}

export const interimBlock: BlockSpec = blockAt("/");
