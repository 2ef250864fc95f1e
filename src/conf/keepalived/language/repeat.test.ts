import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRepetition } from "./repeat.ts";

function rounds(word: string): readonly (readonly string[])[] | undefined {
  return parseRepetition(word, 100)?.map((round) =>
    [...round].map(([name, value]) => `${name}=${value}`),
  );
}

test("a sequence counts from 1, from its start, or in steps", () => {
  assert.deepEqual(rounds("~SEQ(N, 3)"), [["N=1"], ["N=2"], ["N=3"]]);
  assert.deepEqual(rounds("~SEQ(N, 3, 2)"), [["N=3"], ["N=2"]]);
  assert.deepEqual(rounds("~SEQx(N, 0x90, 0x10, 0xb0)"), [["N=90"], ["N=a0"], ["N=b0"]]);
  assert.deepEqual(rounds("~SEQ(N, 4, -2, 0)"), [["N=4"], ["N=2"], ["N=0"]]);
});

test("a list gives one name or several a value each round", () => {
  assert.deepEqual(rounds("~LST(N, a, b)"), [["N=a"], ["N=b"]]);
  assert.deepEqual(rounds("~LST({A, B}, {1,2}, {3,4})"), [
    ["A=1", "B=2"],
    ["A=3", "B=4"],
  ]);
});

test("what never ends or says nothing is refused", () => {
  for (const word of [
    "~SEQ(N,1,0,2)",
    "~SEQ(N,1,1000)",
    "~SEQ(N,2,1,1)",
    "~SEQ(N,x)",
    "~SEQ()",
    "~LST(N)",
  ])
    assert.equal(rounds(word), undefined, word);
});
