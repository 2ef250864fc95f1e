import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("an IPv6 instance is named", () => {
  assert.deepEqual(told("K03", instanceWith("").replace("192.0.2.17/24", "fe80::17/64")), [
    "1 VI_1: the IPv6 instance `VI_1` is read, but Keelson does not run it yet",
  ]);
});
