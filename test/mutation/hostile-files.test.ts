import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { hostileFiles } from "./hostile-files.ts";

const child = fileURLToPath(new URL("checking-child.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "keelson-hostile-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const memoryMaxKb = 256 * 1024;
/** Generous: a busy machine takes its time, and a hang has no end. */
const deadlineMs = 60_000;

interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly errors: string;
}

function check(file: string): Promise<Ended> {
  return new Promise((resolve) => {
    const running = spawn(process.execPath, ["--max-old-space-size=200", child, file], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: deadlineMs,
      killSignal: "SIGKILL",
    });
    let errors = "";
    running.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    running.on("close", (status, signal) => resolve({ status, signal, errors }));
  });
}

for (const [name, text] of Object.entries(hostileFiles))
  test(`a file with ${name} is judged, in time and in 256 MB`, async () => {
    const file = join(folder, "hostile.conf");
    writeFileSync(file, text);
    const { status, signal, errors } = await check(file);
    assert.equal(signal, null, `it was ended: ${errors.slice(-500)}`);
    assert.ok(status === 0 || status === 1, `status ${status}: ${errors.slice(-500)}`);
    const memoryKb = Number(/memory (\d+) KB/.exec(errors)?.[1]);
    assert.ok(memoryKb < memoryMaxKb, `${memoryKb} KB ${errors.slice(-500)}`);
  });
