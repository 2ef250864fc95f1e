// The file behind `--topology`: YAML or JSON, as docs/topology.md describes it.

import { readFileSync } from "node:fs";
import { isNode, LineCounter, parseDocument } from "yaml";
import { fail, ok, type Result } from "../base/result.ts";
import type { Topology } from "../conf/rules/topology.ts";
import { lowerTopology, type TopologyFault } from "../conf/topology/lower-topology.ts";

/** Reads a topology hint; a fault is one sentence or several, each with its line, for people. */
export function readTopology(path: string): Result<Topology, readonly string[]> {
  try {
    return parseTopology(readFileSync(path, "utf8"), path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail([`${path}: cannot be read: ${reason}`]);
  }
}

/** Reads the text of a hint. */
export function parseTopology(text: string, path: string): Result<Topology, readonly string[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    return fail(
      document.errors.map(
        ({ pos, message }) => `${path}:${lines.linePos(pos[0]).line}: ${message}`,
      ),
    );
  const lowered = lowerTopology(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (lowered.ok) return ok(lowered.value);
  const lineOf = ({ path: keys }: TopologyFault): number => {
    // A key that is missing has no place: that of the mapping around it will do.
    for (let length = keys.length; length > 0; length--) {
      const node = document.getIn(keys.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  return fail(lowered.fault.map((one) => `${path}:${lineOf(one)}: ${one.message}`));
}
