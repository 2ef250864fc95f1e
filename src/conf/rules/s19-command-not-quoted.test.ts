import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the word that is lost is marked, and --fix quotes the whole command", () => {
  const text = instanceWith("notify_master /usr/local/bin/tell master now");
  assert.deepEqual(told("S19", text), ["9 master: `master` does not belong to the command"]);
  assert.equal(
    fixedBy("S19", text),
    instanceWith('notify_master "/usr/local/bin/tell master now"'),
  );
});

test("a user and a group may follow", () => {
  assert.deepEqual(
    told("S19", instanceWith("notify_master /usr/local/bin/tell nobody nogroup")),
    [],
  );
  assert.deepEqual(told("S19", instanceWith('notify_master "/usr/local/bin/tell x" nobody')), []);
});
