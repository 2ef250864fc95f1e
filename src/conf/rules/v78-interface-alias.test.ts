import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { interfaceAlias } from "./v78-interface-alias.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    interfaceAlias.bad.map((text) => told("V78", String(text))),
    [
      ["3 eth0:1: `eth0:1` is a label of `eth0`, not an interface"],
      ["7 eth0:1: `eth0:1` is a label of `eth0`, not an interface"],
    ],
  );
});

test("other names with a colon are left alone", () => {
  assert.deepEqual(told("V78", instanceWith("").replace("eth0", "a:b")), []);
});
