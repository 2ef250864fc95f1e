import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { promoteSecondariesWithVmac } from "./v73-promote-secondaries-with-vmac.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    promoteSecondariesWithVmac.bad.map((text) => told("V73", String(text))),
    [
      [
        "10 promote_secondaries: `promote_secondaries` is set for virtual MAC interfaces in any case",
      ],
    ],
  );
});
