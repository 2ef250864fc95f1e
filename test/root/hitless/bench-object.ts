// The benchmarks' eBPF objects: a generator of packets and a counter of them.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BpfCalls, loadBpfCalls } from "../../../src/linux/ffi/bpf.ts";

/** One of bench/bpf, with its `struct settings`. Throws with libbpf's words. */
export function loadBench(
  name: string,
  settings: Uint8Array,
): {
  readonly bpf: BpfCalls;
  readonly maps: Readonly<Record<string, number>>;
  readonly programs: Readonly<Record<string, number>>;
} {
  const bpf = loadBpfCalls();
  const file = fileURLToPath(new URL(`../../../../bench/bpf/${name}.bpf.o`, import.meta.url));
  const wish = { name: ".rodata.settings", reuseFd: -1, maxEntries: 0, initial: settings };
  const loaded = bpf.bpfLoad(readFileSync(file), [wish]);
  if (typeof loaded === "number") throw new Error(`${name}: ${loaded} ${bpf.bpfSaid()}`);
  return { bpf, ...loaded };
}
