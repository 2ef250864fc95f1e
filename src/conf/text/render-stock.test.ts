import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderStock, stockStatus } from "./render-stock.ts";

const main = "global_defs {\n  foo\n}\nbar\nvrrp_instance V {\n  baz\n}\ninclude d/a.conf\nqux\n";
const sources = new Map([
  ["k.conf", main],
  ["d/a.conf", "x\n"],
]);

function said(line: number, stock: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const span = { file: "k.conf", line, column: 1, length: 1 };
  return { severity: "error", code: "S01", message: "ours", span, stock, ...more };
}

test("the first reading names lines, the later ones files, and what comes after has no place", () => {
  const { stock: _, ...ours } = said(6, "");
  const text = renderStock(
    [
      said(2, "Unknown keyword 'foo'"),
      said(4, "Unknown keyword 'bar'"),
      said(5, "(V) the virtual router id must be set"),
      said(6, "Unknown keyword 'baz'"),
      ours,
      { ...ours, severity: "advice" },
      said(9, "Unknown keyword 'qux'"),
      said(1, "Unknown keyword 'x'", {
        span: { file: "d/a.conf", line: 1, column: 1, length: 1 },
        includedFrom: [{ file: "k.conf", line: 8, column: 9, length: 6 }],
      }),
    ],
    sources,
  );
  assert.equal(
    text,
    `(Line 2) Unknown keyword 'foo'
(Line 4) Unknown keyword 'bar'
(Line 9) Unknown keyword 'qux'
(k.conf: Line 6) Unknown keyword 'baz'
(k.conf: Line 6) ours [S01]
(d/a.conf: Line 1) Unknown keyword 'x'
(V) the virtual router id must be set
`,
  );
});

test("the status is that of keepalived: what it does not complain about does not count", () => {
  const { stock: _, ...ours } = said(6, "");
  assert.equal(stockStatus([]), 0);
  assert.equal(stockStatus([ours]), 0);
  assert.equal(stockStatus([said(1, "Config files missing 'x'.")]), 0);
  assert.equal(stockStatus([ours, said(1, "Unknown keyword 'x'")]), 5);
  assert.equal(stockStatus([said(1, "x"), said(1, "SECURITY VIOLATION - x")]), 6);
  assert.equal(stockStatus([said(1, "SECURITY VIOLATION"), said(1, "*** Configuration line")]), 2);
  assert.equal(stockStatus([{ ...ours, stops: true }]), 4);
});
