// Damaged packets of every kind: the eBPF programs do with each what the model does, in both hooks.
// `make fuzz-packets` plays more of them.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { FuzzReport } from "./packet-fuzz-stage.ts";

const stage = fileURLToPath(new URL("./packet-fuzz-stage.js", import.meta.url));
const missing = process.getuid?.() === 0 ? false : "needs root";
const SECONDS = 8;
const SEED = 1;

test("eBPF and model agree on every mutated packet", { skip: missing }, async () => {
  const namespaces = ["-nm", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const { stdout } = await promisify(execFile)(
    "unshare",
    [...namespaces, process.execPath, stage, String(SECONDS), String(SEED)],
    { timeout: 300_000, killSignal: "SIGKILL", maxBuffer: 1 << 24 },
  );
  const report = JSON.parse(stdout) as FuzzReport;
  assert.deepEqual(report.disagreements, []);
  assert.ok(report.packets > 500, `${report.packets} packets were played`);
  for (const verdict of ["forward", "pass", "reply"])
    assert.ok((report.verdicts[verdict] ?? 0) > 0, `some packets had the verdict ${verdict}`);
});
