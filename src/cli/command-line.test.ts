import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOptions, unknownCommand } from "./command-line.ts";
import { printBytes, printCount, printDuration } from "./quantities.ts";
import { wrapText } from "./table.ts";

const table = { json: { type: "boolean" }, "run-dir": { type: "string" } } as const;

function fault(...argv: string[]): string {
  const options = parseOptions("status", argv, table);
  return options.ok ? "" : options.fault.text;
}

test("options come by their long names", () => {
  assert.deepEqual(parseOptions("status", ["--json", "--run-dir", "/r"], table), {
    ok: true,
    value: { json: true, "run-dir": "/r" },
  });
});

test("a usage fault says what to type instead", () => {
  assert.equal(fault("--jsn"), "unknown option --jsn; did you mean --json?");
  assert.equal(fault("--what-else"), "unknown option --what-else; status knows --json, --run-dir");
  assert.equal(fault("--run-dir"), "--run-dir needs a value");
  assert.equal(fault("--json=1"), "--json takes no value");
  assert.equal(fault("word"), 'status takes no argument "word"');
});

test("a command that does not exist is answered with the nearest one", () => {
  const known = ["run", "status", "reload"];
  assert.equal(unknownCommand("sttaus", known), "unknown command sttaus; did you mean status?");
  assert.equal(unknownCommand("dance", known), "unknown command dance; `keelson help` lists them");
});

test("quantities are short and never lie about their size", () => {
  assert.deepEqual([0, 999, 1000, 9949, 99_950, 999_499, 1_500_000].map(printBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "9.9 kB",
    "100 kB",
    "999 kB",
    "1.5 MB",
  ]);
  assert.deepEqual([9999, 12_345].map(printCount), ["9999", "12 k"]);
  const minuteMs = 60_000;
  assert.deepEqual([-5, 59_999, 3 * minuteMs, 600 * minuteMs, 3000 * minuteMs].map(printDuration), [
    "0 s",
    "59 s",
    "3 min 0 s",
    "10 h 0 min",
    "2 d 2 h",
  ]);
});

test("long text is broken at blanks, and a word that is longer stays whole", () => {
  assert.deepEqual(wrapText("aa bb cccccccccccc dd", 9, "> ", "  "), [
    "> aa bb",
    "  cccccccccccc",
    "  dd",
  ]);
});
