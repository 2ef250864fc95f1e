// What the checker says about texts, for the tests of rules. Texts stand in files that exist in memory only.

import assert from "node:assert/strict";
import { parseTopology } from "../../src/cli/read-topology.ts";
import { loadAnyConfiguration } from "../../src/conf/load-any-configuration.ts";
import type { LoadedConfiguration } from "../../src/conf/load-configuration.ts";
import { catalogue } from "../../src/conf/rules/catalogue.ts";
import type { Example } from "../../src/conf/rules/rule.ts";
import { runPairRules } from "../../src/conf/rules/run-rules.ts";
import { applySuppressions } from "../../src/conf/suppression/apply-suppressions.ts";
import { applyEdits } from "../../src/conf/text/apply-edits.ts";
import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";

const rules = catalogue.map(({ id, name, scope }) => ({ id, name, judged: scope === "file" }));

const noFiles: ReadonlyMap<string, string> = new Map();

/** Reads one text. `others` are the files that it may include. */
export function loadText(
  text: string,
  others: ReadonlyMap<string, string> = noFiles,
  path = "keepalived.conf",
): LoadedConfiguration {
  return loadAnyConfiguration({
    path,
    readFile: (name) => {
      const value = name === path ? text : others.get(name);
      return value === undefined
        ? { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } }
        : { ok: true, value };
    },
    listFiles: () => [],
  });
}

/** The findings about one text. */
export function checkText(
  text: string,
  others: ReadonlyMap<string, string> = noFiles,
): readonly Diagnostic[] {
  const { diagnostics, sources } = loadText(text, others);
  return applySuppressions(diagnostics, sources, rules).diagnostics;
}

/** The findings of one rule about one text. */
export function findingsOf(id: string, text: string): readonly Diagnostic[] {
  return checkText(text).filter((finding) => finding.code === id);
}

/** All findings about an example: a file, or the files of several nodes and what lies between them. */
export function checkExample(example: Example): readonly Diagnostic[] {
  if (typeof example === "string") return checkText(example);
  const texts = example.filter((text) => !isHint(text));
  const nodes = texts.map((text, i) => loadText(text, noFiles, `node${i + 1}.conf`));
  const diagnostics = nodes.flatMap((node) => node.diagnostics);
  const configurations = nodes.flatMap(({ configuration }) =>
    configuration === undefined ? [] : [configuration],
  );
  const hint = example.find(isHint);
  const topology = hint === undefined ? undefined : parseTopology(hint, "topology.yaml");
  assert.ok(topology?.ok !== false, "the hint of an example is in order");
  runPairRules(configurations, diagnostics, topology?.value);
  return diagnostics;
}

/** A text of an example that tells of the network around the nodes. */
function isHint(text: string): boolean {
  return text.startsWith("# topology");
}

/** Findings, one a line, as people would read them in a failed test. */
export function describe(findings: readonly Diagnostic[]): string {
  return findings
    .map(
      ({ span, severity, code, message }) =>
        `${span.file}:${span.line}:${span.column} ${severity}[${code}] ${message}`,
    )
    .join("\n");
}

/** What one rule says about a text, one line each: its line, the text under the caret, the message. */
export function told(id: string, text: string): readonly string[] {
  const lines = text.split("\n");
  return findingsOf(id, text).map(({ span, message }) => {
    const marked = lines[span.line - 1]?.slice(span.column - 1, span.column - 1 + span.length);
    return `${span.line} ${marked}: ${message}`;
  });
}

/** A text after the edits that one rule offers for it. */
export function fixedBy(id: string, text: string): string {
  return applyEdits(
    text,
    findingsOf(id, text).flatMap(({ edits = [] }) => edits),
  );
}
