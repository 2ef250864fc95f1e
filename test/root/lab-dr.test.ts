import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { keelson } from "../../src/lab/director.ts";
import { Lab } from "../../src/lab/lab.ts";
import { type Scenario, Stage } from "../../src/lab/stage.ts";
import { directRouting } from "../../src/lab/stories/direct-routing.ts";
import { dualMaster } from "../../src/lab/stories/dual-master.ts";
import { ldirectordDr } from "../../src/lab/stories/ldirectord-dr.ts";
import { nat } from "../../src/lab/stories/nat.ts";
import { nginxHa } from "../../src/lab/stories/nginx-ha.ts";
import { vrrp } from "../../src/lab/stories/vrrp.ts";
import { Story, StoryEnd } from "../../src/lab/story.ts";
import { Terminal } from "../../src/lab/terminal.ts";

const isRoot = process.getuid?.() === 0;

/** The example with health checks that decide within a second or two. */
function hasten(configuration: string): string {
  return configuration
    .replaceAll(/delay_loop \d+/g, "delay_loop 1")
    .replaceAll(/nb_get_retry \d+/g, "nb_get_retry 1")
    .replaceAll(/delay_before_retry \d+/g, "delay_before_retry 1");
}

/** Plays a scenario to the end; returns what was told and whether every check held. */
async function tell(scenario: Scenario): Promise<{ wentWell: boolean; told: string }> {
  const stream = new PassThrough();
  let told = "";
  stream.on("data", (chunk: Buffer) => {
    told += chunk.toString("utf8");
  });
  const lab = await Lab.build(scenario.topology);
  const story = new Story(new Terminal(stream));
  const { topology } = scenario;
  const stage = new Stage({ lab, story, program: keelson, topology, rewrite: hasten });
  try {
    await scenario.play(stage);
  } catch (error) {
    if (!(error instanceof StoryEnd)) throw error;
  } finally {
    await lab.close();
  }
  const wentWell = story.end();
  for (const director of stage.directors)
    told += `\n${director.name}:\n${director.process?.output ?? ""}`;
  return { wentWell, told };
}

for (const scenario of [directRouting, nat, dualMaster, nginxHa, ldirectordDr, vrrp])
  test(`the story of examples/${scenario.name} comes as it should`, async (t) => {
    if (!isRoot) return t.skip("needs root");
    const { wentWell, told } = await tell(scenario);
    assert.ok(wentWell, told);
    return undefined;
  });
