// Each case of test/golden/ldirectord is an ldirectord.cf or a saved table, a line of dashes, the findings that are due,
// a second line of dashes, and the keepalived.conf that says the same. UPDATE_GOLDEN=1 writes what is found in place of
// what is expected.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { formatOf } from "../../src/conf/configuration-format.ts";
import { formatText } from "../../src/conf/keepalived/language/format.ts";
import { loadAnyConfiguration, translateText } from "../../src/conf/load-any-configuration.ts";
import { renderDiagnostics } from "../../src/conf/text/render-diagnostics.ts";

const folder = fileURLToPath(new URL("../../../test/golden/ldirectord", import.meta.url));
const dashes = "----------\n";
const update = process.env["UPDATE_GOLDEN"] === "1";

function outcomeOf(name: string, input: string): string {
  const format = formatOf(name, input);
  assert.ok(format !== "keepalived", "the text is told from a keepalived.conf");
  const { diagnostics, sources } = loadAnyConfiguration({
    path: name,
    readFile: () => ({ ok: true, value: input }),
    listFiles: () => [],
  });
  const findings = renderDiagnostics(diagnostics, sources, { format: "short", color: false });
  const { text } = translateText(format, input, name);
  assert.equal(formatText(text), text, "what is converted is in the style of `keelson fmt`");
  return `${findings}${dashes}${text}`;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".case"))) {
  const name = file.replace(/\.case$/, "");
  test(`converted case ${name}`, () => {
    const path = join(folder, file);
    const [input = "", ...expected] = readFileSync(path, "utf8").split(dashes);
    const outcome = outcomeOf(name, input);
    if (update) writeFileSync(path, `${input}${dashes}${outcome}`);
    else assert.equal(outcome, expected.join(dashes));
  });
}
