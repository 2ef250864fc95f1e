// The loop of the fuzzer: what reaches new code is changed further.

import { keptInputs, seedInputs } from "./corpus.ts";
import type { Coverage } from "./coverage.ts";
import { mutate } from "./mutate.ts";
import { type FuzzInput, judge } from "./properties.ts";

/** What the worker tells. */
export interface FuzzReport {
  readonly runs: number;
  readonly blocks: number;
  readonly kept: number;
  readonly finding?: { readonly input: FuzzInput; readonly message: string };
  /** An input that reaches something new. */
  readonly fresh?: FuzzInput;
  readonly done?: boolean;
}

/** Bytes of an input that the watching thread is told. */
export const inputBytesMax: number = 64 * 1024;
/** Tries to make an input with a fault smaller. */
const minimiseTries = 400;

/** Numbers that the same seed gives again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 5) / 2 ** 27;
  };
}

/** Makes inputs and judges them; `shared` says which one is being judged. */
export class Fuzzer {
  readonly #coverage: Coverage;
  readonly #tellOthers: (report: FuzzReport) => void;
  readonly #pool: FuzzInput[] = [];
  readonly #random: () => number;
  readonly #shared: Uint8Array;
  readonly #seenFaults = new Set<string>();
  #runs = 0;
  #kept = 0;

  constructor(
    seed: number,
    shared: Uint8Array,
    coverage: Coverage,
    tell: (report: FuzzReport) => void,
  ) {
    this.#coverage = coverage;
    this.#tellOthers = tell;
    this.#random = seeded(seed);
    this.#shared = shared;
  }

  run(untilMs: number): void {
    for (const input of [...seedInputs(), ...keptInputs()]) {
      this.#judge(input);
      this.#pool.push(input);
    }
    this.#coverage.takeNew();
    this.#tell({});
    let toldMs = performance.now();
    while (Date.now() < untilMs) {
      this.#next();
      if (performance.now() - toldMs < 5000) continue;
      toldMs = performance.now();
      this.#tell({});
    }
    this.#tell({ done: true });
  }

  #next(): void {
    const input = this.#fresh();
    this.#judge(input);
    if (this.#coverage.takeNew() === 0) return;
    this.#pool.push(input);
    this.#kept++;
    this.#tell({ fresh: input });
  }

  #fresh(): FuzzInput {
    const any = (): FuzzInput =>
      this.#pool[Math.floor(this.#random() * this.#pool.length)] ?? {
        name: "keepalived.conf",
        text: "",
      };
    const input = any();
    return { name: input.name, text: mutate(input.text, any().text, this.#random) };
  }

  #judge(input: FuzzInput): void {
    this.#announce(input);
    this.#runs++;
    const message = faultOf(input);
    if (message === undefined) return;
    // One of each kind is enough to mend it.
    const kind = message.replaceAll(/\d+/g, "N").slice(0, 120);
    if (this.#seenFaults.has(kind)) return;
    this.#seenFaults.add(kind);
    const smaller = minimise(input, kind);
    this.#tell({ finding: { input: smaller, message: faultOf(smaller) ?? message } });
  }

  #announce(input: FuzzInput): void {
    const bytes = new TextEncoder().encode(`${input.name}\n${input.text}`).slice(0, inputBytesMax);
    this.#shared.set(bytes, 8);
    new DataView(this.#shared.buffer).setUint32(4, bytes.length);
    new DataView(this.#shared.buffer).setUint32(0, this.#runs);
  }

  #tell(more: Partial<FuzzReport>): void {
    const report: FuzzReport = {
      runs: this.#runs,
      blocks: this.#coverage.size,
      kept: this.#kept,
      ...more,
    };
    this.#tellOthers(report);
  }
}

function faultOf(input: FuzzInput): string | undefined {
  try {
    judge(input);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** A smaller input with the same fault. */
function minimise(input: FuzzInput, kind: string): FuzzInput {
  let best = input;
  let tries = 0;
  for (let size = best.text.length >> 1; size >= 1 && tries < minimiseTries; size >>= 1) {
    for (let from = 0; from < best.text.length && tries < minimiseTries; ) {
      tries++;
      const text = best.text.slice(0, from) + best.text.slice(from + size);
      const fault = faultOf({ ...best, text });
      if (fault?.replaceAll(/\d+/g, "N").slice(0, 120) === kind) best = { ...best, text };
      else from += size;
    }
  }
  return best;
}
