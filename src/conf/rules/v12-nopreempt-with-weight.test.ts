import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith, scriptWith } from "./example-texts.ts";
import { nopreemptWithWeight } from "./v12-nopreempt-with-weight.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    nopreemptWithWeight.bad.map((text) => told("V12", String(text))),
    [
      ["15 nopreempt: nopreempt and a weighted track_script cannot work together"],
      ["15 nopreempt: nopreempt and a weighted track_script cannot work together"],
    ],
  );
});

const broken = scriptWith('script "/usr/local/bin/check"\nweight -20').replace(
  "priority",
  "nopreempt\n    priority",
);

test("the weight's line explains it, and the effect names the address", () => {
  const [finding] = findingsOf("V12", broken);
  assert.deepEqual(
    finding?.related?.map(({ span, label }) => [span.line, label]),
    [[8, "lowers the priority from 100 to 80 when `chk` fails …"]],
  );
  assert.equal(finding?.label, "… but no other node may take over while this one is alive");
  assert.equal(finding?.effect, "the VIP 192.0.2.17 stays on a node whose check fails");
  assert.equal(finding?.fix, "remove `weight -20` (instance goes to FAULT) or remove `nopreempt`");
});

test("a weight on the track line counts instead of the script's", () => {
  const [finding] = findingsOf("V12", broken.replace("        chk\n", "        chk weight -30\n"));
  assert.deepEqual(
    finding?.related?.map(({ span, label }) => [span.line, label]),
    [[21, "lowers the priority from 100 to 70 when `chk` fails …"]],
  );
  assert.deepEqual(told("V12", broken.replace("        chk\n", "        chk weight 0\n")), []);
});

test("interfaces count like scripts, but not the instance's own", () => {
  const tracking = (name: string): string =>
    instanceWith(`nopreempt\ntrack_interface {\n    ${name} weight -20\n}`);
  assert.equal(told("V12", tracking("eth1")).length, 1);
  assert.equal(told("V12", tracking("eth0")).length, 0);
});

test("nothing is said where nopreempt is cleared anyway", () => {
  assert.deepEqual(told("V12", broken.replace("state BACKUP", "state MASTER")), []);
  assert.deepEqual(told("V12", broken.replace("priority 100", "priority 255")), []);
});

test("a weight that nobody can read is left alone", () => {
  assert.deepEqual(told("V12", broken.replace("weight -20", "weight $W")), []);
});
