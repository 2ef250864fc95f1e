import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { version2ForIpv6 } from "./v64-version-2-for-ipv6.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    version2ForIpv6.bad.map((text) => told("V64", String(text))),
    [["9 version: VRRP version 2 has no IPv6"]],
  );
});
