import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { scriptWith } from "./example-texts.ts";

const asks = (command: string): boolean =>
  told("X13", scriptWith(`script ${command}\ninterval 2`)).length > 0;

test("killall -0, pidof and pgrep only ask for a process", () => {
  assert.ok(asks('"killall -0 haproxy"'));
  assert.ok(asks('"/usr/bin/pidof nginx"'));
  assert.ok(asks('"/usr/bin/pgrep -x nginx"'));
});

test("commands that do more are left alone", () => {
  assert.ok(!asks('"/usr/bin/killall -HUP nginx"'));
  assert.ok(!asks("\"/usr/bin/pgrep -f 'nginx: master'\""));
  assert.ok(!asks('"/usr/local/bin/check nginx"'));
});
