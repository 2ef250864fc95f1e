// `make chaos`: plays seeds for a time and closes with a table. Arguments: seconds, seed, then
// optionally words that the faults' names must have.

import { renderStory } from "./render-story.ts";
import { playStory } from "./story.ts";

const [seconds = "120", seed = "1", only] = process.argv.slice(2);
const isVerbose = process.env["CHAOS_LOG"] !== undefined;

const story = await playStory({
  seed: Number(seed),
  forMs: Number(seconds) * 1000,
  advertIntervalS: 0.3,
  slackMs: 300,
  pairs: 0.3,
  ...(only === undefined ? {} : { only: new RegExp(only) }),
  onChapter: (chapter) => {
    const { on, outageMs, bothMs, settledMs } = chapter;
    const figures = `${outageMs.toFixed(0)} ms out, ${bothMs.toFixed(0)} ms both, settled after ${settledMs.toFixed(0)} ms, ${chapter.lateMs.toFixed(0)} ms of it allowed for others`;
    console.log(`${on}: ${figures}`);
    for (const complaint of chapter.complaints) console.log(`  WRONG ${complaint}`);
    if (isVerbose || chapter.complaints.length > 0)
      for (const line of chapter.said) console.log(`    ${line}`);
  },
});
console.log(`\n${renderStory(story)}`);
const wrong = [...story.chapters.flatMap(({ complaints }) => complaints), ...story.endless];
for (const text of story.endless) console.log(`WRONG ${text}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
