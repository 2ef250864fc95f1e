import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const source = (value: string): string =>
  instanceWith(`unicast_src_ip ${value}\nunicast_peer {\n    192.0.2.2\n}`);

test("the word is marked", () => {
  assert.equal(told("S24", source("192.0.2.256")).length, 1);
  assert.equal(told("S24", source("lb1.example.com")).length, 1);
  assert.deepEqual(told("S24", source("192.0.2.1")), []);
});
