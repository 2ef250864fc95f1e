import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrackProcess } from "../model/tracking.ts";
import { parseFileNumber } from "./file-number.ts";
import {
  describeProcesses,
  matchesProcess,
  startProcesses,
  stepProcesses,
} from "./process-tracker.ts";

const base: TrackProcess = {
  name: "t",
  process: ["haproxy"],
  match: "exact",
  fullCommand: false,
  weight: 0,
  reverse: false,
  quorum: 1,
  forkDelayMs: 0,
  terminateDelayMs: 0,
};

const matches = (
  changes: Partial<TrackProcess>,
  name: string,
  ...argv: readonly string[]
): boolean => matchesProcess({ ...base, ...changes }, { name, argv });

test("without arguments the name counts, exactly and whatever the arguments are", () => {
  assert.ok(matches({}, "haproxy", "/usr/sbin/haproxy", "-f", "x"));
  assert.ok(!matches({}, "haproxy2", "haproxy2"));
  assert.ok(!matches({ process: ["ssh"] }, "sshd", "sshd"), "no regular expression");
  assert.ok(matches({ process: ["a-name-longer-than-the-kernel-keeps"] }, "a-name-longer-t", "x"));
  assert.ok(matches({ process: ["Web Content"] }, "Web Content", "/usr/lib/firefox"));
});

test("full_command compares the program as it was called", () => {
  const full = { fullCommand: true, process: ["/usr/sbin/haproxy"] };
  assert.ok(matches(full, "haproxy", "/usr/sbin/haproxy", "-f", "x"));
  assert.ok(!matches(full, "haproxy", "haproxy", "-f", "x"));
});

test("arguments match exactly, the first of them, or the beginning of the last", () => {
  const called =
    (...argv: readonly string[]) =>
    (match: TrackProcess["match"]) =>
      matches({ process: ["haproxy", "-f", "/etc/a"], match }, "haproxy", "haproxy", ...argv);
  const same = called("-f", "/etc/a");
  const more = called("-f", "/etc/a", "-D");
  const longer = called("-f", "/etc/abc");
  const other = called("-g", "/etc/a");
  assert.deepEqual([same("exact"), more("exact"), longer("exact")], [true, false, false]);
  assert.deepEqual([same("partial"), more("partial"), longer("partial")], [true, true, false]);
  assert.deepEqual([same("initial"), more("initial"), longer("initial")], [true, true, true]);
  assert.ok(!other("exact") && !other("partial") && !other("initial"));
});

test("param_match without arguments: the process must have none", () => {
  assert.ok(matches({ matchesArguments: true }, "haproxy", "haproxy"));
  assert.ok(!matches({ matchesArguments: true }, "haproxy", "haproxy", "-D"));
});

const upAt = (changes: Partial<TrackProcess>, count: number): boolean =>
  startProcesses({ ...base, ...changes }, count).up;

test("quorum and quorum_max bound the number, and quorum_max 0 forbids the process", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => upAt({}, count)),
    [false, true, true],
  );
  const range = { quorum: 2, quorumMax: 3 };
  assert.deepEqual(
    [1, 2, 3, 4].map((count) => upAt(range, count)),
    [false, true, true, false],
  );
  assert.deepEqual(
    [0, 1].map((count) => upAt({ quorumMax: 0 }, count)),
    [true, false],
  );
});

test("a lost process counts after terminate_delay, and not at all when it is back by then", () => {
  const tracker = { ...base, terminateDelayMs: 100, forkDelayMs: 40 };
  let state = stepProcesses(tracker, startProcesses(tracker, 1), 0, 1000);
  assert.equal(state.up, true);
  assert.equal(state.changesAtMs, 1100);
  const back = stepProcesses(tracker, state, 1, 1050);
  assert.deepEqual([back.up, back.changesAtMs], [true, undefined]);
  state = stepProcesses(tracker, state, 0, 1099);
  assert.equal(state.up, true);
  state = stepProcesses(tracker, state, 0, 1100);
  assert.equal(state.up, false);
  state = stepProcesses(tracker, state, 1, 2000);
  assert.deepEqual([state.up, state.changesAtMs], [false, 2040]);
  assert.equal(stepProcesses(tracker, state, 1, 2040).up, true);
});

test("one process too many counts after fork_delay, as a fork may be one of them for a moment", () => {
  const tracker = { ...base, quorumMax: 1, forkDelayMs: 40, terminateDelayMs: 100 };
  const state = stepProcesses(tracker, startProcesses(tracker, 1), 2, 0);
  assert.deepEqual([state.up, state.changesAtMs], [true, 40]);
  assert.equal(describeProcesses(tracker, state), "2 of `haproxy` run, 1 must, at most 1 may");
});

test("a tracked file holds one number, blanks aside", () => {
  assert.deepEqual(
    ["7\n", " -254 ", "+3", "0", "99999999999"].map(parseFileNumber),
    [7, -254, 3, 0, 2_147_483_647],
  );
  for (const text of ["", "x", "1 2", "1.5", "0x10", "--1"])
    assert.equal(parseFileNumber(text), undefined, text);
});
