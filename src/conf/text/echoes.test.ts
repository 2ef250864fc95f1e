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

test("a mere suspicion silences nobody, and what Keelson does not do stays said", () => {
  const findings = [
    finding("S32", 3, "warning"),
    finding("V28", 3),
    finding("S31", 5),
    finding("K01", 5),
  ];
  assert.deepEqual(withoutEchoes(findings), findings);
});
