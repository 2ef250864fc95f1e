import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("a line that begins with slashes becomes a comment", () => {
  const text = instanceWith("// the other node has 90");
  assert.deepEqual(told("S09", text), ["9 //: `//` does not begin a comment"]);
  assert.equal(fixedBy("S09", text), instanceWith("# // the other node has 90"));
});

test("so does what stands behind a value", () => {
  const text = instanceWith("advert_int 1 // one second");
  assert.equal(fixedBy("S09", text), instanceWith("advert_int 1 # // one second"));
});

test("prose between `/*` and `*/` is one finding", () => {
  assert.equal(told("S09", `/* both\n   are alike\n*/\n${instanceWith("")}`).length, 1);
});
