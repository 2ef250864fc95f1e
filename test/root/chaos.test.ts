// Two whole directors, a client, and faults drawn by chance. `make chaos` plays for longer, and
// more strictly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { renderStory } from "./chaos/render-story.ts";
import { playStory } from "./chaos/story.ts";
import { whyNot } from "./vrrp-lab.ts";

const skip = whyNot() ?? false;

/** What a seed plays in its time, and what is worth the most. */
for (const [seed, only] of [
  [1, /^(kill|SIGSTOP of (both|the VRRP)).*MASTER/],
  [2, /failover|clean stop|partition|deleted|hears no|by hand/],
] as const)
  test(`faults of seed ${seed}: one MASTER, one answer, nothing left over`, { skip }, async (t) => {
    const story = await playStory({
      seed,
      only,
      forMs: 25_000,
      advertIntervalS: 0.3,
      // A busy machine is late; the table of a quiet one says what faults cost.
      slackMs: 3000,
      pairs: 0,
    });
    t.diagnostic(renderStory(story));
    assert.ok(story.chapters.length > 0, "something was played");
    const wrong = story.chapters.flatMap(({ on, complaints, said }) =>
      complaints.length === 0 ? [] : [[on, ...complaints, ...said].join("\n")],
    );
    assert.deepEqual([...wrong, ...story.endless], []);
  });
