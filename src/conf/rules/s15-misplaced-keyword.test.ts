import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the blocks that have the keyword are named", () => {
  const text = instanceWith("delay_loop 6");
  assert.deepEqual(told("S15", text), [
    "9 delay_loop: `delay_loop` does not belong in vrrp_instance",
  ]);
  assert.match(findingsOf("S15", text)[0]?.fix ?? "", /virtual_server/);
});
