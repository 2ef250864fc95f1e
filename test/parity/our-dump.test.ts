// Our dumps, read by the very parser that reads the real keepalived's: they must hold what the model holds.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadConfigurationFile } from "../../src/daemon/config-files.ts";
import { idleInstance, maskedPassword } from "../../src/daemon/keepalived/instance-facts.ts";
import { renderBalancerData } from "../../src/daemon/keepalived/render-balancer-data.ts";
import { renderKeepalivedData } from "../../src/daemon/keepalived/render-data.ts";
import type { Model } from "../../src/model/model.ts";
import { vrrpWish } from "../../src/plan/vrrp-wish.ts";
import { compareFacts } from "./facts.ts";
import { factsOfDumps } from "./keepalived-dump.ts";
import { factsOfConfiguration } from "./model-facts.ts";

const folders = [
  fileURLToPath(new URL("../../../examples", import.meta.url)),
  "/usr/share/doc/keepalived/samples",
];

function dumpsOf(model: Model): readonly string[] {
  const instances = vrrpWish(model).instances.map((config) => idleInstance(config, 0));
  return [renderKeepalivedData({ model, instances, scripts: [] }), renderBalancerData(model, [])];
}

const files = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { encoding: "utf8", recursive: true }).map((name) => join(folder, name)),
  )
  .filter((path) => path.includes(".conf"));

test("there is something to compare", () => assert.ok(files.length > 0));

for (const path of files)
  test(`the dumps of ${path} hold what the model holds`, (t) => {
    const { model, configuration } = loadConfigurationFile(path);
    if (model === undefined || configuration === undefined) return t.skip("it does not run");
    const differences = compareFacts(
      factsOfDumps(dumpsOf(model)),
      factsOfConfiguration(configuration),
    );
    // Passwords are masked, whatever keepalived does.
    const isMasked = ({ fact, keepalived }: (typeof differences)[number]): boolean =>
      fact.endsWith(": auth_pass") && keepalived === maskedPassword;
    assert.deepEqual(
      differences.filter((difference) => !isMasked(difference)),
      [],
    );
  });
