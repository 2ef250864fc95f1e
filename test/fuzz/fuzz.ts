// `make fuzz [MINUTES=10]`: reads texts that nobody wrote. Inputs that reach new code are kept and changed further. A
// worker does the work and says before each input which one it is, so that one that never ends is known.

import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { keepInput } from "./corpus.ts";
import { type FuzzReport, inputBytesMax } from "./fuzzer.ts";
import type { FuzzInput } from "./properties.ts";

const stuckMs = 120_000;

function watch(minutes: number, seed: number): void {
  const shared = new Uint8Array(new SharedArrayBuffer(8 + inputBytesMax));
  const untilMs = Date.now() + minutes * 60_000;
  const worker = new Worker(fileURLToPath(new URL("./fuzz-worker.js", import.meta.url)), {
    workerData: { shared, seed, untilMs },
    resourceLimits: { maxOldGenerationSizeMb: 1500 },
  });
  const findings = fileURLToPath(new URL("../../../build/fuzz-findings", import.meta.url));
  const pool = fileURLToPath(new URL("../../../build/fuzz-pool", import.meta.url));
  let count = 0;
  let lastRun = -1;
  let lastRunMs = Date.now();
  const timer = setInterval(() => {
    const run = new DataView(shared.buffer).getUint32(0);
    if (run !== lastRun) {
      lastRun = run;
      lastRunMs = Date.now();
    } else if (Date.now() - lastRunMs > stuckMs) {
      console.log(`an input does not end: ${keepInput(announced(shared), findings)}`);
      process.exit(1);
    }
  }, 1000);
  worker.on("message", (report: FuzzReport) => {
    if (report.fresh !== undefined) keepInput(report.fresh, pool);
    else if (report.finding !== undefined) {
      count++;
      console.log(
        `finding: ${keepInput(report.finding.input, findings)}\n${report.finding.message}\n`,
      );
    } else
      console.log(
        `${report.runs} inputs, ${report.blocks} times something new, ${report.kept} more in the pool`,
      );
    if (report.done === true) {
      clearInterval(timer);
      console.log(count === 0 ? "no finding" : `${count} findings in ${findings}`);
      process.exit(count === 0 ? 0 : 1);
    }
  });
  worker.on("error", (error) => {
    console.log(`the worker ended: ${error.message}: ${keepInput(announced(shared), findings)}`);
    process.exit(1);
  });
}

function announced(shared: Uint8Array): FuzzInput {
  const length = new DataView(shared.buffer).getUint32(4);
  const text = new TextDecoder().decode(shared.slice(8, 8 + length));
  const end = text.indexOf("\n");
  return { name: text.slice(0, end) as FuzzInput["name"], text: text.slice(end + 1) };
}

watch(Number(process.argv[2] ?? 10), Number(process.argv[3] ?? Date.now() % 2 ** 31));
