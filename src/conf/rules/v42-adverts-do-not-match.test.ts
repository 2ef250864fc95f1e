import assert from "node:assert/strict";
import { test } from "node:test";
import { allToldOfNodes, toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith } from "./example-texts.ts";
import { advertsDoNotMatch } from "./v42-adverts-do-not-match.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    advertsDoNotMatch.bad.map((texts) => toldOfNodes("V42", [texts].flat())),
    [
      [
        "node2.conf:9 error: `VI_1` sends every 2 s on node2.conf and every 1 s on node1.conf (node1.conf:9 1 s on node1.conf)",
      ],
      [
        "node2.conf:9 error: `VI_1` has version 2 on node2.conf and 3 on node1.conf (node1.conf:9 version 3 on node1.conf)",
      ],
      [
        "node2.conf:9 error: the passwords of `VI_1` differ between node1.conf and node2.conf (node1.conf:9 another one on node1.conf)",
      ],
      [
        "node2.conf:4 error: `VI_1` has VRID 18 on node2.conf and 17 on node1.conf (node1.conf:4 17 on node1.conf)",
      ],
    ],
  );
});

const password = (word: string): string =>
  instanceWith(`authentication {\n    auth_type PASS\n    auth_pass ${word}\n}`);

test("passwords are compared and never shown", () => {
  const texts = [password("hush-one"), password("hush-two")];
  assert.equal(toldOfNodes("V42", texts).length, 1);
  assert.ok(!allToldOfNodes(texts).includes("hush"));
});

test("one node without a password is told as such", () => {
  assert.match(
    toldOfNodes("V42", [password("secret"), instanceWith("")])[0] ?? "",
    /`VI_1` has no password on node2.conf and a password on node1.conf/,
  );
  const strict = `global_defs {\n    vrrp_strict\n}\n${password("secret")}`;
  assert.equal(toldOfNodes("V42", [password("secret"), strict]).length, 1);
});

test("the interval is an error in version 2, and a warning in version 3", () => {
  const every = (version: number, seconds: number): string =>
    instanceWith(`version ${version}\nadvert_int ${seconds}`);
  assert.match(toldOfNodes("V42", [every(2, 1), every(2, 2)])[0] ?? "", /error/);
  assert.match(toldOfNodes("V42", [every(3, 1), every(3, 2)])[0] ?? "", /warning/);
});

test("a global version counts where the instance has none", () => {
  const global = `global_defs {\n    vrrp_version 3\n}\n${instanceWith("")}`;
  assert.deepEqual(toldOfNodes("V42", [instanceWith(""), global]), [
    "node2.conf:2 error: `VI_1` has version 3 on node2.conf and 2 on node1.conf (node1.conf:1 version 2 on node1.conf)",
  ]);
  assert.deepEqual(toldOfNodes("V42", [instanceWith("version 3"), global]), []);
});
