import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";

test("the name of the tracker is marked", () => {
  assert.deepEqual(told("X32", "vrrp_track_process nginx {\n    quorum 2\n}\n"), [
    "1 nginx: `vrrp_track_process nginx` names no process",
  ]);
  assert.equal(told("X32", "track_file weight {\n}\n").length, 1);
  assert.equal(told("X32", "bfd_instance peer {\n}\n").length, 1);
});

test("other spellings count alike, and a target is enough", () => {
  assert.equal(told("X32", "vrrp_track_file weight {\n}\n").length, 1);
  assert.deepEqual(told("X32", 'track_file weight {\n    file "/run/weight"\n}\n'), []);
});
