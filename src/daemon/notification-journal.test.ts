import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Job } from "../notify/job.ts";
import { nothingTold, type Told } from "../notify/told.ts";
import { type JournalEntry, NotificationJournal } from "./notification-journal.ts";

const directory = mkdtempSync(join(tmpdir(), "keelson-journal-"));
after(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;

function freshPath(): string {
  return join(directory, `journal-${files++}`);
}

function open(path: string): NotificationJournal {
  return NotificationJournal.open(path, (text) => assert.fail(text));
}

function entry(id: number, kind: "line" | "mail" = "line"): JournalEntry {
  const line: Job = { kind: "line", lane: "fifo all", fifo: "all", text: `line ${id}\n` };
  const mail: Job = { kind: "mail", lane: "mail", about: "x", subject: "s", text: "t", atMs: 1 };
  return { id, job: kind === "line" ? line : mail, atMs: 1000 + id };
}

const master: Told = { states: { "INSTANCE VI_1": "MASTER" }, mailed: {} };
const heard = { epoch: "7-1", sequence: 4 };

test("the next process finds what is not finished, what was told, and what was heard", () => {
  const path = freshPath();
  const journal = open(path);
  assert.equal(journal.isInherited, false);
  journal.event({ told: master, heard, priorities: { VI_1: 90 }, entries: [entry(1), entry(2)] });
  journal.ended(1);
  journal.running(2, { pid: 77, startTicks: 5 });
  journal.setFifos({ made: ["/run/f"], readers: [] });
  const next = open(path);
  assert.equal(next.isInherited, true);
  assert.deepEqual(next.state, {
    told: master,
    priorities: { VI_1: 90 },
    heard,
    entries: [{ ...entry(2), running: { pid: 77, startTicks: 5 } }],
    fifos: { made: ["/run/f"], readers: [] },
  });
});

test("nobody else may read it: it holds texts of mails", () => {
  const path = freshPath();
  open(path).event({ told: master, entries: [entry(1)] });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a subject that has gone is forgotten", () => {
  const path = freshPath();
  const journal = open(path);
  journal.event({ told: master, entries: [] });
  journal.event({ told: nothingTold, entries: [] });
  assert.deepEqual(open(path).state.told, nothingTold);
});

test("a line that was cut off by the death of its writer is passed over", () => {
  const path = freshPath();
  open(path).event({ told: master, entries: [entry(1)] });
  appendFileSync(path, '{"kind":"ended","id');
  assert.deepEqual(open(path).state.entries, [entry(1)]);
});

test("it is written anew before it grows without end", () => {
  const path = freshPath();
  const journal = open(path);
  for (let id = 1; id <= 10_000; id++) {
    journal.event({ told: master, entries: [entry(id)] });
    if (id > 1) journal.ended(id);
  }
  assert.ok(readFileSync(path, "utf8").split("\n").length < 6000);
  assert.deepEqual(open(path).state.entries, [entry(1)]);
});

test("after a stop only mails are left, and the process after it begins anew", () => {
  const path = freshPath();
  const journal = open(path);
  journal.event({ told: master, heard, entries: [entry(1), entry(2, "mail")] });
  journal.settle(({ job }) => job.kind === "mail");
  const next = open(path);
  assert.equal(next.isInherited, false);
  assert.deepEqual(next.state.told, nothingTold);
  assert.deepEqual(next.state.entries, [entry(2, "mail")]);
  next.ended(2);
  next.settle(({ job }) => job.kind === "mail");
  assert.equal(existsSync(path), false);
});

test("a place that cannot be written is said, and nothing stops for it", () => {
  const faults: string[] = [];
  const path = join(directory, "missing", "journal");
  const journal = NotificationJournal.open(path, (text) => faults.push(text));
  journal.event({ told: master, entries: [entry(1)] });
  assert.match(faults[0] ?? "", /cannot write .*journal/);
  assert.equal(journal.state.entries.length, 1);
});
