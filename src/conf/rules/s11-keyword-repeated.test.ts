import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the second one is marked, the first one is shown", () => {
  const text = instanceWith("advert_int 1\nnopreempt\nadvert_int 2");
  assert.deepEqual(told("S11", text), [
    "11 advert_int: `advert_int` is given twice; the last one counts",
  ]);
  const [first] = findingsOf("S11", text).flatMap(({ related = [] }) => related);
  assert.equal(first?.span.line, 9);
});

test("keywords that add up may be repeated", () => {
  assert.deepEqual(
    told("S11", instanceWith("track_interface {\n eth1\n}\ntrack_interface {\n eth2\n}")),
    [],
  );
});
