// The eBPF program chooses as the model does, whatever is edited meanwhile: every scheduler plays the
// stories that the kernel's IPVS plays too (test/guest/inside/schedulers.inside.ts).

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { modelDirector } from "../contract/model-director.ts";
import { playStory, storyTopics, tellStory } from "../contract/scheduler-stories.ts";

const stage = fileURLToPath(new URL("./scheduler-stories-stage.js", import.meta.url));
const missing = process.getuid?.() === 0 ? false : "needs root";
const patienceMs = 300_000;

describe("the eBPF program chooses as the model", { skip: missing }, () => {
  let chosen: Readonly<Record<string, string>>;

  before(async () => {
    const namespaces = ["-nm", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const run = promisify(execFile);
    const { stdout } = await run("unshare", [...namespaces, process.execPath, stage], {
      timeout: patienceMs,
      maxBuffer: 2 ** 24,
    });
    chosen = JSON.parse(stdout) as Readonly<Record<string, string>>;
  });

  for (const topic of storyTopics()) {
    const story = tellStory(topic);
    test(story.name, async () => {
      const expected = await playStory(modelDirector(), story);
      assert.match(expected, /[ABC]/);
      assert.equal(chosen[story.name], expected);
    });
  }
});
