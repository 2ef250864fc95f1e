import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRepetition } from "./repeat.ts";

function rounds(word: string): readonly (readonly string[])[] | string {
  const repetition = parseRepetition(word, 100);
  if ("fault" in repetition) return repetition.fault;
  return [...repetition.rounds()].map((round) => round.map(([name, value]) => `${name}=${value}`));
}

test("a sequence counts from 1, from its start, or in steps", () => {
  assert.deepEqual(rounds("~SEQ(N, 3)"), [["N=1"], ["N=2"], ["N=3"]]);
  assert.deepEqual(rounds("~SEQ(N, 3, 2)"), [["N=3"], ["N=2"]]);
  assert.deepEqual(rounds("~SEQx(N, 0x90, 0x10, 0xb0)"), [["N=90"], ["N=a0"], ["N=b0"]]);
  assert.deepEqual(rounds("~SEQ(N, 4, -2, 0)"), [["N=4"], ["N=2"], ["N=0"]]);
  assert.deepEqual(rounds("~SEQ (N,1,2,6)"), [["N=1"], ["N=3"], ["N=5"]]);
});

test("a sequence to a negative end begins at -1, one to 0 at 1", () => {
  assert.deepEqual(rounds("~SEQ(N,-3)"), [["N=-1"], ["N=-2"], ["N=-3"]]);
  assert.deepEqual(rounds("~SEQ(N,0)"), [["N=1"], ["N=0"]]);
});

test("a list gives one name or several a value each round", () => {
  assert.deepEqual(rounds("~LST(N, a, b)"), [["N=a"], ["N=b"]]);
  assert.deepEqual(rounds("~LST({A, B} , {1,2}, {3,4})"), [
    ["A=1", "B=2"],
    ["A=3", "B=4"],
  ]);
  assert.deepEqual(rounds("~LST(N,,1)"), [["N="], ["N=1"]]);
  assert.deepEqual(rounds("~LST({A,B},1)"), [["A=1", "B="]]);
});

test("what never ends or says nothing is refused with its reason", () => {
  const faults = {
    "~SEQ(N,1,0,2)": "its step is 0",
    "~SEQ(N,1,1000)": "it has 1000 rounds, more than Keelson writes out",
    "~SEQ(N,1,1000000000)": "it has 1000000000 rounds, more than Keelson writes out",
    "~SEQ(N,2,1,1)": "from 2 it does not come to 1 in steps of 1",
    "~SEQ(N,x)": "`x` is no integer",
    "~SEQ(N,1.5)": "`1.5` is no integer",
    "~SEQ(N,1,2,3,4)": "it has more than three numbers",
    "~SEQ(N)": "it says no end",
    "~SEQ()": "it begins with no name",
    "~SEQ(N,1": "it is not of the form `~SEQ(...)` or `~LST(...)`",
    "~LST(N)": "it has no values",
    "~LST(N, a b)": "a value holds a blank or a quote",
    "~LST({A,B},{1,2,3})": "`1,2,3` has more values than there are names",
    "~LST({A,B},{1,2}{3,4})": "it begins with no name",
  };
  for (const [word, fault] of Object.entries(faults)) assert.equal(rounds(word), fault, word);
});
