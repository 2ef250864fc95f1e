import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the check is marked", () => {
  assert.deepEqual(told("L17", virtualServerWith("").replace("protocol TCP", "protocol UDP")), [
    "19 TCP_CHECK: TCP_CHECK connects with TCP, the service is UDP",
  ]);
});

test("a port of its own was chosen", () => {
  assert.deepEqual(
    told(
      "L17",
      virtualServerWith("")
        .replace("protocol TCP", "protocol UDP")
        .replace("connect_timeout 3", "connect_port 8080"),
    ),
    [],
  );
});

test("without `protocol` another rule speaks", () => {
  assert.deepEqual(told("L17", virtualServerWith("").replace("    protocol TCP\n", "")), []);
});
