import assert from "node:assert/strict";
import { test } from "node:test";
import { checkExample } from "../../../test/rules/check-text.ts";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith, scriptWith } from "./example-texts.ts";
import { weightTooSmall } from "./v14-weight-too-small.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    weightTooSmall.bad.map((texts) => toldOfNodes("V14", [texts].flat())),
    [
      [
        "node1.conf:8 error: `weight -20` is too small: 192.0.2.17 stays when `chk` fails (node2.conf:15 node2.conf has 100)",
      ],
      [
        "node1.conf:8 error: `weight 2` is too small: 192.0.2.17 stays when `chk` fails (node2.conf:15 node2.conf has 52)",
      ],
    ],
  );
});

const node = (weight: number, priority: number): string =>
  scriptWith(`script "/usr/local/bin/check"\nweight ${weight}`).replace(
    "priority 100",
    `priority ${priority}`,
  );

function onlyFinding(texts: readonly string[]): ReturnType<typeof checkExample>[number] {
  const findings = checkExample(texts).filter(({ code }) => code === "V14");
  assert.equal(findings.length, 1);
  const [finding] = findings;
  assert.ok(finding);
  return finding;
}

test("the election of each outcome is told, and the smallest weight that works", () => {
  const { effect, fix, label } = onlyFinding([node(-20, 150), node(-20, 100)]);
  assert.equal(label, "then node1.conf has 130, above the 100 of the next");
  assert.equal(
    effect,
    "all is well: node1.conf 150, node2.conf 100; chk fails: node1.conf 130, node2.conf 100 (it stays)",
  );
  assert.match(fix ?? "", /^write `weight -51` on every node/);
  assert.deepEqual(toldOfNodes("V14", [node(-51, 150), node(-51, 100)]), []);
  assert.equal(toldOfNodes("V14", [node(-50, 150), node(-50, 100)]).length, 1);
});

test("a positive weight must be larger than the gap, because a healthy peer has it too", () => {
  assert.deepEqual(toldOfNodes("V14", [node(101, 200), node(101, 100)]), []);
  const { label, fix } = onlyFinding([node(100, 200), node(100, 100)]);
  assert.equal(label, "then node1.conf has 200, equal to the 200 of the next");
  assert.match(fix ?? "", /^write `weight 101` on every node/);
  assert.deepEqual(toldOfNodes("V14", [node(3, 102), node(3, 100)]), []);
  assert.match(onlyFinding([node(2, 102), node(2, 100)]).fix ?? "", /^write `weight 3`/);
});

test("a reward that the peer does not get never moves the address", () => {
  const low = instanceWith("").replace("priority 100", "priority 90");
  assert.match(onlyFinding([node(20, 100), low]).fix ?? "", /^write `weight -11`/);
});

test("checks that move it only together are a warning", () => {
  const both = (priority: number): string =>
    node(-20, priority)
      .replace(
        "vrrp_script chk {",
        'vrrp_script other {\n    script "/bin/other"\n    weight -20\n}\nvrrp_script chk {',
      )
      .replace("        chk\n", "        chk\n        other\n");
  const told = toldOfNodes("V14", [both(130), both(100)]);
  assert.equal(told.length, 2);
  assert.match(told[0] ?? "", /warning: `weight -20` alone is too small/);
});

test("of three nodes the next one counts", () => {
  assert.deepEqual(toldOfNodes("V14", [node(-60, 150), node(-60, 100), node(-60, 50)]), []);
  assert.equal(toldOfNodes("V14", [node(-40, 150), node(-40, 50), node(-40, 100)]).length, 1);
});

test("a check without weight needs no arithmetic, and an owner's weights are another rule's", () => {
  assert.deepEqual(toldOfNodes("V14", [node(0, 200), node(0, 100)]), []);
  assert.deepEqual(toldOfNodes("V14", [node(-2, 255), node(-2, 100)]), []);
});

test("nothing is said where a priority is open", () => {
  const open = node(-2, 150).replace("priority 150", "priority $PRIORITY");
  assert.deepEqual(toldOfNodes("V14", [open, node(-2, 100)]), []);
});
