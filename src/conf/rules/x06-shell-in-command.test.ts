import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { scriptWith } from "./example-texts.ts";

const script = (command: string): string => scriptWith(`script "${command}"\ninterval 2`);
const needsShell = (command: string): boolean => told("X06", script(command)).length > 0;

test("operators, redirections and substitutions need a shell", () => {
  for (const command of [
    "/bin/echo a | /bin/grep b",
    "/bin/a && /bin/b",
    "/bin/a || exit 1",
    "/bin/a > /dev/null 2>&1",
    "/bin/a 2>/dev/null",
    "/bin/a &>/dev/null",
    "/bin/kill -0 $(cat /run/a.pid)",
    "/bin/kill -0 `cat /run/a.pid`",
    "</dev/tcp/127.0.0.1/80",
    "LANG=C /bin/a",
    "if /bin/a; then exit 0; fi",
    "/bin/a; /bin/b",
  ])
    assert.ok(needsShell(command), command);
});

test("what a shell is given to read, patterns and addresses need none", () => {
  for (const command of [
    "/bin/sh -c '/bin/a | /bin/b > /dev/null'",
    "/bin/bash -c '</dev/tcp/127.0.0.1/80'",
    "/bin/grep -E 'a|b' /run/x",
    "/usr/bin/curl -sf http://127.0.0.1/?a=1&b=2",
    "/bin/a --expr=x>y",
    "/usr/bin/find /run -name a -exec /bin/b {} ;",
    "/bin/a",
  ])
    assert.ok(!needsShell(command), command);
});

test("--fix hands the command to a shell; bash where only bash will do", () => {
  assert.equal(fixedBy("X06", script("/bin/a | /bin/b")), script("/bin/sh -c '/bin/a | /bin/b'"));
  assert.equal(
    fixedBy("X06", script("</dev/tcp/127.0.0.1/80")),
    script("/bin/bash -c '</dev/tcp/127.0.0.1/80'"),
  );
  const quoted = script("/bin/a 'b c' | /bin/d");
  assert.equal(fixedBy("X06", quoted), quoted);
});
