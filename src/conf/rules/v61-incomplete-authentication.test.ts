import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { incompleteAuthentication } from "./v61-incomplete-authentication.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    incompleteAuthentication.bad.map((text) => told("V61", String(text))),
    [
      ["9 authentication: the authentication of `VI_1` has no `auth_pass`"],
      ["9 authentication: the authentication of `VI_1` has no `auth_type`"],
    ],
  );
});
