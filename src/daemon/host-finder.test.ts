import assert from "node:assert/strict";
import { test } from "node:test";
import { hostFinder } from "./host-finder.ts";

test("names are looked up as the machine does it, and what is not found is not found", () => {
  const find = hostFinder();
  assert.equal(find("localhost", 4), "127.0.0.1");
  assert.equal(find("no-such-host.invalid", 4), undefined);
  assert.equal(find("--help", 4), undefined);
});
