import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sameValue } from "./same-value.ts";

test("property: a copy is the same, and whatever JSON tells apart is not", () => {
  const value = fc.jsonValue().filter((one) => !JSON.stringify(one).includes("-0"));
  fc.assert(
    fc.property(value, value, (a, b) => {
      assert.ok(sameValue(a, structuredClone(a)));
      if (sameValue(a, b))
        assert.deepEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
    }),
  );
});

test("an undefined field is a missing one", () => {
  assert.ok(sameValue({ a: 1, b: undefined }, { a: 1 }));
  assert.ok(sameValue({ a: 1 }, { a: 1, b: undefined }));
});

test("lists differ from objects, from shorter ones, and in their order", () => {
  assert.ok(!sameValue([], {}));
  assert.ok(!sameValue([1], [1, 2]));
  assert.ok(!sameValue([1, 2], [2, 1]));
  assert.ok(!sameValue({ a: null }, { a: undefined }));
});
