import assert from "node:assert/strict";
import { test } from "node:test";
import type { EngineNews } from "../vrrp-channel.ts";
import { NewsKeeper } from "./news-keeper.ts";

function transition(instance: string, atMs: number): EngineNews {
  const cause = { kind: "test", text: "by the test" };
  return { kind: "transition", instance, from: "BACKUP", to: "MASTER", cause, atMs };
}

/** The times of what is kept, in order. */
function kept(keeper: NewsKeeper): number[] {
  return keeper.numbers.map((sequence) => {
    const line = keeper.line(sequence);
    assert.ok(line !== undefined);
    assert.ok(line.endsWith("\n"));
    const message = JSON.parse(line) as { readonly sequence: number; readonly atMs: number };
    assert.equal(message.sequence, sequence);
    return message.atMs;
  });
}

test("news stay, in order, until they have been heard", () => {
  const keeper = new NewsKeeper();
  const numbers = [10, 20, 30].map((atMs) => keeper.add(transition("VI_1", atMs)));
  assert.deepEqual(kept(keeper), [10, 20, 30]);
  keeper.heard(numbers[1] ?? 0);
  assert.deepEqual(kept(keeper), [30]);
  keeper.heard(numbers[0] ?? 0);
  assert.deepEqual(kept(keeper), [30], "an old answer takes nothing away");
});

test("an instance that flaps loses its oldest news and nobody else's, and the loss is counted", () => {
  const keeper = new NewsKeeper();
  keeper.add(transition("quiet", 1));
  for (let atMs = 100; atMs < 200; atMs++) keeper.add(transition("flapping", atMs));
  const times = kept(keeper);
  assert.equal(times[0], 1);
  assert.equal(times.at(-1), 199);
  assert.equal(times.length, 65);
  assert.equal(keeper.takeDropped(), 36);
  assert.equal(keeper.takeDropped(), 0);
});

test("many instances are bounded together", () => {
  const keeper = new NewsKeeper();
  for (let i = 0; i < 16_400; i++) keeper.add(transition(`VI_${i}`, i));
  assert.equal(keeper.numbers.length, 16_384);
  assert.equal(kept(keeper)[0], 16);
  assert.equal(keeper.takeDropped(), 16);
});
