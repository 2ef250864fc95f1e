import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ScriptSettings } from "../model/global-options.ts";
import { judgeProgram, scriptSettingsDefault } from "./script-security.ts";

const isRoot = process.getuid?.() === 0;
// A folder of root alone, so that only what a test makes writable is.
const base = mkdtempSync(
  join(isRoot ? "/root" : (process.env["HOME"] ?? "/tmp"), "keelson-secure-"),
);
after(() => rmSync(base, { recursive: true, force: true }));
const secure: ScriptSettings = { ...scriptSettingsDefault, security: true, user: "root" };
const lenient: ScriptSettings = { ...scriptSettingsDefault, user: "root" };
const needsRoot = isRoot ? {} : { skip: "needs root" };
let files = 0;

function script(mode = 0o755, folder = base): string {
  const path = join(folder, `s${files++}`);
  writeFileSync(path, "#!/bin/sh\nexit 0\n");
  chmodSync(path, mode);
  return path;
}

function judge(command: readonly string[], settings: ScriptSettings, user?: string): string {
  const judged = judgeProgram({ command, ...(user === undefined ? {} : { user }) }, settings);
  return judged.ok ? "runs" : judged.fault.kind;
}

test(
  "what does not exist, is no file or not executable is refused with a reason",
  needsRoot,
  () => {
    assert.equal(judge([join(base, "nothing")], lenient), "not-found");
    assert.equal(judge([base], lenient), "not-a-file");
    assert.equal(judge([script(0o644)], lenient), "not-executable");
    assert.equal(judge(["no-such-program-anywhere"], lenient), "not-found");
    assert.equal(judge([], lenient), "no-command");
    const refused = judgeProgram({ command: [join(base, "nothing")] }, lenient);
    assert.match(refused.ok ? "" : refused.fault.text, /nothing does not exist$/);
  },
);

test("a program without a slash is found on the usual path", needsRoot, () => {
  const judged = judgeProgram({ command: ["true", "x"] }, lenient);
  assert.ok(judged.ok);
  assert.match(judged.value.command[0] ?? "", /^\/.*\/true$/);
  assert.deepEqual(judged.value.command.slice(1), ["x"]);
});

test("the account is the program's, the settings' or the daemon's own", needsRoot, () => {
  const judged = judgeProgram({ command: ["/bin/true"], user: "nobody" }, lenient);
  assert.equal(judged.ok && judged.value.uid, 65534);
  const grouped = judgeProgram({ command: ["/bin/true"], user: "nobody", group: "root" }, lenient);
  assert.equal(grouped.ok && grouped.value.gid, 0);
  const colon = judgeProgram({ command: ["/bin/true"], user: "nobody:root" }, lenient);
  assert.equal(colon.ok && colon.value.gid, 0);
  assert.equal(judge(["/bin/true"], lenient, "no-such-user"), "account-unknown");
  assert.equal(judge(["/bin/true"], { ...lenient, user: "no-such-user" }), "account-unknown");
});

test(
  "an account that cannot reach or execute the file is refused before it is tried",
  needsRoot,
  () => {
    chmodSync(base, 0o700);
    assert.equal(judge([script()], lenient, "nobody"), "not-executable");
    assert.equal(judge([script()], lenient), "runs");
  },
);

test("security: root does not run what others can write, on the whole path", needsRoot, () => {
  assert.equal(judge([script()], secure), "runs");
  for (const mode of [0o777, 0o757]) {
    assert.equal(judge([script(mode)], secure), "insecure", `mode ${mode.toString(8)}`);
    assert.equal(judge([script(mode)], lenient), "runs", "without enable_script_security");
  }
  const owned = script();
  chownSync(owned, 65534, 0);
  assert.equal(judge([owned], secure), "insecure");
  const grouped = script(0o775);
  assert.equal(judge([grouped], secure), "runs", "group root is root");
  chownSync(grouped, 0, 65534);
  assert.equal(judge([grouped], secure), "insecure");
  const folder = join(base, "open");
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const inside = script(0o755, folder);
  assert.equal(judge([inside], secure), "insecure");
  chmodSync(folder, 0o1777);
  assert.equal(
    judge([inside], secure),
    "runs",
    "nobody can replace what root owns in a sticky folder",
  );
});

test("security: what another account runs is that account's affair", needsRoot, () => {
  assert.equal(judge(["/bin/true"], secure, "nobody"), "runs");
  const folder = mkdtempSync("/tmp/keelson-open-");
  after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o777);
  assert.equal(judge([script(0o777, folder)], secure, "nobody"), "runs");
});

test(
  "security: a symbolic link leads to its target, and every folder on both ways counts",
  needsRoot,
  () => {
    const open = join(base, "open-target");
    mkdirSync(open);
    const target = script(0o755, open);
    const link = join(base, "link");
    symlinkSync(target, link);
    assert.equal(judge([link], secure), "runs");
    chmodSync(open, 0o777);
    assert.equal(judge([link], secure), "insecure");
    const circle = join(base, "circle");
    symlinkSync(circle, circle);
    assert.equal(judge([circle], secure), "not-found");
  },
);
