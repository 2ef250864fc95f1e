import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../../src/conf/load-configuration.ts";
import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";
import { type Mutant, type Subject, subjects } from "./mutants.ts";
import { fileWith, type Insertion } from "./valid-file.ts";

/** Findings, other than advice, on the line of interest. */
function findings(insertion: Insertion, at: number): readonly Diagnostic[] {
  const made = fileWith(insertion);
  const { diagnostics } = loadConfiguration({
    path: "k.conf",
    readFile: (path) =>
      path === "k.conf"
        ? { ok: true, value: made.text }
        : { ok: false, fault: { kind: "no-such-file" } },
  });
  return diagnostics.filter(
    ({ span, severity }) => span.line === made.line + at && severity !== "advice",
  );
}

/** The codes of what is said about right lines. */
const usualCodes = new Map<Subject, ReadonlySet<string>>();

function usual(subject: Subject): ReadonlySet<string> {
  const known = usualCodes.get(subject);
  if (known !== undefined) return known;
  const codes = new Set(findings(subject.valid, subject.at).map(({ code }) => code));
  usualCodes.set(subject, codes);
  return codes;
}

const all = subjects();

test("every keyword and every option can be written so that nothing is said but what Keelson lacks", () => {
  const faults: string[] = [];
  for (const { name, valid, at } of all)
    for (const { code, message } of findings(valid, at))
      if (code !== "K01" && code !== "K02")
        faults.push(`${name}: ${code} ${message}: ${valid.lines[at]}`);
  assert.deepEqual(faults, []);
});

for (const kind of ["dropped", "added", "misspelt", "wrong value", "wrong block"] as const)
  test(`every mutant is reported on its line: ${kind}`, () => {
    const silent: string[] = [];
    let count = 0;
    for (const subject of all) {
      const mutants = subject.mutants.filter((mutant) => mutant.kind === kind);
      for (const mutant of mutants) {
        count++;
        if (!isReported(mutant, subject))
          silent.push(`${subject.name}: ${mutant.insertion.lines[subject.at]}`);
      }
    }
    assert.ok(count > 300, `only ${count} mutants`);
    assert.deepEqual(silent, [], `${silent.length} of ${count} mutants pass in silence`);
  });

/** True when something is said that is not said of the right line as well. */
function isReported(mutant: Mutant, subject: Subject): boolean {
  const codes = usual(subject);
  return findings(mutant.insertion, subject.at).some(({ code }) => !codes.has(code));
}
