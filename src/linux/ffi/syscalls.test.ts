import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { nameProcess } from "../process-traits.ts";
import { loadSyscalls } from "./syscalls.ts";

const syscalls = loadSyscalls();

test("a mapped file is seen as it changes, and changed where it is seen", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "keelson-"));
  const file = join(directory, "mapped");
  writeFileSync(file, new Uint8Array(4096));
  const fd = openSync(file, "r+");
  t.after(() => {
    closeSync(fd);
    rmSync(directory, { recursive: true });
  });
  const buffer = syscalls.mmap(fd, 4096, 1);
  assert.ok(buffer instanceof ArrayBuffer);
  const bytes = new Uint8Array(buffer);
  bytes[17] = 42;
  assert.equal(readFileSync(file)[17], 42);
  writeFileSync(file, new Uint8Array([7]), { flag: "r+" });
  assert.equal(bytes[0], 7);
});

test("refusals are negative errno values, and nothing throws", () => {
  const badDescriptor = -9;
  assert.equal(syscalls.close(1_000_000), badDescriptor);
  assert.equal(syscalls.mmap(1_000_000, 4096, 0), badDescriptor);
  assert.equal(syscalls.setns(1_000_000, 0), badDescriptor);
  assert.equal(syscalls.read(1_000_000, new Uint8Array(8)), badDescriptor);
  const nobody = (): void => {};
  assert.equal(typeof syscalls.pollOpen(1_000_000, nobody), "number");
  const noSuchDevice = -19;
  assert.equal(syscalls.ifNameToIndex("no-such-if"), noSuchDevice);
});

test("the monotonic clock is that of process.hrtime", () => {
  const before = Number(process.hrtime.bigint()) / 1e6;
  const now = syscalls.monotonicMs();
  const after = Number(process.hrtime.bigint()) / 1e6;
  assert.ok(before - 0.001 <= now && now <= after + 0.001, `${before} ${now} ${after}`);
});

test("the kernel knows the process by the name it gives itself", () => {
  const before = readFileSync("/proc/thread-self/comm", "utf8").trim();
  nameProcess(syscalls, "keelson-vrrp");
  assert.equal(readFileSync("/proc/thread-self/comm", "utf8").trim(), "keelson-vrrp");
  nameProcess(syscalls, before);
});

test("a worker ends in peace while one of its descriptors is still watched", async () => {
  const script = `
    import(${JSON.stringify(new URL("./syscalls.js", import.meta.url).href)}).then((module) => {
      const syscalls = module.loadSyscalls();
      const handle = syscalls.pollOpen(syscalls.timerfdCreate(), () => {});
      syscalls.pollStart(handle, 1);
      setTimeout(() => process.exit(3), 20);
    });
  `;
  const worker = new Worker(script, { eval: true });
  const status = await new Promise((resolve) => worker.once("exit", resolve));
  assert.equal(status, 3);
});
