// A few hundred stories of the simulation, the stories that once went wrong, and the simulation itself.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { drawScene, playScene, shrinkScene } from "./scene/machinery.ts";
import type { Scene } from "./scene/scene.ts";
import { Violation } from "./scene/violation.ts";

const SEEDS = 300;
const FOUND = new URL("../../../test/simulation/found/", import.meta.url);

test(`every invariant holds in the scenes of the first ${SEEDS} seeds`, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violation } = playScene(drawScene(seed));
    assert.equal(violation, undefined, `seed ${seed}: ${violation?.message}`);
  }
});

test("scenes that once broke an invariant keep it", () => {
  const files = readdirSync(FOUND).filter((name) => name.endsWith(".json"));
  assert.ok(files.length > 0);
  for (const name of files) {
    const scene = JSON.parse(readFileSync(new URL(name, FOUND), "utf8")) as Scene;
    const { violation } = playScene(scene);
    assert.equal(violation, undefined, `${name}: ${violation?.message}`);
  }
});

test("S-16: the same scene plays the same story, and another seed another one", () => {
  const hashes = new Set<number>();
  for (let seed = 1; seed <= 20; seed++) {
    const scene = drawScene(seed);
    const { hash, events } = playScene(scene);
    const again = playScene(JSON.parse(JSON.stringify(scene)) as Scene);
    assert.deepEqual([again.hash, again.events], [hash, events], `seed ${seed}`);
    hashes.add(hash);
  }
  assert.equal(hashes.size, 20);
});

test("a failing scene is shrunk to what makes it fail", () => {
  const [scene] = Array.from({ length: 50 }, (_, i) => drawScene(i + 1)).filter(
    ({ faults, nodes }) => nodes.length > 2 && faults.some((one) => one.kind === "wall-step"),
  );
  if (scene === undefined) return assert.fail("no such scene");
  const shrunk = shrinkScene(scene, (candidate) => {
    const played = playScene({ ...candidate, faults: [], healAtMs: 0 });
    const fails = candidate.faults.some((fault) => fault.kind === "wall-step");
    return { ...played, violation: fails ? new Violation("S-7", 0, "for the test") : undefined };
  });
  assert.deepEqual(
    shrunk.faults.map((fault) => fault.kind),
    ["wall-step"],
  );
  assert.equal(shrunk.nodes.length, 1);
});
