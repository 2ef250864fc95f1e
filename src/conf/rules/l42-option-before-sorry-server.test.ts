import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("above it", () => {
  assert.deepEqual(
    told("L42", virtualServerWith("sorry_server_inhibit\nsorry_server 198.51.100.9 80")),
    ["17 sorry_server_inhibit: there is no `sorry_server` above to which this belongs"],
  );
});

test("without it", () => {
  assert.deepEqual(told("L42", virtualServerWith("sorry_server_lvs_method DR")), [
    "17 sorry_server_lvs_method: there is no `sorry_server` above to which this belongs",
  ]);
});

test("below it", () => {
  assert.deepEqual(
    told("L42", virtualServerWith("sorry_server 198.51.100.9 80\nsorry_server_inhibit")),
    [],
  );
});
