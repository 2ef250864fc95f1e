import assert from "node:assert/strict";
import { test } from "node:test";
import { checkExample } from "../../../test/rules/check-text.ts";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith } from "./example-texts.ts";
import { virtualAddressesDiffer } from "./v30-virtual-addresses-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    virtualAddressesDiffer.bad.map((texts) => toldOfNodes("V30", [texts].flat())),
    [
      [
        "node2.conf:6 error: `VI_1` holds other addresses on node2.conf than on node1.conf (node1.conf:6 the list on node1.conf)",
      ],
    ],
  );
});

const node = (addresses: string, lines = ""): string =>
  instanceWith(lines).replace("192.0.2.17/24", addresses);

test("what is on one node only is named", () => {
  const texts = [
    node("192.0.2.17/24\n        192.0.2.18/24"),
    node("192.0.2.17/24\n        192.0.2.19/24"),
  ];
  const [finding] = checkExample(texts).filter(({ code }) => code === "V30");
  assert.equal(finding?.label, "only on node2.conf: 192.0.2.19; only on node1.conf: 192.0.2.18");
});

test("another prefix length is a warning, another order is nothing", () => {
  assert.deepEqual(toldOfNodes("V30", [node("192.0.2.17/24"), node("192.0.2.17/32")]), [
    "node2.conf:6 warning: prefix lengths of `VI_1` differ between node1.conf and node2.conf (node1.conf:6 the list on node1.conf)",
  ]);
  const [a, b] = ["192.0.2.17/24", "192.0.2.18/24"];
  assert.deepEqual(
    toldOfNodes("V30", [node(`${a}\n        ${b}`), node(`${b}\n        ${a}`)]),
    [],
  );
});

test("addresses that adverts do not list are a warning", () => {
  const more = "virtual_ipaddress_excluded {\n    192.0.2.99/24\n}";
  assert.match(
    toldOfNodes("V30", [node("192.0.2.17/24", more), node("192.0.2.17/24")])[0] ?? "",
    /^node2.conf:1 warning: /,
  );
});

test("of three nodes each is compared with the first", () => {
  const told = toldOfNodes("V30", [
    node("192.0.2.17/24"),
    node("192.0.2.17/24"),
    node("192.0.2.18/24"),
  ]);
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /on node3.conf than on node1.conf/);
});

test("a list with a placeholder is not compared", () => {
  assert.deepEqual(
    toldOfNodes("V30", [node("192.0.2.17/24"), node("192.0.2.17/24\n        $MORE")]),
    [],
  );
});
