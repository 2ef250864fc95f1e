// One Ethernet segment: what a host sends arrives at every other one, or does not.

import type { IpAddress } from "../base/address.ts";
import type { Prng } from "../base/prng.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How the segment treats what crosses it. */
export interface SegmentQuality {
  /** Least one-way delay. */
  readonly delayMs: number;
  /** Mean of the exponential delay that is added. */
  readonly jitterMs: number;
  /** Probability of loss for each receiver, 0..1. */
  readonly loss: number;
  /** Probability that a packet arrives twice, 0..1. */
  readonly duplication: number;
}

/** A station of the segment. */
export interface Station {
  readonly name: string;
  deliver(packet: Uint8Array): void;
}

/** Good enough for every protocol: 50 microseconds, nothing lost. */
export const WHOLE: SegmentQuality = { delayMs: 0.05, jitterMs: 0, loss: 0, duplication: 0 };

export class Segment {
  readonly #time: VirtualTime;
  readonly #prng: Prng;
  readonly #stations: Station[] = [];
  readonly #cuts = new Set<string>();
  quality: SegmentQuality = WHOLE;
  /** Which station announced each address last. */
  readonly announcedBy: Map<IpAddress, string> = new Map();
  /** Packets that stations have sent. */
  packetsSent = 0;

  constructor(time: VirtualTime, prng: Prng) {
    this.#time = time;
    this.#prng = prng;
  }

  attach(station: Station): void {
    this.#stations.push(station);
  }

  /** Nothing that `from` sends reaches `to` any more. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
  }

  /** Mends every cut. */
  heal(): void {
    this.#cuts.clear();
  }

  /** Carries an IPv4 packet to every other station; `from` is a name. */
  carry(from: string, packet: Uint8Array): void {
    this.packetsSent++;
    for (const station of this.#stations) {
      if (station.name === from || this.#cuts.has(`${from}>${station.name}`)) continue;
      if (this.#prng.chance(this.quality.loss)) continue;
      this.#deliver(station, packet);
      if (this.#prng.chance(this.quality.duplication)) this.#deliver(station, packet);
    }
  }

  #deliver(station: Station, packet: Uint8Array): void {
    const { delayMs, jitterMs } = this.quality;
    const atMs = this.#time.nowMs + delayMs - jitterMs * Math.log(1 - this.#prng.next());
    this.#time.plan(atMs, () => station.deliver(packet));
  }
}
