import assert from "node:assert/strict";
import { test } from "node:test";
import { splitCommand } from "./command.ts";

test("a command splits at blanks; quotes and escapes hold it together", () => {
  assert.deepEqual(splitCommand("/bin/echo 'one two' three\\tx"), [
    "/bin/echo",
    "one two",
    "three",
    "x",
  ]);
  assert.deepEqual(splitCommand("  a  ''  b "), ["a", "", "b"]);
  assert.deepEqual(splitCommand('say \\"hi\\" it\\\'s \\x41\\102\\\\'), [
    "say",
    '"hi"',
    "it's",
    "AB\\",
  ]);
  assert.deepEqual(splitCommand(""), []);
});

test("no sign of a shell means anything", () => {
  assert.deepEqual(splitCommand("a | b; $(c) > d"), ["a", "|", "b;", "$(c)", ">", "d"]);
});
