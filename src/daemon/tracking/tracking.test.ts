import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrackFile, TrackProcess } from "../../model/tracking.ts";
import type { TrackerResult } from "../../model/vrrp-wish.ts";
import type { LogEvent } from "../../world/log.ts";
import type { FileContent, ProcessFact } from "../../world/tracked-things.ts";
import { BfdResults } from "./bfd-results.ts";
import { FileTracking } from "./file-tracking.ts";
import { ProcessTracking } from "./process-tracking.ts";

const file: TrackFile = { name: "f", path: "/run/f", weight: 2, reverse: false };

class FileStage {
  readonly results: TrackerResult[] = [];
  readonly log: LogEvent[] = [];
  readonly inits: string[] = [];
  watched = new Map<string, (content: FileContent) => void>();
  readonly tracking = new FileTracking(
    {
      watch: (path, onContent) => {
        this.watched.set(path, onContent);
        onContent({ kind: "missing" });
        return { close: () => this.watched.delete(path) };
      },
      init: (path, text, overwrite) => {
        this.inits.push(`${path} ${text.trim()} ${overwrite}`);
        return undefined;
      },
    },
    { write: (event) => this.log.push(event) },
    (_name, result) => this.results.push(result),
  );

  write(text: string): void {
    this.watched.get("/run/f")?.({ kind: "text", text });
  }

  get last(): string {
    const { up, weight, value, text } = this.results.at(-1) ?? assert.fail("a result");
    return `${up} ${weight} ${value} ${text}`;
  }
}

test("a file's number is told with its weight; no file is 0", () => {
  const stage = new FileStage();
  stage.tracking.configure([file]);
  assert.equal(stage.last, "true 2 0 /run/f does not exist, which is 0");
  stage.write("-7\n");
  assert.equal(stage.last, "false 2 -7 holds -7");
  stage.write("0");
  assert.equal(stage.last, "true 2 0 holds 0");
});

test("what is no number leaves the number as it was, and is told in the log", () => {
  const stage = new FileStage();
  stage.tracking.configure([file]);
  stage.write("5");
  stage.write("five");
  assert.equal(stage.last, "false 2 5 /run/f holds no number: 5 goes on");
  stage.watched.get("/run/f")?.({ kind: "unreadable", reason: "/run/f cannot be read: EACCES" });
  assert.equal(stage.last, "false 2 5 /run/f cannot be read: EACCES: 5 goes on");
  assert.equal(stage.log.filter(({ level }) => level === "warning").length, 2);
  stage.watched.get("/run/f")?.({ kind: "missing" });
  assert.match(stage.last, /^true 2 0 /);
});

test("init_file makes the file for its first follower, not at each reload", () => {
  const stage = new FileStage();
  const init = { value: 3, overwrite: true };
  stage.tracking.configure([{ ...file, init }]);
  assert.deepEqual(stage.inits, ["/run/f 3 true"]);
  stage.tracking.configure([{ ...file, init, weight: 9 }]);
  assert.deepEqual(stage.inits, ["/run/f 3 true"]);
  assert.match(stage.last, /^true 9 0 /, "the new weight is told");
});

test("a main process that goes on for a killed one overwrites nothing", () => {
  const stage = new FileStage();
  stage.tracking.configure([{ ...file, init: { value: 3, overwrite: true } }], true);
  assert.deepEqual(stage.inits, ["/run/f 3 false"]);
});

test("a reload leaves files alone that have not changed, and forgets those that are gone", () => {
  const stage = new FileStage();
  stage.tracking.configure([file]);
  const told = stage.results.length;
  stage.tracking.configure([{ ...file }]);
  assert.equal(stage.results.length, told);
  stage.tracking.configure([]);
  assert.equal(stage.watched.size, 0);
});

const tracker: TrackProcess = {
  name: "web",
  process: ["nginx"],
  match: "exact",
  fullCommand: false,
  weight: -20,
  reverse: false,
  quorum: 2,
  forkDelayMs: 0,
  terminateDelayMs: 500,
};

const running = (...names: readonly string[]): ProcessFact[] =>
  names.map((name, i) => ({ pid: 100 + i, name, argv: [name] }));

test("processes are counted, delays are kept, and nothing is watched for nobody", () => {
  const results: TrackerResult[] = [];
  let nowMs = 0;
  let alarm: { atMs: number | undefined; ring: () => void } | undefined;
  const watched: ((facts: readonly ProcessFact[]) => void)[] = [];
  const tell = (facts: readonly ProcessFact[]): void => watched[0]?.(facts);
  const tracking = new ProcessTracking(
    {
      clock: { nowMs: () => nowMs, wallMs: () => nowMs },
      processes: {
        watch: (onProcesses) => {
          watched.push(onProcesses);
          onProcesses(running("nginx", "nginx", "sshd"));
          return { close: () => watched.splice(0) };
        },
      },
      openAlarm: (ring) => {
        const opened = { atMs: undefined as number | undefined, ring };
        alarm = opened;
        return { set: (atMs) => (opened.atMs = atMs), close: () => undefined };
      },
    },
    { write: () => undefined },
    (_name, result) => results.push(result),
  );
  tracking.configure([]);
  assert.equal(watched.length, 0);
  tracking.configure([tracker]);
  assert.deepEqual(results, [
    { up: true, weight: -20, reverse: false, text: "2 of `nginx` run, 2 must" },
  ]);
  tell(running("nginx", "sshd"));
  assert.equal(results.at(-1)?.up, true, "terminate_delay");
  assert.equal(alarm?.atMs, 500);
  nowMs = 500;
  alarm?.ring();
  assert.equal(results.at(-1)?.up, false);
  tell(running("nginx", "nginx"));
  assert.equal(results.at(-1)?.up, true);
  tracking.configure([]);
  assert.equal(watched.length, 0, "nobody is looked at for nobody");
});

test("results of BFD sessions are kept over a VRRP process that knows nothing yet", () => {
  const changes: string[] = [];
  const log: LogEvent[] = [];
  const results = new BfdResults({ write: (event) => log.push(event) }, (name) =>
    changes.push(name),
  );
  const session = { name: "peer" } as Parameters<BfdResults["configure"]>[0][number];
  results.configure([session]);
  assert.deepEqual(results.get("peer"), { up: null, text: "no result yet" });
  results.take("peer", { up: true, text: "up with 10.0.0.2" });
  results.take("peer", { up: null, text: "no packet yet" });
  assert.equal(results.get("peer")?.up, true);
  results.take("peer", { up: false, text: "gone" });
  results.take("peer", { up: false, text: "still gone" });
  assert.deepEqual(changes, ["peer", "peer"]);
  assert.deepEqual(
    log.map(({ kind }) => kind),
    ["bfd-up", "bfd-down"],
  );
  results.take("other", { up: true, text: "" });
  assert.equal(results.get("other"), undefined);
  results.configure([]);
  assert.equal(results.get("peer"), undefined);
});
