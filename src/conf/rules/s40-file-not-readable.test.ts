import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../load-configuration.ts";

test("a file that cannot be read is an error without a line, with the reason", () => {
  const { diagnostics, model } = loadConfiguration({
    path: "lost.conf",
    readFile: () => ({ ok: false, fault: { kind: "no-such-file", text: "there is no such file" } }),
  });
  const [finding, ...others] = diagnostics;
  assert.equal(finding?.code, "S40");
  assert.match(finding?.message ?? "", /lost\.conf.*there is no such file/);
  assert.deepEqual(others, []);
  assert.equal(model, undefined);
});
