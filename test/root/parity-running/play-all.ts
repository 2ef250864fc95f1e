// Plays many scenes, several at a time, and judges what differs.

import { differences } from "./compare.ts";
import { type Justified, judge, justified } from "./justified.ts";
import type { Scene } from "./scene.ts";
import { play } from "./stage.ts";

/** What a scene showed. */
export interface Verdict {
  readonly scene: Scene;
  readonly seconds: number;
  /** All differences. */
  readonly lines: readonly string[];
  readonly unjustified: readonly string[];
  readonly used: readonly Justified[];
}

/** Plays scenes in `lanes` at once; `onVerdict` hears of each as it ends. */
export async function playAll(
  scenes: readonly Scene[],
  lanes: number,
  onVerdict: (verdict: Verdict) => void = () => undefined,
): Promise<readonly Verdict[]> {
  const waiting = [...scenes];
  const verdicts: Verdict[] = [];
  const lane = async (): Promise<void> => {
    for (let scene = waiting.shift(); scene !== undefined; scene = waiting.shift()) {
      const startedMs = Date.now();
      const lines = differences(await play(scene));
      const verdict = {
        scene,
        seconds: (Date.now() - startedMs) / 1000,
        lines,
        ...judge(scene.name, lines),
      };
      verdicts.push(verdict);
      onVerdict(verdict);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return verdicts;
}

/** Justified differences that none of the scenes showed, though they were played. */
export function unused(verdicts: readonly Verdict[]): readonly Justified[] {
  const used = new Set(verdicts.flatMap((verdict) => verdict.used));
  return justified.filter(
    (one) =>
      one.sometimes !== true &&
      !used.has(one) &&
      verdicts.some(({ scene }) => one.scenes?.test(scene.name) ?? true),
  );
}
