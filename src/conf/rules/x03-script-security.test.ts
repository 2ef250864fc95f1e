import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith, securedScripts } from "./example-texts.ts";

const notified = instanceWith('notify_master "/usr/local/bin/tell"');

test("both lines are put into global_defs, in front of what is there", () => {
  const text = `global_defs {\n    router_id lb1\n}\n${notified}`;
  assert.equal(
    fixedBy("X03", text),
    `global_defs {\n    script_user root\n    enable_script_security\n    router_id lb1\n}\n${notified}`,
  );
});

test("a file without global_defs gets one", () => {
  assert.equal(fixedBy("X03", notified), `${securedScripts}\n${notified}`);
});

test("a user who is named stays", () => {
  const text = `global_defs {\n    script_user nobody\n}\n${notified}`;
  assert.match(
    fixedBy("X03", text),
    /^global_defs \{\n {4}enable_script_security\n {4}script_user nobody\n/,
  );
});

test("it is said once, at the first script", () => {
  const text = instanceWith('notify_master "/usr/local/bin/a"\nnotify_backup "/usr/local/bin/b"');
  assert.deepEqual(told("X03", text), [
    '9 "/usr/local/bin/a": scripts run without `enable_script_security`',
  ]);
});
