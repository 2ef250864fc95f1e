import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { authenticationInStrictMode } from "./v08-authentication-in-strict-mode.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    authenticationInStrictMode.bad.map((text) => told("V08", String(text))),
    [["10 authentication: the strict mode has no authentication"]],
  );
});
