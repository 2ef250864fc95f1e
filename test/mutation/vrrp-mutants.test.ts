// Each machine with a mistake is noticed: by the test that is named for the rule, and by the invariants
// of the simulation where the mistake harms anybody.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  drawScene,
  playScene,
  replaceMachine,
  replaceValidation,
} from "../simulation/scene/machinery.ts";
import { VRRP_MUTANTS } from "./vrrp-mutants.ts";

const PRELOAD = new URL("./mutant-preload.js", import.meta.url).href;
const SEEDS = 700;

function failingTests(mutant: string, file: string): readonly string[] {
  const path = fileURLToPath(new URL(`../conformance/${file}.test.js`, import.meta.url));
  const env: NodeJS.ProcessEnv = { ...process.env, MUTANT: mutant };
  delete env["NODE_TEST_CONTEXT"];
  const argv = ["--import", PRELOAD, "--test-reporter=tap", path];
  const { stdout } = spawnSync(process.execPath, argv, { env, encoding: "utf8" });
  assert.match(stdout, /^# pass \d+$/m, stdout.slice(-2000));
  return [...stdout.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name = ""]) => name);
}

for (const { name, killedBy, killedBySeeds, machine, validation } of VRRP_MUTANTS) {
  const [file, id] = killedBy;
  test(`"${name}" is noticed by ${id}${killedBySeeds ? " and by the simulation" : ""}`, (t) => {
    const failed = failingTests(name, file);
    assert.ok(
      failed.some(
        (one) => one.startsWith(`${id} `) || one.startsWith(`${id}:`) || one.startsWith(`${id},`),
      ),
      `${id} passes with the mutant; what fails: ${failed.join("; ")}`,
    );
    if (!killedBySeeds) return;
    replaceMachine(machine);
    replaceValidation(validation);
    try {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { violation } = playScene(drawScene(seed));
        if (violation === undefined) continue;
        t.diagnostic(`seed ${seed}: ${violation.invariant}`);
        return;
      }
      assert.fail(`no invariant broke in ${SEEDS} scenes`);
    } finally {
      replaceMachine(undefined);
      replaceValidation(undefined);
    }
  });
}
