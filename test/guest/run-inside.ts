// Runs inside the guest: the tests of the files that are given, in order, and writes each outcome as a line of JSON to
// the file that is named first.

import { appendFileSync } from "node:fs";
import { basename } from "node:path";
import { run } from "node:test";

/** One test that ran in the guest. */
export interface InsideOutcome {
  /** `ipvs-engine.inside.js`. */
  readonly file: string;
  readonly name: string;
  /** Why it failed; undefined when it did not. */
  readonly failure?: string;
  readonly skip?: string;
}

interface Event {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string; readonly error?: { readonly cause?: unknown } };
}

const [results, ...files] = process.argv.slice(2);
if (results === undefined) throw new Error("usage: run-inside RESULTS FILE...");
/** Of a whole file, on a busy machine. */
const perTestTimeoutMs = 3_000_000;
const stream = run({ files, concurrency: 1, timeout: perTestTimeoutMs });
const tell = (event: Event, rest: Partial<InsideOutcome>): void => {
  const outcome: InsideOutcome = { file: basename(event.file ?? ""), name: event.name, ...rest };
  appendFileSync(results, `${JSON.stringify(outcome)}\n`);
};
stream.on("test:pass", (event: Event) => {
  if (event.details.type === "suite" || files.includes(event.name)) return;
  const skip = event.skip === undefined || event.skip === false ? undefined : String(event.skip);
  tell(event, skip === undefined ? {} : { skip });
});
stream.on("test:fail", (event: Event) => {
  if (event.details.type === "suite") return;
  const cause = event.details.error?.cause ?? event.details.error;
  tell(event, { failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
});
stream.on("test:stderr", (event: { readonly message: string }) => {
  process.stderr.write(event.message);
});
for await (const _ of stream) {
  // The stream must be read to its end; the handlers above tell.
}
