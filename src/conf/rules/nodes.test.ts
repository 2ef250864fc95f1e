import assert from "node:assert/strict";
import { test } from "node:test";
import { loadText } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { nodeNameOf, virtualRoutersOf } from "./nodes.ts";
import type { Configuration } from "./rule.ts";

function nodesOf(texts: readonly string[], paths: readonly string[] = []): Configuration[] {
  return texts.map((text, i) => {
    const { configuration } = loadText(text, new Map(), paths[i] ?? `node${i + 1}.conf`);
    assert.ok(configuration);
    return configuration;
  });
}

function matched(texts: readonly string[]): readonly string[] {
  return virtualRoutersOf(nodesOf(texts)).map(({ parts }) =>
    parts.map(({ nodeName, instance }) => `${nodeName} ${instance.name}`).join(" = "),
  );
}

const address = (text: string, value: string): string => text.replace(/192\.0\.2\.\d+/, value);

test("instances belong together by what they hold, whatever their names and numbers", () => {
  const texts = [
    instanceWith("", "A", 17) + instanceWith("", "B", 18),
    address(instanceWith("", "A", 18), "192.0.2.18") +
      address(instanceWith("", "B", 17), "192.0.2.17"),
  ];
  assert.deepEqual(matched(texts), ["node1.conf A = node2.conf B", "node1.conf B = node2.conf A"]);
});

test("without a common address the VRID and the interface or the name decide", () => {
  const moved = address(instanceWith("", "OTHER", 17), "192.0.2.99");
  assert.deepEqual(matched([instanceWith(""), moved]), ["node1.conf VI_1 = node2.conf OTHER"]);
  assert.deepEqual(matched([instanceWith(""), moved.replace("eth0", "eth1")]), [
    "node1.conf VI_1",
    "node2.conf OTHER",
  ]);
});

test("the name alone decides what is left over", () => {
  const other = instanceWith("", "VI_1", 99).replace("eth0", "eth1");
  assert.deepEqual(matched([instanceWith(""), other]), ["node1.conf VI_1 = node2.conf VI_1"]);
});

test("the best match wins, not the first", () => {
  const first = instanceWith("", "A", 17);
  const second =
    address(instanceWith("", "B", 17), "192.0.2.99").replace("eth0", "eth1") +
    address(instanceWith("", "C", 40), "192.0.2.17");
  assert.deepEqual(matched([first, second]), ["node1.conf A = node2.conf C", "node2.conf B"]);
});

test("families do not mix, and three nodes make one router", () => {
  const six = instanceWith("").replace("192.0.2.17/24", "fe80::17/64");
  assert.deepEqual(matched([instanceWith(""), six, instanceWith("")]), [
    "node1.conf VI_1 = node3.conf VI_1",
    "node2.conf VI_1",
  ]);
});

test("a node is called by the shortest end of its path that no other has", () => {
  const nodes = nodesOf(
    [instanceWith(""), instanceWith(""), instanceWith("")],
    ["/etc/a/keepalived.conf", "/etc/b/keepalived.conf", "/etc/b/other.conf"],
  );
  assert.deepEqual(
    nodes.map((node) => nodeNameOf(node, nodes)),
    ["a/keepalived.conf", "b/keepalived.conf", "other.conf"],
  );
});
