import assert from "node:assert/strict";
import { test } from "node:test";
import { commentSign, keywordHint, siblingOf } from "./keyword-hints.ts";

const keywords = new Set(["priority", "strict_mode", "garp_master_delay"]);

test("a sign between keyword and value is taken away", () => {
  assert.equal(keywordHint("priority=100", keywords)?.newText, "priority 100");
  assert.equal(keywordHint("priority:", keywords)?.newText, "priority");
  assert.equal(keywordHint('"priority":100', keywords)?.newText, "priority 100");
  assert.equal(keywordHint("color=red", keywords), undefined);
});

test("marks of other languages are called by their names", () => {
  assert.match(keywordHint("<<<<<<<", keywords)?.label ?? "", /merge conflict/);
  assert.match(keywordHint("```conf", keywords)?.label ?? "", /Markdown/);
  assert.equal(keywordHint(")", keywords)?.newText, "}");
  for (const word of ["//", "/* x", "--", ";", "<!--"]) assert.ok(commentSign(word) !== undefined);
  assert.equal(commentSign("-x"), undefined);
});

test("a keyword of global_defs has a sibling in instances, and the other way round", () => {
  assert.equal(siblingOf("vrrp_garp_master_delay", keywords), "garp_master_delay");
  assert.equal(
    siblingOf("garp_master_delay", new Set(["vrrp_garp_master_delay"])),
    "vrrp_garp_master_delay",
  );
  assert.equal(siblingOf("vrrp_strict", keywords), "strict_mode");
  assert.equal(siblingOf("priority", keywords), undefined);
});
