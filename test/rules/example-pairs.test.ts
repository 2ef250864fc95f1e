// Pairs of nodes that differ only in what is meant to differ have no finding about the pair.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkExample } from "./check-text.ts";

const examples = fileURLToPath(new URL("../../../examples", import.meta.url));

function pairFindings(names: readonly string[]): readonly string[] {
  const texts = names.map((name) => readFileSync(`${examples}/${name}`, "utf8"));
  const findings = checkExample(texts);
  assert.deepEqual(
    findings.filter(({ severity }) => severity === "error"),
    [],
  );
  return findings
    .filter(({ code }) => /^P|^V(11|14|19|20|30|38|42)$/.test(code))
    .map(({ code, severity, span }) => `${span.file}:${span.line} ${severity} ${code}`);
}

test("direct routing, NAT and two masters", () => {
  assert.deepEqual(pairFindings(["dr/lb1.conf", "dr/lb2.conf"]), []);
  assert.deepEqual(pairFindings(["nat/lb1.conf", "nat/lb2.conf"]), []);
  assert.deepEqual(pairFindings(["dual-master/lb01.conf", "dual-master/lb02.conf"]), []);
});

test("the second script of one node makes both nodes equal, which is told", () => {
  assert.deepEqual(pairFindings(["nginx-ha/lb01.conf", "nginx-ha/lb02.conf"]), [
    "node2.conf:21 warning P02",
    "node2.conf:32 advice P08",
  ]);
});
