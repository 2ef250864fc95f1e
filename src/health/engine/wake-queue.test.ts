import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WakeQueue } from "./wake-queue.ts";

test("property: items come out when they are due, the earliest first", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(50), (times, nowMs) => {
      const queue = new WakeQueue<number>();
      for (const time of times) queue.push(time, time);
      const taken: number[] = [];
      for (let item = queue.takeDue(nowMs); item !== undefined; item = queue.takeDue(nowMs))
        taken.push(item);
      const sorted = [...times].sort((a, b) => a - b);
      assert.deepEqual(
        taken,
        sorted.filter((time) => time <= nowMs),
      );
      assert.equal(
        queue.firstAtMs,
        sorted.find((time) => time > nowMs),
      );
    }),
  );
});
