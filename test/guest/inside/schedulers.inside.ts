// Who gets a connection is what the kernel would choose: every scheduler plays the same stories, with
// edits in their course, on the kernel's IPVS and on the balancer of this repository.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openKernelDirector } from "../../contract/kernel-director.ts";
import { modelDirector } from "../../contract/model-director.ts";
import {
  markedTopics,
  playStory,
  storyTopics,
  tellStory,
} from "../../contract/scheduler-stories.ts";
import { openEngine } from "./ipvs-stage.ts";

/** An emulated machine takes seconds for a story. */
const turns = 12;

let kernel: Awaited<ReturnType<typeof openKernelDirector>>;
before(async () => {
  kernel = await openKernelDirector(await openEngine());
});
after(() => kernel.close());

for (const topic of [...storyTopics(), ...markedTopics()]) {
  const story = tellStory(topic, turns);
  test(story.name, async () => {
    const expected = await playStory(kernel, story);
    assert.match(expected, /[ABC]/);
    assert.equal(await playStory(modelDirector(), story), expected);
  });
}
