// Gratuitous ARP in rounds: every address once, then every address again. A thousand addresses do
// not go out in one go, because adverts must not wait for them.

import { familyOf } from "../../base/address.ts";
import { encodeGratuitousArp } from "../../wire/arp.ts";
import type { VrrpNetwork } from "../../world/vrrp-network.ts";
import type { LinkTable } from "./link-table.ts";
import type { RunningInstance } from "./running-instance.ts";

const FRAMES_PER_TURN = 64;

interface Frame {
  readonly ifindex: number;
  readonly bytes: Uint8Array;
}

interface Announcement {
  readonly instance: RunningInstance;
  readonly frames: readonly Frame[];
  roundsLeft: number;
  next: number;
}

interface Prepared {
  readonly claims: RunningInstance["claims"];
  readonly linksVersion: number;
  readonly frames: readonly Frame[];
}

export class Announcer {
  readonly #network: VrrpNetwork;
  readonly #links: LinkTable;
  readonly #prepared = new WeakMap<RunningInstance, Prepared>();
  #queue: Announcement[] = [];

  constructor(network: VrrpNetwork, links: LinkTable) {
    this.#network = network;
    this.#links = links;
  }

  /** True while frames wait for the next turn. */
  get busy(): boolean {
    return this.#queue.length > 0;
  }

  /** Queues `rounds` of announcements; what is still queued for the instance is superseded. */
  announce(instance: RunningInstance, rounds: number): void {
    const frames = this.prepare(instance);
    this.cancel(instance);
    if (frames.length > 0 && rounds > 0)
      this.#queue.push({ instance, frames, roundsLeft: rounds, next: 0 });
  }

  /** Forgets what is queued for an instance that no longer holds its addresses. */
  cancel(instance: RunningInstance): void {
    if (this.#queue.length > 0)
      this.#queue = this.#queue.filter((queued) => queued.instance !== instance);
  }

  /** Sends some of what is queued. */
  send(): void {
    let budget = FRAMES_PER_TURN;
    while (budget > 0) {
      const first = this.#queue[0];
      if (first === undefined) return;
      const frame = first.frames[first.next];
      if (frame === undefined) {
        first.next = 0;
        first.roundsLeft--;
        if (first.roundsLeft === 0) this.#queue.shift();
        continue;
      }
      first.next++;
      budget--;
      if (this.#network.sendFrame(frame.ifindex, frame.bytes).ok) first.instance.tally.garpSent++;
    }
  }

  /** Encodes the frames of an instance ahead of the moment when they are needed. */
  prepare(instance: RunningInstance): readonly Frame[] {
    const known = this.#prepared.get(instance);
    const linksVersion = this.#links.version;
    if (known?.claims === instance.claims && known.linksVersion === linksVersion)
      return known.frames;
    const frames: Frame[] = [];
    for (const { fact } of instance.claims) {
      const link = this.#links.link(fact.interface);
      if (link === undefined || link.mac.length !== 6 || familyOf(fact.address) !== 4) continue;
      frames.push({ ifindex: link.index, bytes: encodeGratuitousArp(link.mac, fact.address) });
    }
    this.#prepared.set(instance, { claims: instance.claims, linksVersion, frames });
    return frames;
  }
}
