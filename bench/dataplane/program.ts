// ns by BPF_PROG_TEST_RUN: the program alone, on one packet of an established flow, which is restored
// before each run, or on the first packets of many flows. Rounds are interleaved, so that a noisy
// neighbour meets all alike.

import { bpf, loadObject, macBytes, must, runNs, settingsBytes, virtualAddress } from "./lab.ts";
import type { MeasuredPath } from "./paths.ts";

const rounds = 15;
const repeat = 1_000_000;
/** XDP_TX and XDP_REDIRECT; anything else would be another way than the one to be measured. */
const sent = [3, 4];

interface Runner {
  readonly path: MeasuredPath;
  readonly ifindex: number;
  readonly programs: Readonly<Record<string, number>>;
  readonly ns: number[];
}

function runnerFor(
  path: MeasuredPath,
  program: { readonly fd: number; readonly ifindex: number },
): Runner {
  const macs = [...macBytes(path.path.mac("di", "d0")), ...macBytes(path.path.mac("cl", "c0"))];
  const settings = { ".rodata.settings": settingsBytes(1024, virtualAddress, macs) };
  const { maps, programs } = loadObject("generator", settings);
  const fd = new Uint8Array(new Uint32Array([program.fd]).buffer);
  must("tail call", bpf.bpfMapUpdate(maps["measured"] ?? -1, new Uint8Array(4), fd, 0));
  path.path.enter("di");
  runNs(programs["save"] ?? -1, program.ifindex, 1);
  path.path.leave();
  return { path, ifindex: program.ifindex, programs, ns: [] };
}

/** One round: gross of the loop of BPF_PROG_TEST_RUN, net of restoring the packet. */
function measureOnce({ path, ifindex, programs, ns }: Runner): void {
  path.path.enter("di");
  const idle = runNs(programs["nothing"] ?? -1, ifindex, repeat).ns;
  const restore = runNs(programs["restore_only"] ?? -1, ifindex, repeat).ns;
  const whole = runNs(programs["restore_and_run"] ?? -1, ifindex, repeat);
  path.path.leave();
  if (!sent.includes(whole.verdict))
    throw new Error(`${path.name}: the program returned ${whole.verdict}`);
  ns.push(whole.ns - (restore - idle));
}

/** ns of each round, for the paths that are one XDP program. */
export function measurePrograms(
  paths: ReadonlyMap<string, MeasuredPath>,
): ReadonlyMap<string, readonly number[]> {
  const runners = new Map<string, Runner>();
  for (const [name, path] of paths)
    if (path.program !== undefined) runners.set(name, runnerFor(path, path.program));
  for (let round = 0; round < rounds; round++)
    for (const runner of runners.values()) measureOnce(runner);
  return new Map([...runners].map(([name, { ns }]) => [name, ns]));
}

const newFlows = 131_072;
const newRounds = 7;

/** ns to choose a server for a new connection and to make it, each run another one; net of writing the packet. */
export function measureNewConnections(path: MeasuredPath): readonly number[] {
  if (path.program === undefined) return [];
  const macs = [...macBytes(path.path.mac("di", "d0")), ...macBytes(path.path.mac("cl", "c0"))];
  const fd = new Uint8Array(new Uint32Array([path.program.fd]).buffer);
  const ns: number[] = [];
  for (let round = 0; round < newRounds; round++) {
    const settings = settingsBytes(newFlows, virtualAddress, macs, `10.8.${64 + 2 * round}.0`);
    const { maps, programs } = loadObject("generator", { ".rodata.settings": settings });
    must("tail call", bpf.bpfMapUpdate(maps["measured"] ?? -1, new Uint8Array(4), fd, 0));
    path.path.enter("di");
    const { ifindex } = path.program;
    const idle = runNs(programs["nothing"] ?? -1, ifindex, repeat).ns;
    const write = runNs(programs["generate_and_drop"] ?? -1, ifindex, repeat).ns;
    const whole = runNs(programs["write_and_run"] ?? -1, ifindex, newFlows);
    path.path.leave();
    if (!sent.includes(whole.verdict))
      throw new Error(`${path.name}: the program returned ${whole.verdict}`);
    ns.push(whole.ns - (write - idle));
  }
  return ns;
}
