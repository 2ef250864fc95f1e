// Each case of test/golden/broken is a file with one mistake that operators make, a line of dashes, and the findings that
// are due, one a line. Advice, and what Keelson does not do yet, is none of their business. UPDATE_GOLDEN=1 writes what is
// found in place of what is expected.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { applyEditGroups } from "../../src/conf/text/apply-edits.ts";
import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";
import { renderDiagnostics } from "../../src/conf/text/render-diagnostics.ts";
import { loadText } from "../rules/check-text.ts";

const folder = fileURLToPath(new URL("../../../test/golden/broken", import.meta.url));
const dashes = "----------\n";
const update = process.env["UPDATE_GOLDEN"] === "1";
const roundsMax = 10;

for (const file of readdirSync(folder).filter((name) => name.endsWith(".case"))) {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const [input = "", expected = ""] = text.split(dashes);
  const name = file.replace(/^\d+-|\.case$/g, "").replaceAll("-", " ");

  test(`broken file: ${name}`, () => {
    const { diagnostics, sources } = loadText(input);
    const due = diagnostics.filter(
      ({ code, severity }) => severity !== "advice" && !code.startsWith("K"),
    );
    const found = renderDiagnostics(due, sources, { format: "short", color: false });
    if (update) writeFileSync(path, `${input}${dashes}${found}`);
    else assert.equal(found, expected);
  });

  test(`what --fix does to it makes nothing worse: ${name}`, () => {
    const errorsBefore = errorsOf(loadText(input).diagnostics);
    const errorsAfter = errorsOf(loadText(fixed(input)).diagnostics);
    assert.ok(errorsAfter.length <= errorsBefore.length, fixed(input));
  });
}

function errorsOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}

/** The text after all edits that are offered, until there are no more. */
function fixed(input: string): string {
  let text = input;
  for (let round = 0; round < roundsMax; round++) {
    const { diagnostics } = loadText(text);
    const groups = diagnostics.flatMap(({ edits }) => (edits === undefined ? [] : [edits]));
    if (groups.length === 0) return text;
    const edited = applyEditGroups(text, groups).text;
    assert.notEqual(edited, text, "an edit that changes nothing");
    text = edited;
  }
  assert.fail(`edits without end:\n${text}`);
}
