import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { noRefreshOfArp } from "./v48-no-refresh-of-arp.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    noRefreshOfArp.bad.map((text) => told("V48", String(text))),
    [["1 VI_1: keepalived announces the addresses of a MASTER once, and never again"]],
  );
});
