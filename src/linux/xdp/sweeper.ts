// Takes out connections whose time is over. Packets treat them as absent anyway, so this is about
// memory and counts; it takes at most about one percent of a CPU.

import { encodeIndex } from "../../wire/maps/fields.ts";
import {
  decodePressure,
  decodeSweepReport,
  sweepReportLength,
} from "../../wire/maps/small-records.ts";
import type { BpfCalls } from "../ffi/bpf.ts";
import type { Balancer } from "./programs.ts";

const pauseShare = 100;
const pauseMinMs = 1000;
/** Even an empty table may hold templates. */
const pauseEmptyMs = 10_000;

export class Sweeper {
  readonly #bpf: BpfCalls;
  readonly #balancer: Balancer;
  readonly #nowMs: () => number;
  #dueAtMs = 0;

  constructor(bpf: BpfCalls, balancer: Balancer, nowMs: () => number) {
    this.#bpf = bpf;
    this.#balancer = balancer;
    this.#nowMs = nowMs;
  }

  /** Sweeps when it is time to. */
  sweepWhenDue(): void {
    const startedAtMs = this.#nowMs();
    if (startedAtMs < this.#dueAtMs) return;
    this.sweep();
    const endedAtMs = this.#nowMs();
    const bytes = this.#balancer.maps.pressure.lookup(encodeIndex(0));
    const isEmpty = bytes === undefined || decodePressure(bytes).connections === 0;
    const pauseMs = Math.max(
      isEmpty ? pauseEmptyMs : pauseMinMs,
      (endedAtMs - startedAtMs) * pauseShare,
    );
    this.#dueAtMs = endedAtMs + pauseMs;
  }

  /** One walk over connections and templates. */
  sweep(): { readonly connections: number; readonly connectionsRemoved: number } {
    const report = new Uint8Array(sweepReportLength);
    this.#bpf.bpfRun(this.#balancer.sweep.fd, null, null, report, null, new Float64Array(4));
    return decodeSweepReport(report);
  }
}
