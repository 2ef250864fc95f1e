import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const secondReal = (address: string, port = 80): string =>
  virtualServerWith("").replace(
    /\}\n$/,
    `    real_server ${address} ${port} {\n        TCP_CHECK {\n        }\n    }\n}\n`,
  );

test("the virtual server is marked", () => {
  assert.deepEqual(told("L10", virtualServerWith("").replace("weight 1", "weight 0")), [
    "11 192.0.2.17: every real server of TCP 192.0.2.17:80 has weight 0",
  ]);
});

test("one weight is enough", () => {
  assert.deepEqual(told("L10", secondReal("198.51.100.2").replace("weight 1", "weight 0")), []);
});
