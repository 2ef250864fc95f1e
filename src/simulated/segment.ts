// One Ethernet segment: what a host sends arrives at every other one, or does not. Each direction
// between two stations is a link with its own luck, so that a fault on one leaves the draws of all
// others as they were.

import { Prng } from "../base/prng.ts";
import { isUdp } from "./peer-inbox.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** How a link treats what crosses it. Probabilities are 0..1. */
export interface LinkQuality {
  /** Least one-way delay. */
  readonly delayMs: number;
  /** Mean of the exponential delay that is added. */
  readonly jitterMs: number;
  readonly loss: number;
  /** Probability that a packet arrives twice. */
  readonly duplication: number;
  /** True: packets do not overtake each other. */
  readonly inOrder?: boolean;
  /** Probability that one bit arrives wrong. */
  readonly corruption?: number;
  /** Probability that the end of a packet is missing. */
  readonly truncation?: number;
  /** Probability that an old packet of the link follows. */
  readonly replay?: number;
}

/** A station of the segment. */
export interface Station {
  readonly name: string;
  /** Takes an IP packet. */
  deliver(packet: Uint8Array): void;
  /** Takes an Ethernet frame that announces an address. */
  deliverFrame?(frame: Uint8Array): void;
}

/** Good enough for every protocol: 50 microseconds, nothing lost. */
export const WHOLE: LinkQuality = { delayMs: 0.05, jitterMs: 0, loss: 0, duplication: 0 };

const REMEMBERED_PACKETS = 8;

interface Link {
  readonly prng: Prng;
  quality: LinkQuality | undefined;
  cut: boolean;
  lastArrivalMs: number;
  readonly past: Uint8Array[];
}

export class Segment {
  readonly #time: VirtualTime;
  readonly #seed: number;
  readonly #stations: Station[] = [];
  readonly #links = new Map<string, Link>();
  /** Grows when everything on the way is lost. */
  #age = 0;
  /** Of links that have none of their own. */
  quality: LinkQuality = WHOLE;
  /** Packets of VRRP that stations have sent. */
  packetsSent = 0;
  /** Frames that stations have sent. */
  framesSent = 0;

  constructor(time: VirtualTime, seed: number) {
    this.#time = time;
    this.#seed = seed;
  }

  attach(station: Station): void {
    this.#stations.push(station);
  }

  /** Nothing that `from` sends reaches `to` any more. */
  cut(from: string, to: string): void {
    this.#link(from, to).cut = true;
  }

  /** Gives one direction a quality of its own. */
  setLink(from: string, to: string, quality: LinkQuality): void {
    this.#link(from, to).quality = quality;
  }

  /** Mends every cut; links keep no quality of their own. */
  heal(): void {
    for (const link of this.#links.values()) {
      link.cut = false;
      link.quality = undefined;
      link.past.length = 0;
    }
  }

  /** Loses what is on the way. */
  clear(): void {
    this.#age++;
  }

  /** Carries an IP packet to every other station; `from` is a name. */
  carry(from: string, packet: Uint8Array): void {
    // Questions to other routers are no adverts, and have bounds of their own.
    if (!isUdp(packet)) this.packetsSent++;
    for (const station of this.#stations) {
      if (station.name === from) continue;
      const link = this.#link(from, station.name);
      if (!link.cut) this.#cross(link, packet, (bytes) => station.deliver(bytes), true);
    }
  }

  /** Carries an Ethernet frame to every other station. */
  carryFrame(from: string, frame: Uint8Array): void {
    this.framesSent++;
    for (const station of this.#stations) {
      if (station.name === from || station.deliverFrame === undefined) continue;
      const link = this.#link(from, station.name);
      if (!link.cut) this.#cross(link, frame, (bytes) => station.deliverFrame?.(bytes), false);
    }
  }

  #cross(
    link: Link,
    packet: Uint8Array,
    deliver: (packet: Uint8Array) => void,
    mayBeSpoiled: boolean,
  ): void {
    const quality = link.quality ?? this.quality;
    const { prng } = link;
    if (prng.chance(quality.loss)) return;
    const arriving = mayBeSpoiled ? spoil(packet, quality, prng) : packet;
    this.#plan(link, quality, () => deliver(arriving));
    if (prng.chance(quality.duplication)) this.#plan(link, quality, () => deliver(arriving));
    const replay = quality.replay ?? 0;
    if (replay === 0 || !mayBeSpoiled) return;
    const old = link.past[prng.integer(0, REMEMBERED_PACKETS - 1)];
    if (old !== undefined && prng.chance(replay)) this.#plan(link, quality, () => deliver(old));
    link.past.push(packet);
    if (link.past.length > REMEMBERED_PACKETS) link.past.shift();
  }

  #plan(link: Link, quality: LinkQuality, run: () => void): void {
    const { delayMs, jitterMs } = quality;
    const addedMs = jitterMs === 0 ? 0 : -jitterMs * Math.log(1 - link.prng.next());
    const anyMs = this.#time.nowMs + delayMs + addedMs;
    const atMs = quality.inOrder === true ? Math.max(anyMs, link.lastArrivalMs) : anyMs;
    link.lastArrivalMs = Math.max(link.lastArrivalMs, atMs);
    const age = this.#age;
    this.#time.plan(atMs, () => {
      if (age === this.#age) run();
    });
  }

  #link(from: string, to: string): Link {
    const name = `${from}>${to}`;
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    const link: Link = {
      prng: new Prng(this.#seed ^ hash(name)),
      quality: undefined,
      cut: false,
      lastArrivalMs: 0,
      past: [],
    };
    this.#links.set(name, link);
    return link;
  }
}

function spoil(packet: Uint8Array, quality: LinkQuality, prng: Prng): Uint8Array {
  const { corruption = 0, truncation = 0 } = quality;
  if (corruption > 0 && prng.chance(corruption)) {
    const spoiled = packet.slice();
    const at = prng.integer(0, spoiled.length - 1);
    spoiled[at] = (spoiled[at] ?? 0) ^ (1 << prng.integer(0, 7));
    return spoiled;
  }
  if (truncation > 0 && prng.chance(truncation))
    return packet.slice(0, prng.integer(0, packet.length - 1));
  return packet;
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
