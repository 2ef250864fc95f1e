import assert from "node:assert/strict";
import { test } from "node:test";
import { commandPages, wantsPage } from "./command-pages.ts";
import { commandLines, renderHelp } from "./help.ts";

/** Commands that know `--help` themselves. */
const ownPages = ["check", "fmt", "keepalived", "ipvsadm", "convert", "diff", "config", "help"];

test("every command has a page, and says first how it is used", () => {
  for (const command of Object.keys(commandLines)) {
    if (ownPages.includes(command)) continue;
    assert.match(commandPages[command] ?? "", new RegExp(`^usage: keelson ${command}\\b`), command);
  }
});

test("pages fit a terminal", () => {
  for (const page of [renderHelp(), ...Object.values(commandPages)])
    for (const line of page.split("\n")) assert.ok(line.length <= 100, line);
});

test("a word behind `--` is not a wish for a page", () => {
  assert.equal(wantsPage(["--json", "--help"]), true);
  assert.equal(wantsPage(["--", "--help"]), false);
});
