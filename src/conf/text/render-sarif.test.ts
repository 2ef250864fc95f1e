import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderSarif } from "./render-sarif.ts";

const sources = new Map([["/etc/keep alived/k.conf", "a\nprioritiy 1\nprioritiy 1\n"]]);
const file = "/etc/keep alived/k.conf";
const span = { file, line: 2, column: 1, length: 9 };
const finding: Diagnostic = {
  severity: "advice",
  code: "S01",
  message: "unknown",
  span,
  related: [{ span: { ...span, line: 1, length: 1 }, label: "there" }],
  includedFrom: [{ file: "top.conf", line: 7, column: 9, length: 6 }],
  edits: [{ span, newText: "priority" }],
};
const rule = {
  id: "S01",
  name: "unknown-keyword",
  severity: "error",
  title: "a keyword that does not exist",
  explanation: "Text.",
  sources: ["https://example.org/"],
} as const;

function runOf(root?: string) {
  const text = renderSarif([finding, { ...finding, span: { ...span, line: 3 } }], sources, {
    format: "sarif",
    color: false,
    version: "1.2.3",
    ruleOf: () => rule,
    suppressed: [{ diagnostic: finding, reason: "known", span }],
    ...(root === undefined ? {} : { root }),
  });
  const log = JSON.parse(text);
  assert.equal(log.version, "2.1.0");
  return log.runs[0];
}

test("a result names its rule, its place, the places beside it, and the change that mends it", () => {
  const run = runOf();
  const [result] = run.results;
  assert.equal(run.tool.driver.rules[result.ruleIndex].id, "S01");
  assert.equal(result.level, "note");
  const { artifactLocation, region } = result.locations[0].physicalLocation;
  assert.equal(artifactLocation.uri, "file:///etc/keep%20alived/k.conf");
  assert.deepEqual(region, {
    startLine: 2,
    startColumn: 1,
    endLine: 2,
    endColumn: 10,
    charOffset: 2,
    charLength: 9,
    byteOffset: 2,
    byteLength: 9,
  });
  assert.deepEqual(
    result.relatedLocations.map((one: { message: { text: string } }) => one.message.text),
    ["there", "included from here"],
  );
  const [change] = result.fixes[0].artifactChanges;
  assert.equal(change.replacements[0].insertedContent.text, "priority");
});

test("each rule is described once, with its help", () => {
  const { rules } = runOf().tool.driver;
  assert.equal(rules.length, 1);
  assert.equal(rules[0].name, "unknown-keyword");
  assert.equal(rules[0].defaultConfiguration.level, "error");
  assert.match(rules[0].help.markdown, /^Text\.\n\nSeen:\n\n- https:\/\/example\.org\/$/);
});

test("equal lines have fingerprints that differ only in their number", () => {
  const [first, second] = runOf().results;
  const [hash, number] = first.partialFingerprints.primaryLocationLineHash.split(":");
  assert.equal(number, "1");
  assert.equal(second.partialFingerprints.primaryLocationLineHash, `${hash}:2`);
});

test("suppressed findings carry the comment and its reason", () => {
  const [suppression] = runOf().results[2].suppressions;
  assert.equal(suppression.kind, "inSource");
  assert.equal(suppression.justification, "known");
});

test("paths below the root are told relative to it", () => {
  const [result] = runOf("/etc/").results;
  assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, "keep%20alived/k.conf");
});
