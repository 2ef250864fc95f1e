import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "../text/diagnostic.ts";
import { Expander } from "./language/expand.ts";
import { readSection } from "./read-section.ts";
import { type Section, settingOf, settingValue } from "./section.ts";
import type { BlockSpec, KeywordSpec, ValueKind } from "./table/keyword-spec.ts";

const summary = "";

function keyword(name: string, value?: ValueKind, more: Partial<KeywordSpec> = {}): KeywordSpec {
  const args = value === undefined ? [] : [{ name: "VALUE", value }];
  return { name, summary, arguments: args, acts: true, ...more };
}

function block(path: string, keywords: readonly KeywordSpec[]): BlockSpec {
  return { path, summary, keywords };
}

const text: ValueKind = { kind: "text" };

const authentication = block("router/authentication", [
  keyword("type", { kind: "choice", choices: ["PASS", "AH"], effect: "there is none" }),
  keyword("pass", { kind: "text", bytesMax: 8, secret: true }),
]);

const router = block("router", [
  keyword("priority", { kind: "integer", min: 1, max: 255, otherwise: "stop" }),
  keyword("interval", { kind: "seconds", min: 0.1, max: 10, otherwise: { instead: "1 counts" } }),
  keyword("source", { kind: "address" }),
  keyword("notify", { kind: "command" }, { repeats: true }),
  keyword("nopreempt"),
  keyword("old_priority", text, { deprecated: { advice: "write it", rename: "priority" } }),
  keyword(
    "weight",
    { kind: "integer", min: -253, max: 253, otherwise: "stop" },
    {
      options: [
        { name: "reverse", summary, arguments: [], acts: true },
        { name: "noreverse", summary, arguments: [], acts: true, excludes: ["reverse"] },
      ],
    },
  ),
  keyword(
    "delay",
    {
      kind: "seconds",
      whole: true,
      min: 1,
      max: 9,
      otherwise: { instead: "1 counts" },
      clamps: true,
    },
    { withoutArgument: "1 counts" },
  ),
  {
    ...keyword("extra"),
    arguments: [
      { name: "all", value: { kind: "choice", choices: ["all"], effect: "" }, optional: true },
      { name: "SECONDS", value: { kind: "integer", min: 0, max: 9, otherwise: "stop" } },
    ],
  },
  keyword("later", undefined, { acts: false, missing: "nothing happens" }),
  keyword("authentication", undefined, { contents: { kind: "keywords", block: authentication } }),
  keyword("addresses", undefined, {
    contents: {
      kind: "lines",
      lines: {
        name: "address-line",
        summary,
        leading: [{ name: "ADDRESS", value: { kind: "prefix" } }],
        options: [
          { name: "dev", summary, arguments: [{ name: "NAME", value: text }], acts: true },
          { name: "nodad", summary, arguments: [], acts: true },
        ],
      },
    },
  }),
]);

const root = block("/", [
  keyword(
    "server",
    { kind: "address" },
    {
      repeats: true,
      variants: [
        {
          word: "fwmark",
          summary,
          arguments: [
            { name: "MARK", value: { kind: "integer", min: 1, max: 9, otherwise: "stop" } },
          ],
        },
      ],
    },
  ),
  keyword("router", text, { repeats: true, contents: { kind: "keywords", block: router } }),
  keyword("timeout", { kind: "integer", min: 0, max: 9, otherwise: "stop" }),
]);

function read(body: string): { readonly section: Section; readonly diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const reader = { readFile: () => ({ ok: true, value: body }) as const };
  const expander = new Expander(reader, new Set(), diagnostics);
  const lines = expander.file("r.conf") ?? [];
  const section = readSection(lines, root, { diagnostics, sources: expander.sources, root });
  return { section, diagnostics };
}

/** What is found in the lines of one router, as `line:column code`. */
function findings(...lines: readonly string[]): readonly string[] {
  const { diagnostics } = read(`router A {\n${lines.join("\n")}\n}\n`);
  return diagnostics.map(({ span, code }) => `${span.line}:${span.column} ${code}`);
}

test("values come as their kind promises", () => {
  const { section, diagnostics } = read(
    "router A {\n priority +150\n interval 1.5\n source FD00::0001\n addresses {\n 10.0.0.1/24 dev eth0 nodad\n }\n}\n",
  );
  assert.deepEqual(diagnostics, []);
  const inner = settingOf(section, "router")?.section;
  assert.ok(inner !== undefined);
  assert.equal(settingValue(inner, "priority"), 150);
  assert.equal(settingValue(inner, "interval"), 1500);
  assert.equal(settingValue(inner, "source"), "fd00::1");
  const entry = settingOf(inner, "addresses")?.entries?.[0];
  assert.deepEqual(entry?.leading, ["10.0.0.1/24"]);
  assert.deepEqual(entry?.options, [
    { name: "dev", values: ["eth0"], wordIndex: 1 },
    { name: "nodad", values: [], wordIndex: 3 },
  ]);
});

test("a variant is chosen by its word, options follow arguments, optional words may be missing", () => {
  const { section, diagnostics } = read(
    "server 10.0.0.1\nserver fwmark 7\nrouter A {\n weight -5 reverse\n extra 3\n delay 10\n}\n",
  );
  const servers = section.settings.filter(({ spec }) => spec.name === "server");
  assert.deepEqual(
    servers.map(({ values }) => values),
    [["10.0.0.1"], ["fwmark", 7]],
  );
  const inner = settingOf(section, "router")?.section;
  assert.ok(inner !== undefined);
  const weight = settingOf(inner, "weight");
  assert.deepEqual(weight?.values, [-5]);
  assert.deepEqual(weight?.options, [{ name: "reverse", values: [], wordIndex: 2 }]);
  assert.deepEqual(settingOf(inner, "extra")?.values, [undefined, 3]);
  // Beyond its range the nearest value counts.
  assert.equal(settingValue(inner, "delay"), 9000);
  assert.deepEqual(
    diagnostics.map(({ code, stops }) => [code, stops]),
    [["S17", undefined]],
  );
});

test("each mistake is found under its rule, at its word", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["prioritiy 150", "2:1 S01"],
    ["NOPREEMPT", "2:1 S01"],
    ["priority 1 nopreempt", "2:12 S02"],
    ["authentication { type PASS pass x }", "2:28 S03"],
    ["authentication", "2:1 S07"],
    ["priority 10;", "2:10 S08"],
    ["priority 10 // of 255", "2:13 S09"],
    ["// priority 10", "2:1 S09"],
    ["authentication {\n pass ab!cd\n}", "3:7 S10"],
    ["priority 1\npriority 2", "3:1 S11"],
    ["timeout 3", "2:1 S15"],
    ["authentication {\n type pass\n}", "3:7 S16"],
    ["priority 256", "2:10 S17"],
    ["interval 11", "2:10 S17"],
    ["notify /bin/x one two", "2:15 S19"],
    ["priority", "2:1 S21"],
    ["priority 1 1", "2:12 S22"],
    ["priority high", "2:10 S23"],
    ["interval 1e1", "2:10 S23"],
    ["source 10.0.0.256", "2:8 S24"],
    ["nopreempt {\n}", "2:1 S25"],
    ["addresses {\n 10.0.0.1 foo\n}", "3:11 S30"],
    ["addresses {\n 10.0.0.1 dev\n}", "3:11 S21"],
    ["addresses {\n 10.0.0.1/33\n}", "3:2 S17"],
    ["old_priority 1", "2:1 V50"],
    ["later", "2:1 K01"],
    ["weight 5 revers", "2:10 S30"],
    ["weight 5 reverse noreverse", "2:18 S28"],
    ["delay", "2:1 S21"],
    ["delay 1.5", "2:7 S23"],
    ["delay 10", "2:7 S17"],
    ["extra all", "2:7 S21"],
  ];
  for (const [line, expected] of cases) assert.deepEqual(findings(line), [expected], line);
});

test("nothing is said about an undefined parameter, nor inside an unknown block", () => {
  for (const lines of ["priority $PRIO", "source $" + "{SOURCE}", "addresses {\n $VIP\n}"])
    assert.deepEqual(
      findings(lines).filter(
        (found) => !found.endsWith("undefined-parameter") && !found.endsWith("S46"),
      ),
      [],
    );
  assert.deepEqual(findings("unheard_of {", "priority 300", "}"), ["2:1 S01"]);
});

test("what a machine can mend carries its edits", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["prioritiy 150", "priority"],
    ["priority 10;", "10"],
    ["old_priority 1", "priority"],
    ["priority 1 nopreempt", "\n"],
    ["notify /bin/x one two", '"/bin/x one two"'],
    ["authentication {\n pass ab!cd#e\n}", '"ab!cd#e"'],
    ["authentication {\n type pass\n}", "PASS"],
    ["priority 256", undefined],
    ["priority 1 1", undefined],
  ];
  for (const [line, expected] of cases) {
    const [found] = read(`router A {\n${line}\n}\n`).diagnostics;
    assert.equal(found?.edits?.[0]?.newText, expected, line);
  }
});
