import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const noServer = virtualServerWith("").replace(/ *real_server[\s\S]*\}\n$/, "}\n");

test("the virtual server is marked", () => {
  assert.deepEqual(told("L07", noServer), ["11 192.0.2.17: TCP 192.0.2.17:80 has no real server"]);
});

test("one whose address cannot be read was meant to be there", () => {
  assert.deepEqual(told("L07", virtualServerWith("").replace("198.51.100.1", "web1")), []);
});
