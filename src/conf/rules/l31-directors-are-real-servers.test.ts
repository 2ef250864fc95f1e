import assert from "node:assert/strict";
import { test } from "node:test";
import { checkExample } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

function judged(example: readonly string[]): readonly string[] {
  return checkExample(example)
    .filter(({ code }) => code === "L31")
    .map(({ span, severity, message }) => `${span.file}:${span.line} ${severity}: ${message}`);
}

const director = (own: string, peer: string, servers: readonly string[]): string =>
  virtualServerWith("")
    .replace("lb_kind NAT", "lb_kind DR")
    .replace(
      "priority 100",
      `priority 100\n    unicast_src_ip ${own}\n    unicast_peer {\n        ${peer}\n    }`,
    )
    .replace(
      / *real_server[\s\S]*$/,
      `${servers.map((one) => `    real_server ${one} 80 {\n        TCP_CHECK {\n        }\n    }\n`).join("")}}\n`,
    );

test("one file shows both, by its own address and its peer's", () => {
  assert.deepEqual(judged([director("192.0.2.1", "192.0.2.2", ["192.0.2.1", "192.0.2.2"])]), [
    "node1.conf:25 warning: 192.0.2.1 and 192.0.2.2 are directors and real servers of TCP 192.0.2.17:80",
  ]);
});

test("two files show it on each node", () => {
  assert.deepEqual(
    judged([
      director("192.0.2.1", "192.0.2.2", ["192.0.2.1", "192.0.2.2"]),
      director("192.0.2.2", "192.0.2.1", ["192.0.2.1", "192.0.2.2"]),
    ]),
    [
      "node1.conf:25 warning: 192.0.2.1 and 192.0.2.2 are directors and real servers of TCP 192.0.2.17:80",
      "node2.conf:25 warning: 192.0.2.1 and 192.0.2.2 are directors and real servers of TCP 192.0.2.17:80",
    ],
  );
});

test("one director among the servers is fine", () => {
  assert.deepEqual(judged([director("192.0.2.1", "192.0.2.2", ["192.0.2.2", "192.0.2.3"])]), []);
});

test("two addresses of one director are one director", () => {
  assert.deepEqual(
    judged([
      director("192.0.2.1", "192.0.2.9", ["192.0.2.1", "198.51.100.7"]),
      "# topology\ndirectors:\n  lb1: { eth0: 192.0.2.1/24, eth1: 198.51.100.7/24 }\n",
    ]),
    [],
  );
});

test("a hint knows addresses that no file names", () => {
  assert.deepEqual(
    judged([
      virtualServerWith("")
        .replace("lb_kind NAT", "lb_kind TUN")
        .replace(/\}\n$/, "    real_server 198.51.100.2 80 {\n    }\n}\n"),
      "# topology\ndirectors:\n  lb1: { eth0: 198.51.100.1/24 }\n  lb2: { eth0: 198.51.100.2/24 }\n",
    ]),
    [
      "node1.conf:23 warning: 198.51.100.1 and 198.51.100.2 are directors and real servers of TCP 192.0.2.17:80",
    ],
  );
});
