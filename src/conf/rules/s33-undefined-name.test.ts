import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith, virtualServerCheckedBy } from "./example-texts.ts";

test("a static address that names no group of the file is marked, with the nearest name", () => {
  const text = `track_group gone {\n    group {\n        VI_1\n    }\n}\nstatic_ipaddress {\n    192.0.2.1/24 dev eth0 track_group gon\n}\n${instanceWith("")}`;
  const [finding] = findingsOf("S33", text);
  assert.equal(finding?.message, "there is no track_group named `gon`");
  assert.equal(finding?.edits?.[0]?.newText, "gone");
});

test("each instance of a track_group must exist", () => {
  const text = `track_group tg {\n    group {\n        VI_1 VI_9\n    }\n}\n${instanceWith("")}`;
  assert.deepEqual(told("S33", text), ["3 VI_9: there is no vrrp_instance named `VI_9`"]);
});

test("checks that follow nothing are marked", () => {
  const text = virtualServerCheckedBy("BFD_CHECK {\n    name nobody\n}");
  assert.equal(told("S33", text).length, 1);
});

test("names that other rules look up, and names with a parameter, are left to them", () => {
  assert.deepEqual(told("S33", instanceWith("track_script {\n    nobody\n}")), []);
  assert.deepEqual(told("S33", virtualServerCheckedBy("BFD_CHECK {\n    name $NAME\n}")), []);
});
