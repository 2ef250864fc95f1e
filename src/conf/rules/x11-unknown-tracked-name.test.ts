import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith, scriptWith } from "./example-texts.ts";

const script = 'script "/usr/local/bin/check"';

test("the nearest name is offered, and written by --fix", () => {
  const text = scriptWith(script).replace("        chk\n", "        chkk\n");
  assert.deepEqual(told("X11", text), ["19 chkk: there is no vrrp_script named `chkk`"]);
  assert.equal(fixedBy("X11", text), scriptWith(script));
});

test("a script that nothing tracks is worth advice", () => {
  const text = scriptWith(script).replace(/ {4}track_script[^}]*\}\n/, "");
  assert.deepEqual(
    findingsOf("X11", text).map(({ severity }) => severity),
    ["advice"],
  );
});

test("processes and BFD sessions are looked up alike", () => {
  const text = instanceWith("track_process {\n    nginx\n}\ntrack_bfd {\n    peer\n}");
  assert.equal(told("X11", text).length, 2);
});
