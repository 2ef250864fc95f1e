import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { unknownGroupMember } from "./v44-unknown-group-member.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    unknownGroupMember.bad.map((text) => told("V44", String(text))),
    [["4 VI_3: there is no vrrp_instance named `VI_3`"]],
  );
});

test("the nearest name that is not listed is offered", () => {
  const text = `vrrp_sync_group G {\n    group {\n        VI_1\n        VI2\n    }\n}\n${instanceWith("")}${instanceWith("", "VI_2", 18)}`;
  assert.equal(fixedBy("V44", text), text.replace("        VI2\n", "        VI_2\n"));
});
