import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the value is marked, and the range stands under it", () => {
  const text = instanceWith("").replace("priority 100", "priority 256");
  assert.deepEqual(told("S17", text), ["5 256: `priority 256` is out of range"]);
  assert.equal(findingsOf("S17", text)[0]?.label, "1 to 255");
});

test("both ends of a range are inside", () => {
  for (const value of ["1", "254"])
    assert.deepEqual(
      told("S17", instanceWith("").replace("priority 100", `priority ${value}`)),
      [],
    );
});
