// The same configuration, run by the real keepalived and by Keelson on equal hosts: everything that a neighbour, the kernel or a
// program sees is the same, but for what docs/deviations names.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { before, describe, test } from "node:test";
import { playAll, unused, type Verdict } from "./parity-running/play-all.ts";
import { scenes } from "./parity-running/scenes.ts";

const skip =
  process.getuid?.() !== 0
    ? "needs root"
    : existsSync("/usr/sbin/keepalived") && existsSync("/usr/bin/tcpdump")
      ? false
      : "needs the real keepalived and tcpdump";
/** All at once would make a small machine late. */
const lanes = 6;
const quick = scenes.filter((scene) => scene.quick === true);

describe("beside the real keepalived", { skip }, () => {
  let verdicts: readonly Verdict[] = [];
  before(async () => {
    verdicts = await playAll(quick, lanes);
    // Whoever was late on a busy machine gets a second chance, alone.
    const again = verdicts.filter(({ unjustified }) => unjustified.length > 0);
    const second = await playAll(
      again.map(({ scene }) => scene),
      1,
    );
    verdicts = [...verdicts.filter((verdict) => !again.includes(verdict)), ...second];
  });
  for (const { name } of quick)
    test(`the same: ${name}`, () => {
      const verdict = verdicts.find(({ scene }) => scene.name === name);
      assert.deepEqual(verdict?.unjustified, []);
    });
  test("every justified difference is still there", () => {
    assert.deepEqual(
      unused(verdicts).map(({ where }) => where),
      [],
    );
  });
});
