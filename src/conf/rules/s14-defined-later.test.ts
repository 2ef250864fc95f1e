import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith, securedScripts } from "./example-texts.ts";

const definition = 'vrrp_script chk {\n    script "/usr/local/bin/check"\n}\n';
const use = instanceWith("track_script {\n    chk\n}");

test("the use is marked", () => {
  assert.deepEqual(told("S14", `${securedScripts}${use}${definition}`), [
    "14 chk: `chk` is defined below its use",
  ]);
  assert.deepEqual(told("S14", `${securedScripts}${definition}${use}`), []);
});
