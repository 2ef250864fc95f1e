// Each case of test/golden/conf is a configuration, a line of dashes, and the findings that are due, one a line.
// A second line of dashes and the model as JSON may follow. `==> NAME <==` begins a file that can be included.
// UPDATE_GOLDEN=1 writes what is found in place of what is expected.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfiguration } from "../../src/conf/load-configuration.ts";
import { type FileTree, matchPaths } from "../../src/conf/text/glob.ts";
import { renderDiagnostics } from "../../src/conf/text/render-diagnostics.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = join(root, "test/golden/conf");
const dashes = "----------\n";
const update = process.env["UPDATE_GOLDEN"] === "1";

function filesOf(name: string, input: string): ReadonlyMap<string, string> {
  const [first = "", ...rest] = input.split(/^==> (.*) <==\n/m);
  const files = new Map([[`${name}.conf`, first]]);
  for (let i = 0; i + 1 < rest.length; i += 2) files.set(rest[i] ?? "", rest[i + 1] ?? "");
  return files;
}

function treeOf(files: ReadonlyMap<string, string>): FileTree {
  const namesIn = (directory: string): readonly string[] => {
    const prefix = directory === "." ? "" : directory.endsWith("/") ? directory : `${directory}/`;
    const inside = [...files.keys()].filter((path) => path.startsWith(prefix));
    return inside.map((path) => path.slice(prefix.length)).filter((name) => !name.includes("/"));
  };
  return { names: namesIn, isFile: (path) => files.has(path) };
}

function outcomeOf(name: string, input: string, withModel: boolean): string {
  const files = filesOf(name, input);
  const { model, diagnostics, sources } = loadConfiguration({
    path: `${name}.conf`,
    readFile: (path) => {
      const text = files.get(path);
      return text === undefined
        ? { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } }
        : { ok: true, value: text };
    },
    listFiles: (pattern) => matchPaths(pattern, treeOf(files)),
    configIds: ["here"],
  });
  const findings = renderDiagnostics(diagnostics, sources, { format: "short", color: false });
  if (!withModel) return findings;
  return `${findings}${dashes}${JSON.stringify(model ?? "no model", undefined, 2)}\n`;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".case"))) {
  const name = file.replace(/\.case$/, "");
  test(`configuration case ${name}`, () => {
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const [input = "", ...expected] = text.split(dashes);
    const outcome = outcomeOf(name, input, expected.length > 1);
    if (update) writeFileSync(path, `${input}${dashes}${outcome}`);
    else assert.equal(outcome, expected.join(dashes));
  });
}

for (const scenario of ["dr", "nat", "dual-master", "nginx-ha", "vrrp", "ipvs-tcp", "ipvs-http"]) {
  const examples = join(root, "examples", scenario);
  for (const file of readdirSync(examples).filter((name) => /^(lb|director).*\.conf$/.test(name))) {
    test(`the example ${scenario}/${file} is read without error, to the model on record`, () => {
      const loaded = loadConfiguration({
        path: file,
        readFile: (path) => ({ ok: true, value: readFileSync(join(examples, path), "utf8") }),
      });
      const errors = loaded.diagnostics.filter((finding) => finding.severity === "error");
      assert.deepEqual(errors, []);
      const record = join(folder, `${scenario}-${file.replace(/\.conf$/, "")}.json`);
      const model = `${JSON.stringify(loaded.model, undefined, 2)}\n`;
      if (update) writeFileSync(record, model);
      else assert.equal(model, readFileSync(record, "utf8"));
    });
  }
}
