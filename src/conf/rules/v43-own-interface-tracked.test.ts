import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { ownInterfaceTracked } from "./v43-own-interface-tracked.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    ownInterfaceTracked.bad.map((text) => told("V43", String(text))),
    [["10 eth0: `VI_1` follows its own interface `eth0` in any case"]],
  );
});
