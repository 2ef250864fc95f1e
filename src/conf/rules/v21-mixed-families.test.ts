import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText, fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { mixedFamilies } from "./v21-mixed-families.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    mixedFamilies.bad.map((text) => told("V21", String(text))),
    [["8 2001:db8::17/64: `2001:db8::17` is IPv6, and the first address is IPv4"]],
  );
});

const mixed = instanceWith("").replace(
  "        192.0.2.17/24",
  "        192.0.2.17/24\n        2001:db8::17/64 dev eth0\n        2001:db8::18/64",
);

test("each of them is told, and one change moves them all", () => {
  assert.equal(told("V21", mixed).length, 2);
  const fixed = fixedBy("V21", mixed);
  assert.ok(
    fixed.includes(
      "    virtual_ipaddress_excluded {\n        2001:db8::17/64 dev eth0\n        2001:db8::18/64\n    }\n    virtual_ipaddress {\n        192.0.2.17/24\n",
    ),
    fixed,
  );
  assert.deepEqual(
    checkText(fixed).filter(({ severity }) => severity === "error"),
    [],
  );
});

test("with a block of excluded addresses there is no change to offer", () => {
  const text = mixed.replace(
    "    virtual_ipaddress {",
    "    virtual_ipaddress_excluded {\n        192.0.2.99/24\n    }\n    virtual_ipaddress {",
  );
  assert.equal(fixedBy("V21", text), text);
});

test("where a peer fixes the family it is another rule's", () => {
  const peer = "unicast_peer {\n        198.51.100.2\n    }\n    virtual_ipaddress {";
  assert.deepEqual(told("V21", mixed.replace("virtual_ipaddress {", peer)), []);
});
