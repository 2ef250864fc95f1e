// Everything in inside/, on a kernel with the real IPVS: one boot, and each test of the guest is a test here.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Guest, repository, whyNoGuest } from "./guest.ts";
import type { InsideOutcome } from "./run-inside.ts";

const folder = "dist/test/guest/inside";
const files = readdirSync(join(repository, folder))
  .filter((name) => name.endsWith(".inside.js"))
  .sort();
const because = whyNoGuest();

test("in the guest", because === undefined ? {} : { skip: because }, async (t) => {
  const guest = await Guest.boot();
  t.after(() => guest.close());
  for (const file of files) {
    const results = `${file}.results`;
    const { stderr } = await guest.node(
      "dist/test/guest/run-inside.js",
      `/mnt/${results}`,
      join(repository, folder, file),
    );
    const path = join(guest.folder, results);
    assert.ok(existsSync(path), `${file} told nothing: ${stderr}`);
    for (const line of readFileSync(path, "utf8").trim().split("\n")) {
      const outcome = JSON.parse(line) as InsideOutcome;
      const options = outcome.skip === undefined ? {} : { skip: outcome.skip };
      const says = outcome.failure === undefined ? "" : `${outcome.failure}\n${stderr}`;
      await t.test(`${file}: ${outcome.name}`, options, () => assert.equal(says, ""));
    }
  }
});
