import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith } from "./example-texts.ts";
import { unicastNotMutual } from "./v38-unicast-not-mutual.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    unicastNotMutual.bad.map((texts) => toldOfNodes("V38", [texts].flat())),
    [
      [
        "node2.conf:10 error: node2.conf does not send to node1.conf: `192.0.2.1` is not among its peers (node1.conf:9 node1.conf sends from 192.0.2.1)",
      ],
      [
        "node2.conf:1 error: `VI_1` sends by multicast on node2.conf, and by unicast on node1.conf (node1.conf:10 node1.conf sends to these only)",
      ],
    ],
  );
});

const node = (source: number, peers: readonly number[]): string =>
  instanceWith(
    `unicast_src_ip 192.0.2.${source}\nunicast_peer {\n${peers.map((host) => `    192.0.2.${host}\n`).join("")}}`,
  ).replace("priority 100", `priority ${100 - source}`);

test("three nodes list each other", () => {
  assert.deepEqual(toldOfNodes("V38", [node(1, [2, 3]), node(2, [1, 3]), node(3, [1, 2])]), []);
  assert.equal(toldOfNodes("V38", [node(1, [2, 3]), node(2, [1, 3]), node(3, [1])]).length, 1);
});

test("one list for all nodes is fine, the own address among it", () => {
  assert.deepEqual(toldOfNodes("V38", [node(1, [1, 2]), node(2, [1, 2])]), []);
});

test("a node that does not name its source cannot be compared", () => {
  const open = node(2, [1]).replace(/ *unicast_src_ip.*\n/, "");
  assert.deepEqual(toldOfNodes("V38", [node(1, [9]), open]), []);
});
