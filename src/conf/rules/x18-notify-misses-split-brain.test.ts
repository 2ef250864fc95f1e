import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const moved = instanceWith('notify_master "/usr/local/bin/move"').replace(
  /virtual_ipaddress \{[^}]*\}/,
  "no_virtual_ipaddress",
);

test("an instance whose script moves the address is told", () => {
  assert.deepEqual(told("X18", moved), [
    "7 notify_master: this script does not run again when a split brain ends",
  ]);
});

test("where the daemon holds the address, or the script is run, nothing is said", () => {
  assert.deepEqual(told("X18", instanceWith('notify_master "/usr/local/bin/tell"')), []);
  const both = moved.replace("\n}", '\n    notify_master_rx_lower_pri "/usr/local/bin/move"\n}');
  assert.deepEqual(told("X18", both), []);
});
