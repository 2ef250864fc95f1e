// What `make fuzz-packets` runs: in fresh network and mount namespaces
// it hands the same mutated packets to the eBPF programs, by BPF_PROG_TEST_RUN, and to the model.
// Usage: packet-fuzz-stage SECONDS SEED. Prints one line of JSON.

import { toHex } from "../../src/base/bytes.ts";
import { Prng } from "../../src/base/prng.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { modelUnderTest } from "../contract/model-under-test.ts";
import { type MutantWorld, nextMutant } from "../contract/packet-mutants.ts";
import type { FrameOutcome } from "../contract/stream.ts";
import { addDestination, addService, keyOf } from "../contract/tables.ts";
import { prepareDevice, type XdpFront, xdpUnderTest } from "../contract/xdp-under-test.ts";

/** Two fronts differ in nothing but how they are called. */
const fronts: readonly XdpFront[] = ["tc", "xdp"];
/** Shorter than the shortest life of a connection, which ends for both at slightly different times. */
const seedMs = 3000;
const PACKETS_A_SEED = 20_000;
const DISAGREEMENTS_MAX = 20;

const world: MutantWorld = {
  firstPort: 10_000,
  virtuals: ["10.1.0.100:80", "10.1.0.100:53", "10.1.0.101:80", "10.1.0.101:81"],
  clients: ["10.1.0.2", "10.1.0.3"],
  servers: ["10.2.0.11:8080", "10.2.0.12:8080", "10.2.0.13:80"],
};

const table: readonly BalancerOperation[] = [
  addService(keyOf("TCP", "10.1.0.100:80"), "rr"),
  addDestination(keyOf("TCP", "10.1.0.100:80"), "10.2.0.11:8080"),
  addDestination(keyOf("TCP", "10.1.0.100:80"), "10.2.0.12:8080"),
  addService(keyOf("UDP", "10.1.0.100:53"), "wrr"),
  addDestination(keyOf("UDP", "10.1.0.100:53"), "10.2.0.11:8080"),
  addDestination(keyOf("UDP", "10.1.0.100:53"), "10.2.0.12:8080", { weight: 2 }),
  addService(keyOf("TCP", "10.1.0.101:80"), "wlc"),
  addDestination(keyOf("TCP", "10.1.0.101:80"), "10.2.0.13:80", { forwarding: "DR" }),
  addService(keyOf("UDP", "10.1.0.101:80"), "rr"),
  addDestination(keyOf("UDP", "10.1.0.101:80"), "10.2.0.13:80", { forwarding: "DR" }),
  addService(keyOf("TCP", "10.1.0.101:81"), "rr"),
];

/** One packet on which the two do not agree. */
export interface Disagreement {
  readonly front: XdpFront;
  readonly seed: number;
  /** Packets of this seed before it. */
  readonly index: number;
  readonly frame: string;
  readonly program: string;
  readonly model: string;
}

export interface FuzzReport {
  readonly packets: number;
  /** How many had which verdict, by the model. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Seeds that ended because the program left a packet to the kernel, or a piece followed another. */
  readonly left: number;
  readonly disagreements: readonly Disagreement[];
}

/**
 * An outcome as a line; a refusal may be left out, because the program limits how many it sends. What
 * stands behind the packet pads the frame.
 */
function lineOf(outcome: FrameOutcome): string {
  if (outcome.kind === "reply") return "drop";
  if (outcome.kind !== "forward") return outcome.kind;
  const { frame, nextHop } = outcome;
  const length = ((frame[16] ?? 0) << 8) | (frame[17] ?? 0);
  return `${nextHop} ${toHex(frame.subarray(14, 14 + length))}`;
}

/** BPF_PROG_TEST_RUN of tc takes no frame that ends within its IP header. */
function shortestLength(frame: Uint8Array): number {
  return frame[12] === 0x86 ? 54 : 34;
}

/**
 * True for what the program may leave to the kernel although IPVS would forward it: IPv6, fragments,
 * IPv4 options, and ICMP. It must say so by "pass".
 */
function mayBeLeft(frame: Uint8Array): boolean {
  const fragment = (((frame[20] ?? 0) << 8) | (frame[21] ?? 0)) & 0x3fff;
  return frame[12] === 0x86 || frame[14] !== 0x45 || fragment !== 0 || frame[23] === 1;
}

/**
 * True for a later piece whose connection was replaced behind the first one: all packets here have one
 * identification. The program follows the ports, the model the connection that was.
 */
function followsOldPiece(frame: Uint8Array, got: FrameOutcome, expected: FrameOutcome): boolean {
  const offset = (((frame[20] ?? 0) << 8) | (frame[21] ?? 0)) & 0x1fff;
  return offset !== 0 && got.kind === "forward" && expected.kind === "forward";
}

class Fuzz {
  readonly verdicts: Record<string, number> = {};
  readonly disagreements: Disagreement[] = [];
  packets = 0;
  left = 0;
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Plays the packets of one seed until the two disagree; both begin with empty tables. */
  async playSeed(front: XdpFront, seed: number): Promise<void> {
    const program = xdpUnderTest(front);
    const model = modelUnderTest({}, this.#clock);
    for (const operation of table) {
      await program.apply(operation);
      model.apply(operation);
    }
    const prng = new Prng(seed);
    const end = this.#clock() + seedMs;
    for (let index = 0; index < PACKETS_A_SEED && this.#clock() < end; index++) {
      const frame = nextMutant(prng, world);
      if (front === "tc" && frame.length < shortestLength(frame)) continue;
      const [got, expected] = [await program.handle(frame), await model.handle(frame)];
      this.packets++;
      this.verdicts[expected.kind] = (this.verdicts[expected.kind] ?? 0) + 1;
      const [one, other] = [lineOf(got), lineOf(expected)];
      if (one === other) continue;
      // From here on their connections differ.
      if (one === "pass" && mayBeLeft(frame)) this.left++;
      else if (followsOldPiece(frame, got, expected)) this.left++;
      else
        this.disagreements.push({
          ...{ front, seed, index, frame: toHex(frame) },
          ...{ program: one, model: other },
        });
      break;
    }
    await program.close();
  }
}

async function fuzz(seconds: number, firstSeed: number): Promise<FuzzReport> {
  prepareDevice();
  const syscalls = loadSyscalls();
  const clock = (): number => syscalls.monotonicMs();
  const run = new Fuzz(clock);
  for (const front of fronts) {
    const end = clock() + (seconds * 1000) / fronts.length;
    for (
      let seed = firstSeed;
      clock() < end && run.disagreements.length < DISAGREEMENTS_MAX;
      seed++
    )
      await run.playSeed(front, seed);
  }
  const { packets, verdicts, left, disagreements } = run;
  return { packets, verdicts, left, disagreements };
}

const [seconds = "10", seed = "1"] = process.argv.slice(2);
console.log(JSON.stringify(await fuzz(Number(seconds), Number(seed))));
