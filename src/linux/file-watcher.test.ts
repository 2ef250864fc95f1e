import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { FileContent } from "../world/tracked-things.ts";
import { openFileWatcher } from "./file-watcher.ts";

const base = mkdtempSync(join(tmpdir(), "keelson-watch-"));
after(() => rmSync(base, { recursive: true, force: true }));
const watcher = openFileWatcher();
let folders = 0;

/** A watched path in a folder of its own, and what has been told of it. */
function follow(
  t: { after(run: () => void): void },
  name = "file",
): { path: string; told: FileContent[] } {
  const folder = join(base, `d${folders++}`);
  mkdirSync(folder);
  const path = join(folder, name);
  const told: FileContent[] = [];
  const watch = watcher.watch(path, (content) => told.push(content));
  t.after(() => watch.close());
  return { path, told };
}

async function untilTold(told: readonly FileContent[], wanted: FileContent): Promise<void> {
  const deadline = performance.now() + 20_000;
  const key = JSON.stringify(wanted);
  while (JSON.stringify(told.at(-1)) !== key) {
    assert.ok(performance.now() < deadline, `${key}, not ${JSON.stringify(told)}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

const holding = (text: string): FileContent => ({ kind: "text", text });

test("what a file holds is told at once, and then whenever it is written, replaced, removed or made", async (t) => {
  const { path, told } = follow(t);
  assert.deepEqual(told, [{ kind: "missing" }]);
  writeFileSync(path, "1\n");
  await untilTold(told, holding("1\n"));
  writeFileSync(path, "2\n");
  await untilTold(told, holding("2\n"));
  writeFileSync(`${path}.new`, "3\n");
  renameSync(`${path}.new`, path);
  await untilTold(told, holding("3\n"));
  rmSync(path);
  await untilTold(told, { kind: "missing" });
  writeFileSync(path, "4\n");
  await untilTold(told, holding("4\n"));
});

test("a file that is emptied before it is written is never told as empty", async (t) => {
  const { path, told } = follow(t);
  for (let round = 0; round < 50; round++) writeFileSync(path, `${round}\n`);
  await untilTold(told, holding("49\n"));
  assert.ok(!told.some((content) => content.kind === "text" && content.text === ""));
});

test("an empty file that stays empty is told as what it is", async (t) => {
  const { path, told } = follow(t);
  writeFileSync(path, "1\n");
  await untilTold(told, holding("1\n"));
  writeFileSync(path, "");
  await untilTold(told, holding(""));
});

test("the folder may come later, and be replaced", async (t) => {
  const folder = join(base, "later");
  const path = join(folder, "file");
  const told: FileContent[] = [];
  const watch = watcher.watch(path, (content) => told.push(content));
  t.after(() => watch.close());
  assert.deepEqual(told, [{ kind: "missing" }]);
  mkdirSync(folder);
  writeFileSync(path, "1");
  await untilTold(told, holding("1"));
  renameSync(folder, `${folder}-old`);
  mkdirSync(folder);
  writeFileSync(path, "2");
  await untilTold(told, holding("2"));
});

test("a symbolic link is followed to what it names now, and the target is read when it changes", async (t) => {
  const { path, told } = follow(t);
  const target = join(base, "target");
  writeFileSync(target, "1");
  symlinkSync(target, path);
  await untilTold(told, holding("1"));
  writeFileSync(target, "22");
  await untilTold(told, holding("22"));
});

test("a folder in the place of the file cannot be read, and says so", async (t) => {
  const { path, told } = follow(t);
  mkdirSync(path);
  const deadline = performance.now() + 20_000;
  while (told.at(-1)?.kind !== "unreadable") {
    assert.ok(performance.now() < deadline, JSON.stringify(told));
    await new Promise((done) => setTimeout(done, 5));
  }
});

test("init_file makes a file, leaves one that exists, and overwrites it when asked", () => {
  const path = join(base, "init");
  assert.equal(watcher.init(path, "5\n", false), undefined);
  assert.equal(watcher.init(path, "6\n", false), undefined);
  assert.equal(readFileSync(path, "utf8"), "5\n");
  assert.equal(watcher.init(path, "6\n", true), undefined);
  assert.equal(readFileSync(path, "utf8"), "6\n");
  assert.match(
    watcher.init(join(base, "no", "such"), "1", false) ?? "",
    /could not be written: ENOENT/,
  );
});
