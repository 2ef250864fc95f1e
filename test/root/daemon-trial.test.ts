// Configurations on trial: what runs comes back by itself unless confirmed, and the file on disk is always the confirmed one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  configFile,
  DirectorStage,
  onlyInstance,
  siteConfiguration,
  until,
  whyNot,
} from "./director-stage.ts";

const skip = whyNot();
const candidate = "/run/site/candidate.conf";
const confirmed = siteConfiguration();
const changed = confirmed.replace("virtual_router_id 51", "virtual_router_id 52");

describe("a configuration on trial", { skip: skip ?? false }, () => {
  let stage: DirectorStage;

  before(async () => {
    stage = await DirectorStage.build();
    stage.host.writeFile(configFile, confirmed);
    await stage.run();
    await stage.untilStatus((status) => onlyInstance(status).state === "MASTER", "MASTER");
  });
  after(() => stage?.lab.close());

  const vridRuns = (vrid: number): Promise<unknown> =>
    stage.untilStatus((status) => onlyInstance(status).vrid === vrid, `VRID ${vrid}`);
  const fileText = async (path: string): Promise<string> => stage.host.shell(`cat ${path}`);

  test("another file runs on trial, is shown, and is rolled back when its time is over", async () => {
    stage.host.writeFile(candidate, changed);
    const { code, output } = await stage.ask("apply", candidate, "--confirm-within", "3s");
    assert.equal(code, 0, output);
    assert.match(output, /applied on trial: .*`keelson confirm` within 3 s/);
    await vridRuns(52);
    const page = await stage.ask("status");
    assert.match(page.output, /ON TRIAL/);
    assert.equal(await fileText(configFile), confirmed);
    await vridRuns(51);
    const late = await stage.ask("confirm");
    assert.equal(late.code, 1);
    assert.match(late.output, /no configuration is on trial/);
  });

  test("a reload during a trial is refused", async () => {
    await stage.ask("apply", candidate, "--confirm-within", "1h");
    const { code, output } = await stage.ask("reload");
    assert.equal(code, 1);
    assert.match(output, /waits for its confirmation/);
    const rolledBack = await stage.ask("rollback");
    assert.equal(rolledBack.code, 0, rolledBack.output);
    await vridRuns(51);
  });

  test("a file edited in place holds the confirmed text until it is confirmed", async () => {
    stage.host.writeFile(configFile, changed);
    const { code, output } = await stage.ask("apply", configFile, "--confirm-within", "1h");
    assert.equal(code, 0, output);
    await vridRuns(52);
    assert.equal(await fileText(configFile), confirmed);
    assert.equal(await fileText(`${configFile}.unconfirmed`), changed);
    assert.equal((await stage.ask("confirm")).code, 0);
    assert.equal(await fileText(configFile), changed);
    await until(
      async () => (await stage.host.run(["test", "-e", `${configFile}.unconfirmed`])).code === 1,
      "the copy is gone",
    );
    await vridRuns(52);
  });

  test("a configuration that cannot be used is refused, and nothing changes", async () => {
    stage.host.writeFile(
      candidate,
      confirmed.replace("virtual_router_id 51", "virtual_router_id 777"),
    );
    const { code, output } = await stage.ask("apply", candidate, "--confirm-within", "1h");
    assert.equal(code, 1);
    assert.match(output, /candidate\.conf:\d+:\d+: /);
    await vridRuns(52);
    assert.equal((await stage.ask("confirm")).code, 1);
  });

  test("without a time, the file is taken for good", async () => {
    stage.host.writeFile(candidate, confirmed);
    assert.equal((await stage.ask("apply", candidate)).code, 0);
    await vridRuns(51);
    assert.equal(await fileText(configFile), confirmed);
  });

  test("a director that dies during a trial comes back with what is confirmed", async () => {
    stage.host.writeFile(configFile, changed);
    await stage.ask("apply", configFile, "--confirm-within", "1h");
    await vridRuns(52);
    await stage.kill((await stage.status())?.pid);
    await stage.start("run", "-f", configFile);
    await vridRuns(51);
    assert.equal(await fileText(configFile), confirmed);
  });
});
