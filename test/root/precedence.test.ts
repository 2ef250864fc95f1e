import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { lockableRanges } from "../../src/linux/realtime.ts";

const skip = process.getuid?.() === 0 ? false : "needs root";

/** Runs a script in a process of its own, whose precedence may be changed. */
function inChild(script: string): string {
  const imports = `
    import { readFileSync } from "node:fs";
    import { spawnSync } from "node:child_process";
    const { loadSyscalls } = await import("${new URL("../../src/linux/ffi/syscalls.js", import.meta.url)}");
    const { raisePriority } = await import("${new URL("../../src/linux/realtime.js", import.meta.url)}");
    const syscalls = loadSyscalls();
  `;
  const args = ["--input-type=module", "-e", imports + script];
  return execFileSync(process.execPath, args, { encoding: "utf8" }).trim();
}

test("a real-time priority is granted and not inherited by children", { skip }, () => {
  const output = inChild(`
    const outcomes = raisePriority(syscalls, { realtimePriority: 7, nice: -3 });
    const policy = syscalls.schedGetScheduler(0) & 0xffff;
    const stat = spawnSync("cat", ["/proc/self/stat"], { encoding: "utf8" }).stdout;
    const childPolicy = stat.split(") ")[1].split(" ")[38];
    console.log(JSON.stringify([outcomes.map((o) => [o.wanted, o.outcome.ok]), policy, childPolicy]));
  `);
  assert.deepEqual(JSON.parse(output), [
    [
      ["real-time priority 7", true],
      ["nice -3", true],
    ],
    2,
    "0",
  ]);
});

test("what is refused is told, and the rest is still done", { skip }, () => {
  const output = inChild(`
    const outcomes = raisePriority(syscalls, { realtimePriority: 1000, nice: 1 });
    console.log(JSON.stringify(outcomes.map((o) => o.outcome.ok || o.outcome.fault.code)));
  `);
  assert.deepEqual(JSON.parse(output), ["EINVAL", true]);
});

test("memory is locked, and the process lives on through garbage collection", { skip }, () => {
  const output = inChild(`
    const [locked] = raisePriority(syscalls, { lockMemory: true });
    for (let round = 0; round < 5; round++) {
      let garbage = Array.from({ length: 300_000 }, (_, i) => ({ i }));
      garbage = undefined;
    }
    const status = readFileSync("/proc/self/status", "utf8");
    console.log(JSON.stringify([locked.outcome.ok, Number(/VmLck:\\s+(\\d+)/.exec(status)[1]) > 1000]));
  `);
  assert.deepEqual(JSON.parse(output), [true, true]);
});

test("files, heap and stack are lockable; memory of V8 and guard pages are not", () => {
  const maps = [
    "00400000-00bac000 r--p 00000000 fe:00 1835  /usr/bin/node",
    "04e39000-04e5a000 rw-p 00000000 00:00 0   [heap]",
    "7f0000000000-7f0000001000 rw-p 00000000 00:00 0",
    "7f0000002000-7f0000003000 ---p 00000000 fe:00 12 /lib/libc.so.6",
    "7ffd1a2b0000-7ffd1a2d1000 rw-p 00000000 00:00 0  [stack]",
    "7ffd1a2d2000-7ffd1a2d3000 r--p 00000000 00:00 0  [vvar]",
    "",
  ].join("\n");
  assert.deepEqual(
    lockableRanges(maps).map(({ start }) => start),
    [0x400000, 0x4e39000, 0x7ffd1a2b0000],
  );
});
