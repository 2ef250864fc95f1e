import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceInTwoGroups } from "./v70-instance-in-two-groups.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    instanceInTwoGroups.bad.map((text) => told("V70", String(text))),
    [["9 VI_2: `VI_2` is a member of `G` already", "11 VI_1: `VI_1` is a member of `G` already"]],
  );
});
