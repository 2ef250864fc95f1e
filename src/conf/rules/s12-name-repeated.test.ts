import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith, scriptWith } from "./example-texts.ts";

test("the second name is marked", () => {
  assert.deepEqual(told("S12", instanceWith("") + instanceWith("", "VI_1", 18)), [
    "10 VI_1: there are two blocks `vrrp_instance VI_1`",
  ]);
});

test("about scripts keepalived is silent; here they count alike", () => {
  const text = `${scriptWith('script "/usr/local/bin/a"')}vrrp_script chk {\n    script "/usr/local/bin/b"\n}\n`;
  const [finding] = findingsOf("S12", text);
  assert.equal(finding?.severity, "warning");
  assert.equal(finding?.stock, undefined);
});

test("one name for two kinds of blocks is fine", () => {
  const text = scriptWith('script "/usr/local/bin/a"').replaceAll("VI_1", "chk");
  assert.deepEqual(told("S12", text), []);
});
