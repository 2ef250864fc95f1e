import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";

test("the source is marked", () => {
  assert.deepEqual(told("L54", virtualServerCheckedBy("TCP_CHECK {\n    bindto 2001:db8::1\n}")), [
    "20 2001:db8::1: the check connects to 198.51.100.1, which 2001:db8::1 cannot reach",
  ]);
});

test("the address that is checked decides", () => {
  assert.deepEqual(
    told(
      "L54",
      virtualServerCheckedBy("TCP_CHECK {\n    connect_ip 2001:db8::2\n    bindto 2001:db8::1\n}"),
    ),
    [],
  );
});
