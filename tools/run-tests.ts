// Runs the compiled tests and closes with `N passed, N failed, N skipped`. Tests that use real
// namespaces run one file at a time, because they measure what others would disturb.

import { readdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative } from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";

interface Tally {
  passed: number;
  readonly failures: string[];
  readonly skips: string[];
}

/** Events of node:test, as far as they are used here. */
interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: {
    readonly type?: string;
    readonly duration_ms: number;
    readonly error?: { readonly cause?: unknown };
  };
}

function testFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => join(directory, name))
    .sort();
}

/** Hundreds of small files without a world of their own: each would start a process for some milliseconds. */
const smallTests = join("dist", "src", "conf", "rules");

/** Lets small tests share as many processes as run at a time; all others have one each. */
function inBatches(files: readonly string[], batches: number): string[] {
  const small = files.filter((file) => file.startsWith(smallTests));
  const batchFiles = Array.from({ length: Math.min(batches, small.length) }, (_, batch) => {
    const own = small.filter((_file, i) => i % batches === batch);
    const path = join("dist", `small-tests-${batch}.js`);
    writeFileSync(path, own.map((file) => `import "${pathToFileURL(file).href}";\n`).join(""));
    return path;
  });
  return [...batchFiles, ...files.filter((file) => !file.startsWith(smallTests))];
}

function describeError(error: { readonly cause?: unknown } | undefined): string {
  const cause = error?.cause ?? error;
  if (cause instanceof Error) return cause.stack ?? cause.message;
  return String(cause);
}

const perTestTimeoutMs = 600_000;
/** Everything that runs inside one guest is one test out here. */
const perGuestTimeoutMs = 7_200_000;

async function runFiles(
  files: readonly string[],
  concurrency: number,
  tally: Tally,
  timeout: number = perTestTimeoutMs,
): Promise<void> {
  if (files.length === 0) return;
  const stream = run({ files: [...files], concurrency, timeout });
  const started = new Set<string>();
  const isFile = (event: TestEvent): boolean => files.includes(event.name);
  stream.on("test:pass", (event: TestEvent) => {
    if (event.details.type === "suite") return;
    const where = relative(process.cwd(), event.file ?? "");
    if (isFile(event)) return;
    if (event.skip !== undefined && event.skip !== false) {
      tally.skips.push(`${where}: ${event.name}: ${event.skip}`);
      return;
    }
    tally.passed++;
    if (!started.has(where) && concurrency === 1) {
      started.add(where);
      console.log(where);
    }
    if (concurrency === 1)
      console.log(`  ok ${event.name} (${(event.details.duration_ms / 1000).toFixed(1)} s)`);
  });
  stream.on("test:fail", (event: TestEvent) => {
    if (event.details.type === "suite") return;
    const where = relative(process.cwd(), event.file ?? "");
    const text = `${where}: ${event.name}\n${describeError(event.details.error)}`;
    tally.failures.push(text);
    console.log(`FAILED ${text}\n`);
  });
  stream.on("test:stderr", (event: { readonly message: string }) => {
    if (process.env["KEELSON_TEST_STDERR"] !== undefined) process.stderr.write(event.message);
  });
  for await (const _ of stream) {
    // The stream must be read to its end; the handlers above count.
  }
}

const kinds = process.argv.slice(2);
const everything = testFiles("dist");
const needsRoot = (file: string): boolean => file.includes("/test/root/");
/** Each boots a virtual machine, which takes a processor for itself. */
const needsGuest = (file: string): boolean => file.includes("/test/guest/");
/** Thousands of files or stories each: `make check` does without them. */
const takesLong = (file: string): boolean =>
  file.includes("/test/mutation/") || file.endsWith("/ten-thousand.test.js");
const quick = everything.filter(
  (file) => !needsRoot(file) && !needsGuest(file) && !takesLong(file),
);
const long = everything.filter(takesLong);
const root = everything.filter(needsRoot);
const guest = everything.filter(needsGuest);
const tally: Tally = { passed: 0, failures: [], skips: [] };

if (kinds.length === 0 || kinds.includes("quick"))
  await runFiles(inBatches(quick, cpus().length), cpus().length, tally);
if (kinds.length === 0 || kinds.includes("long")) await runFiles(long, cpus().length, tally);
if (kinds.length === 0 || kinds.includes("root")) await runFiles(root, 1, tally);
if (kinds.length === 0 || kinds.includes("guest"))
  await runFiles(guest, 1, tally, perGuestTimeoutMs);

for (const skip of tally.skips) console.log(`skipped ${skip}`);
if (tally.failures.length > 0) {
  console.log("\nWhat failed:");
  for (const failure of tally.failures) console.log(`  ${failure.split("\n")[0]}`);
}
const skipped = tally.skips.length > 0 ? `, ${tally.skips.length} skipped` : "";
console.log(`${tally.passed} passed, ${tally.failures.length} failed${skipped}`);
const ran = tally.passed + tally.failures.length;
process.exitCode = tally.failures.length > 0 || ran === 0 ? 1 : 0;
