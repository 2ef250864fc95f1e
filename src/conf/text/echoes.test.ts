import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { withoutEchoes } from "./echoes.ts";

function finding(
  code: string,
  line: number,
  severity: Diagnostic["severity"] = "error",
): Diagnostic {
  const span = { file: "k.conf", line, column: 1, length: 1 };
  return { code, severity, message: code, span };
}

test("what a foreign character makes of its line is not said twice", () => {
  const kept = withoutEchoes([finding("S01", 3), finding("S31", 3), finding("S01", 4)]);
  assert.deepEqual(
    kept.map(({ code, span }) => `${code} ${span.line}`),
    ["S31 3", "S01 4"],
  );
});

test("what stops the start goes on stopping it", () => {
  const [kept, ...others] = withoutEchoes([
    { ...finding("V01", 1), stops: true },
    finding("S04", 1),
  ]);
  assert.deepEqual(kept, { ...finding("S04", 1), stops: true });
  assert.deepEqual(others, []);
});

test("what Keelson does not do stays said", () => {
  const findings = [finding("S31", 5), finding("K01", 5)];
  assert.deepEqual(withoutEchoes(findings), findings);
});

test("advice about the very word of an error goes, other advice stays", () => {
  const kept = withoutEchoes([
    finding("S28", 3),
    finding("V25", 3, "advice"),
    finding("V48", 4, "advice"),
  ]);
  assert.deepEqual(
    kept.map(({ code }) => code),
    ["S28", "V48"],
  );
});

test("in a template, what its braces seem to do is a warning", () => {
  const kept = withoutEchoes([finding("S32", 3, "warning"), finding("S25", 3), finding("S06", 9)]);
  assert.deepEqual(
    kept.map(({ code, severity }) => `${code} ${severity}`),
    ["S32 warning", "S06 warning"],
  );
});
