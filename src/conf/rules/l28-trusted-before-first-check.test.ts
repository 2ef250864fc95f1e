import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the first virtual server is marked", () => {
  assert.deepEqual(told("L28", virtualServerWith("").replace("    alpha\n", "")), [
    "11 192.0.2.17: real servers take traffic before their first check",
  ]);
});

test("several are one finding", () => {
  assert.deepEqual(
    told(
      "L28",
      virtualServerWith("").replace("    alpha\n", "") +
        virtualServerWith("").replace("    alpha\n", "").replace("192.0.2.17 80", "192.0.2.17 81"),
    ),
    ["11 192.0.2.17: real servers of 2 virtual servers take traffic before their first check"],
  );
});

test("`alpha` of the server is enough", () => {
  assert.deepEqual(
    told("L28", virtualServerWith("").replace("    alpha\n", "").replace("weight 1", "alpha")),
    [],
  );
});

test("without a check there is no first one", () => {
  assert.deepEqual(
    told(
      "L28",
      virtualServerWith("")
        .replace("    alpha\n", "")
        .replace(/ *TCP_CHECK \{[^}]*\}\n/, ""),
    ),
    [],
  );
});
