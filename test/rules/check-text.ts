// What the checker says about texts, for the tests of rules. Texts stand in files that exist in memory only.

import { type LoadedConfiguration, loadConfiguration } from "../../src/conf/load-configuration.ts";
import type { Example } from "../../src/conf/rules/rule.ts";
import { runPairRules } from "../../src/conf/rules/run-rules.ts";
import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";

const noFiles: ReadonlyMap<string, string> = new Map();

/** Reads one text. `others` are the files that it may include. */
export function loadText(
  text: string,
  others: ReadonlyMap<string, string> = noFiles,
  path = "keepalived.conf",
): LoadedConfiguration {
  return loadConfiguration({
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
  return loadText(text, others).diagnostics;
}

/** The findings of one rule about one text. */
export function findingsOf(id: string, text: string): readonly Diagnostic[] {
  return checkText(text).filter((finding) => finding.code === id);
}

/** All findings about an example: a file, or the files of several nodes and what lies between them. */
export function checkExample(example: Example): readonly Diagnostic[] {
  if (typeof example === "string") return checkText(example);
  const nodes = example.map((text, i) => loadText(text, noFiles, `node${i + 1}.conf`));
  const diagnostics = nodes.flatMap((node) => node.diagnostics);
  const configurations = nodes.flatMap(({ configuration }) =>
    configuration === undefined ? [] : [configuration],
  );
  runPairRules(configurations, diagnostics);
  return diagnostics;
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
