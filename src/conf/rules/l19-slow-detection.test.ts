import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const secondReal = (address: string, port = 80): string =>
  virtualServerWith("").replace(
    /\}\n$/,
    `    real_server ${address} ${port} {\n        TCP_CHECK {\n        }\n    }\n}\n`,
  );

test("the timeout is marked", () => {
  assert.deepEqual(
    told("L19", virtualServerWith("").replace("connect_timeout 3", "connect_timeout 6")),
    ["20 connect_timeout: `connect_timeout` is not less than `delay_loop`"],
  );
});

test("less is fine", () => {
  assert.deepEqual(
    told("L19", virtualServerWith("").replace("connect_timeout 3", "connect_timeout 5")),
    [],
  );
});

test("the timeout of the virtual server counts for all its checks, and is told once", () => {
  assert.deepEqual(
    told(
      "L19",
      secondReal("198.51.100.2")
        .replace("connect_timeout 3\n", "")
        .replace("delay_loop 6", "delay_loop 6\n    connect_timeout 8"),
    ),
    ["16 connect_timeout: `connect_timeout` is not less than `delay_loop`"],
  );
});

test("a loop of a minute is the default", () => {
  assert.deepEqual(
    told(
      "L19",
      virtualServerWith("")
        .replace("    delay_loop 6\n", "")
        .replace("connect_timeout 3", "connect_timeout 30"),
    ),
    [],
  );
});
