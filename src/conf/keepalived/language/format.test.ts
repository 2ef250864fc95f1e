import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { formatText } from "./format.ts";
import { parseTree } from "./parse-tree.ts";
import type { Node } from "./tree.ts";

test("indentation, blanks, braces and blank lines get one style, and comments keep their place", () => {
  const untidy = `

vrrp_instance   VI_1
{
state MASTER   # the better machine
      priority\t100 # of two
# own line


  virtual_ipaddress{
192.0.2.1  dev   eth0
   # before the brace
  }
}! end
`;
  assert.equal(
    formatText(untidy),
    `vrrp_instance VI_1 {
    state MASTER  # the better machine
    priority 100  # of two
    # own line

    virtual_ipaddress {
        192.0.2.1 dev eth0
        # before the brace
    }
}  ! end
`,
  );
});

const unchanged = {
  "a second keyword on a line": "a {\n    state MASTER   priority 100 }\n}\n",
  "a block on one line": "authentication { auth_type PASS  auth_pass x }\n",
  "a comment that cuts a word": "auth_pass ab!cd  ef\n",
  "words without blanks between them": 'script "a b"c\n',
  "a definition over several lines": "$A=x \\\n  y  \\\n  z\n$B= 1\n",
  "lines with ids": "@low   state  MASTER\n  @^low  state BACKUP\nx\n",
  "a pattern of an include": "include conf.d/{a,b}  *.conf\n",
  "a repetition": "~SEQ(a, 1,  2) x $a\n",
} as const;

for (const [what, text] of Object.entries(unchanged))
  test(`${what} stays as written`, () => {
    assert.equal(formatText(text), text);
  });

test("line ends and a byte order mark stay what they were", () => {
  assert.equal(formatText("\ufeffa   b\r\n\r\n\r\nc{\r\n}\r\n"), "\ufeffa b\r\n\r\nc {\r\n}\r\n");
});

test("indentation is what is asked for", () => {
  assert.equal(formatText("a {\nb\n}\n", { indent: "\t" }), "a {\n\tb\n}\n");
});

test("texts without end, and braces that nothing opens, are formatted as well", () => {
  assert.equal(formatText("a {\nb"), "a {\n    b\n");
  assert.equal(formatText("}\n {\na\n"), "}\n{\na\n");
  assert.equal(formatText("# only"), "# only\n");
  assert.equal(formatText(""), "");
});

/** What a text says: lines, words, blocks; without blanks and places. */
function meaning(text: string): unknown {
  const strip = (node: Node): unknown => {
    if (node.kind === "definition") return ["=", node.name, node.body];
    if (node.kind === "stray") return node.text;
    const words = node.words.map((word) => [word.raw, word.text, word.quoted, word.cut]);
    if (node.block === undefined) return words;
    return [words, node.block.children.map(strip), node.block.close !== undefined];
  };
  return parseTree(text.replace(/^\ufeff/, ""), { file: "", diagnostics: [] }).children.map(strip);
}

function assertFormats(text: string): void {
  const formatted = formatText(text);
  assert.deepEqual(meaning(formatted), meaning(text));
  assert.equal(formatText(formatted), formatted);
}

const blank = fc.constantFrom(" ", "  ", "\t", " \t ");
const wordText = fc.constantFrom(
  "state",
  "1.2.3.4",
  "$A",
  "$".concat("{B}"),
  '"a # b"',
  "'c d'",
  "x!y",
  "~LST(a,b)",
);
const comment = fc.constantFrom("", "", " # note", "! bang", "\t#keelson-disable-line V12 why");
const lineEnd = fc
  .tuple(comment, fc.constantFrom("\n", "\n\n\n", "\r\n", "\n   # alone\n", "\n@no x {\n", " \\\n"))
  .map((parts) => parts.join(""));
const words = fc
  .array(fc.tuple(wordText, blank), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.flat().join(""));
const { node } = fc.letrec<{ node: string; block: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.tuple(blank, words, lineEnd).map((parts) => parts.join("")),
    fc.constantFrom(
      "$A=1\n",
      "$B=x \\\n   y\n",
      "include a*{b,c}.conf\n",
      "@^id state\n",
      "}\n",
      "{\n",
    ),
    tie("block"),
  ),
  block: fc
    .tuple(
      words,
      fc.constantFrom("{", " {", "\n{", "{ ", "\n\n  {", " # why\n{"),
      lineEnd,
      fc.array(tie("node"), { maxLength: 4 }),
      fc.constantFrom("}\n", "  }", "} # end\n", "}}", ""),
    )
    .map(([head, open, end, children, close]) => [head, open, end, ...children, close].join("")),
}));

test("whatever is written means the same afterwards, and formatting twice is formatting once", () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 5 }), (parts) => assertFormats(parts.join(""))),
    { numRuns: 2000 },
  );
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return /\.(conf|inc)$/.test(name) ? [path] : [];
  });
}

const examples = fileURLToPath(new URL("../../../../../examples", import.meta.url));
const corpus = process.env["KEELSON_CORPUS"];
for (const folder of [examples, ...(corpus === undefined ? [] : [corpus])])
  for (const file of filesIn(folder))
    test(`${file} means the same when it is formatted`, () => {
      assertFormats(readFileSync(file, "utf8"));
    });
