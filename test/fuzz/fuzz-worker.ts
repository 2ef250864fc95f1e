// The worker of the fuzzer. Coverage begins before the code is loaded: what was compiled before is not looked into.

import { parentPort, workerData } from "node:worker_threads";
import { Coverage } from "./coverage.ts";

const coverage = new Coverage("/dist/src/conf/");
const { Fuzzer } = await import("./fuzzer.ts");
const { shared, seed, untilMs } = workerData;
new Fuzzer(seed, shared, coverage, (report) => parentPort?.postMessage(report)).run(untilMs);
