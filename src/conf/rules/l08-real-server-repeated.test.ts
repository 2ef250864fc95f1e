import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const secondReal = (address: string, port = 80): string =>
  virtualServerWith("").replace(
    /\}\n$/,
    `    real_server ${address} ${port} {\n        TCP_CHECK {\n        }\n    }\n}\n`,
  );
const manyServers =
  virtualServerWith("").replace(/\}\n$/, "") +
  Array.from({ length: 40 }, (_, i) => `    real_server 10.0.0.${i} 80 {\n    }\n`).join("");

test("the second one is marked", () => {
  assert.deepEqual(told("L08", secondReal("198.51.100.1")), [
    "23 198.51.100.1: the real server 198.51.100.1:80 is listed twice",
  ]);
});

test("another port is another server", () => {
  assert.deepEqual(told("L08", secondReal("198.51.100.1", 81)), []);
});

test("among many servers it is found as well", () => {
  assert.deepEqual(told("L08", `${manyServers}    real_server 10.0.0.7 80 {\n    }\n}\n`), [
    "103 10.0.0.7: the real server 10.0.0.7:80 is listed twice",
  ]);
});
