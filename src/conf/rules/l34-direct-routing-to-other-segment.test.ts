import assert from "node:assert/strict";
import { test } from "node:test";
import { checkExample } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

function judged(example: readonly string[]): readonly string[] {
  return checkExample(example)
    .filter(({ code }) => code === "L34")
    .map(({ span, severity, message }) => `${span.file}:${span.line} ${severity}: ${message}`);
}

const directRouting = virtualServerWith("").replace("lb_kind NAT", "lb_kind DR");

test("a director without an interface there", () => {
  assert.deepEqual(
    judged([
      directRouting,
      "# topology\nsegments:\n  front: 192.0.2.0/24\n  back: 198.51.100.0/24\ndirectors:\n  lb1: { eth0: 192.0.2.1/24, eth1: 198.51.100.2/24 }\n  lb2: { eth0: 192.0.2.2/24 }\n",
    ]),
    ["node1.conf:17 error: 198.51.100.1 is in back, where lb2 has no interface"],
  );
});

test("without segments every network is one", () => {
  assert.deepEqual(
    judged([
      directRouting,
      "# topology\ndirectors:\n  lb1: { eth0: 192.0.2.1/24 }\nrealServers:\n  web1: 198.51.100.1/24\n",
    ]),
    [
      "node1.conf:17 error: 198.51.100.1 is in the network of 198.51.100.1, where lb1 has no interface",
    ],
  );
});

test("two networks in one segment", () => {
  assert.deepEqual(
    judged([
      directRouting,
      "# topology\nsegments:\n  lan: [192.0.2.0/24, 198.51.100.0/24]\ndirectors:\n  lb1: { eth0: 192.0.2.1/24 }\n",
    ]),
    [],
  );
});

test("a server that the hint does not know is not judged", () => {
  assert.deepEqual(
    judged([directRouting, "# topology\ndirectors:\n  lb1: { eth0: 192.0.2.1/24 }\n"]),
    [],
  );
});
