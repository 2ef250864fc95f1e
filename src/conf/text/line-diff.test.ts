import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { renderLineDiff } from "./line-diff.ts";

test("equal texts have no difference", () => {
  assert.equal(renderLineDiff("k.conf", "a\n", "a\n"), "");
});

test("changed lines stand between three lines of context, changes far apart in hunks of their own", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
  const changed = lines.with(1, "new 2").toSpliced(17, 1);
  assert.equal(
    renderLineDiff("k.conf", `${lines.join("\n")}\n`, `${changed.join("\n")}\n`),
    `--- k.conf
+++ k.conf
@@ -1,5 +1,5 @@
 line 1
-line 2
+new 2
 line 3
 line 4
 line 5
@@ -15,6 +15,5 @@
 line 15
 line 16
 line 17
-line 18
 line 19
 line 20
`,
  );
});

test("a missing line end is told", () => {
  assert.equal(
    renderLineDiff("k", "a", "a\n"),
    "--- k\n+++ k\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
  );
});

/** What a diff with all its context makes of a text. */
function applied(before: readonly string[], diff: string): readonly string[] {
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(2)) {
    const head = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === "0" ? 0 : 1);
      out.push(...before.slice(at, start));
      at = start;
    } else if (line.startsWith("+")) out.push(line.slice(1));
    else if (line.startsWith("-")) at++;
    else if (line !== "") out.push(before[at++] ?? "");
  }
  return [...out, ...before.slice(at)];
}

test("applied to the first text, a difference gives the second", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const text = (of: readonly string[]): string => of.map((line) => `${line}\n`).join("");
      const diff = renderLineDiff("k", text(before), text(after));
      assert.deepEqual(diff === "" ? before : applied(before, diff), after);
    }),
  );
});
