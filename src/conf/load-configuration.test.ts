import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseTree } from "./keepalived/language/parse-tree.ts";
import { printTree } from "./keepalived/language/tree.ts";
import { type LoadedConfiguration, loadConfiguration } from "./load-configuration.ts";
import type { Diagnostic } from "./text/diagnostic.ts";
import { renderDiagnostics } from "./text/render-diagnostics.ts";

function load(text: string): LoadedConfiguration {
  return loadConfiguration({
    path: "k.conf",
    readFile: (path) =>
      path === "k.conf"
        ? { ok: true, value: text }
        : { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } },
  });
}

/** Texts that look like configurations: words of the language, its signs, and anything else. */
const configurationText = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(" ", "\n", "\n", " {\n", "}\n", "\r\n", "\t", ";") },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ..."vrrp_instance vrrp_script global_defs virtual_server real_server TCP_CHECK HTTP_GET".split(
            " ",
          ),
          ..."url path interface state MASTER priority virtual_router_id authentication".split(" "),
          ..."virtual_ipaddress track_script script weight include constructor __proto__".split(
            " ",
          ),
        ),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a parameter of the language.
          ...'# ! " { } \\ $A $A= ${A} $A=$A ~SEQ(A,1,3) ~LST({A},{1}) @x @^x @'.split(" "),
          ..."10.0.0.1 10.0.0.1/24 fd00::1 80 -1 1e9 255 eth0 dev fwmark group".split(" "),
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

test("printing the tree of any text gives the text, byte by byte", () => {
  fc.assert(
    fc.property(configurationText, fc.boolean(), (text, active) => {
      const activeIds = new Set(active ? ["x"] : []);
      const tree = parseTree(text, { file: "k.conf", activeIds, diagnostics: [] });
      assert.equal(printTree(tree), text);
    }),
    { numRuns: 1500 },
  );
});

test("no text makes the reader throw, and every finding stands inside the text", () => {
  fc.assert(
    fc.property(configurationText, (text) => {
      const { model, diagnostics, sources } = load(text);
      const lineCount = text.split("\n").length;
      for (const { span, stops } of diagnostics) {
        assert.ok(span.line >= 1 && span.line <= lineCount);
        assert.ok(span.column >= 1);
        if (stops === true) assert.equal(model, undefined);
      }
      for (const format of ["pretty", "short", "json"] as const)
        renderDiagnostics(diagnostics, sources, { format, color: true });
    }),
    { numRuns: 1500 },
  );
});

test("a place is a line and a column of the file, whatever the line ends are", () => {
  for (const lineEnd of ["\n", "\r\n"]) {
    const text = ["# first", "vrrp_instance A {", "\tinterfac eth0", "}", ""].join(lineEnd);
    const [finding] = load(text).diagnostics.filter(({ code }) => code === "S01");
    assert.deepEqual(finding?.span, { file: "k.conf", line: 3, column: 2, length: 8 });
  }
});

test("blocks nested without end are refused, not a crash", () => {
  const { model, diagnostics } = load("a {".repeat(50_000));
  assert.equal(model, undefined);
  for (const code of ["S45", "S05"]) assert.ok(codes(diagnostics).includes(code), code);
});

test("parameters that grow without end are refused", () => {
  const lines = ["$A0=vrrp_script"];
  for (let i = 1; i < 40; i++) lines.push(`$A${i}=\${A${i - 1}} \${A${i - 1}}`);
  const { model, diagnostics } = load(`${lines.join("\n")}\n$A39\n`);
  assert.equal(model, undefined);
  assert.ok(codes(diagnostics).includes("S43"));
});

test("an unreadable file is a finding, not an exception", () => {
  const { model, diagnostics } = loadConfiguration({
    path: "none.conf",
    readFile: () => ({ ok: false, fault: { kind: "file-unreadable", text: "permission denied" } }),
  });
  assert.equal(model, undefined);
  assert.equal(diagnostics[0]?.message, "cannot read `none.conf`: permission denied");
});

test("a file with zero bytes, as a crash leaves it, is refused: it does not mean to run nothing", () => {
  const { model, diagnostics } = load(`global_defs {\n rou${"\0".repeat(5000)}`);
  assert.equal(model, undefined);
  const finding = diagnostics.find(({ code }) => code === "S41");
  assert.deepEqual([finding?.span.line, finding?.span.column], [2, 5]);
});

test("a finding in an included file names the lines that include it, from the inside outwards", () => {
  const files: Readonly<Record<string, string>> = {
    "k.conf": "# first\ninclude a.conf\n",
    "a.conf": "include b.conf\n",
    "b.conf": "globel_defs {\n}\n",
  };
  const { diagnostics } = loadConfiguration({
    path: "k.conf",
    readFile: (path) => ({ ok: true, value: files[path] ?? "" }),
  });
  const finding = diagnostics.find(({ code }) => code === "S01");
  const chain = finding?.includedFrom?.map(({ file, line }) => `${file}:${line}`);
  assert.deepEqual(chain, ["a.conf:1", "k.conf:2"]);
});

function codes(diagnostics: readonly Diagnostic[]): readonly string[] {
  return [...new Set(diagnostics.map(({ code }) => code))].sort();
}
