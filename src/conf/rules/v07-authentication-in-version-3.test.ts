import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { authenticationInVersion3 } from "./v07-authentication-in-version-3.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    authenticationInVersion3.bad.map((text) => told("V07", String(text))),
    [["10 authentication: VRRP version 3 has no authentication"]],
  );
});
