import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith, securedScripts } from "./example-texts.ts";

const definition = 'vrrp_script chk {\n    script "/usr/local/bin/check"\n}\n';
const use = instanceWith("track_script {\n    chk\n}");

test("the use is marked", () => {
  assert.deepEqual(told("S14", `${securedScripts}${use}${definition}`), [
    "14 chk: `chk` is defined below its use",
  ]);
  assert.deepEqual(told("S14", `${securedScripts}${definition}${use}`), []);
});

test("--fix moves the definition in front of the block that uses it, comment and all", () => {
  const text = `${securedScripts}\n# the pair\n${use}\n${definition}`;
  assert.equal(fixedBy("S14", text), `${securedScripts}\n${definition}\n# the pair\n${use}\n`);
});

test("two uses move it once, in front of the first", () => {
  const text = use + use.replace("VI_1", "VI_2").replaceAll("17", "18") + definition;
  const mended = fixedBy("S14", text);
  assert.ok(mended.startsWith(definition));
  assert.deepEqual(told("S14", mended), []);
});

test("where parameters stand in between the order may matter", () => {
  const text = `${use}$PATH=/usr/local/bin\nvrrp_script chk {\n    script "\${PATH}/check"\n}\n`;
  assert.equal(told("S14", text).length, 1);
  assert.equal(fixedBy("S14", text), text);
});
