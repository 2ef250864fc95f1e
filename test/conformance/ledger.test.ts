// The table of requirements in the documentation is complete and current.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("every requirement has a test or a page that says how we differ, and the table is current", () => {
  try {
    execFileSync(process.execPath, ["dist/tools/conformance.js", "--check"], {
      cwd: root,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    assert.fail((error as { stderr?: string }).stderr ?? String(error));
  }
});
