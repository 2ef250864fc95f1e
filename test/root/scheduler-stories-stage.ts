// The stage of `scheduler-stories.test.ts`: in fresh network and mount namespaces it plays all stories
// about schedulers on the eBPF program, and prints what was chosen as one line of JSON.

import { playStory, storyTopics, tellStory } from "../contract/scheduler-stories.ts";
import { prepareDevice, xdpUnderTest } from "../contract/xdp-under-test.ts";

prepareDevice();
const engine = xdpUnderTest("tc");
const chosen: Record<string, string> = {};
for (const topic of storyTopics()) {
  const story = tellStory(topic);
  chosen[story.name] = await playStory(engine, story);
}
await engine.close();
console.log(JSON.stringify(chosen));
