import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LogSink } from "./log-sink.ts";
import { renderLogLine } from "./render-log-line.ts";

const event = { level: "notice", kind: "vrrp-transition", text: "VI_1: BACKUP -> MASTER" } as const;

test("a line has time, level and sentence; the journal keeps the first two itself", () => {
  process.env["TZ"] = "UTC";
  const atMs = 1_795_262_400_007;
  assert.equal(
    renderLogLine(event, atMs, "plain"),
    "2026-11-21 12:00:00.007 notice  VI_1: BACKUP -> MASTER",
  );
  assert.equal(renderLogLine(event, atMs, "journal"), "<5>VI_1: BACKUP -> MASTER");
});

test("text from outside cannot move the cursor or begin a line", () => {
  const text = "answer was \u001b[2J\nnotice fake";
  assert.equal(renderLogLine({ ...event, text }, 0, "journal"), "<5>answer was  [2J notice fake");
});

test("lines are written whole and in their order", async () => {
  const directory = mkdtempSync(join(tmpdir(), "keelson-log-"));
  const file = join(directory, "log");
  const fd = openSync(file, "w");
  const sink = new LogSink(fd, "journal");
  for (let i = 0; i < 500; i++) sink.write({ ...event, text: `line ${i}` });
  sink.write({ ...event, level: "debug", text: "for listeners only" });
  await sink.flush();
  closeSync(fd);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  assert.deepEqual(
    lines,
    Array.from({ length: 500 }, (_, i) => `<5>line ${i}`),
  );
  rmSync(directory, { recursive: true });
});
