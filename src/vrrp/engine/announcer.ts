// Announces addresses, gratuitous ARP for IPv4 and unsolicited neighbour advertisements for IPv6, in
// rounds: every address once, then every address again. A thousand addresses do not go out in one go,
// because adverts must not wait for them; and an interface gets no more than its pace allows.

import { familyOf } from "../../base/address.ts";
import { GARP_REFRESH_DEFAULT_MS } from "../../model/vrrp-instance.ts";
import type { VrrpProcessOptions } from "../../model/vrrp-wish.ts";
import { encodeGratuitousArp } from "../../wire/arp.ts";
import { encodeUnsolicitedAdvertisement } from "../../wire/neighbour-advertisement.ts";
import type { Clock } from "../../world/clock.ts";
import type { VrrpNetwork } from "../../world/vrrp-network.ts";
import type { VrrpMachineState } from "../state.ts";
import type { LinkTable } from "./link-table.ts";
import type { RunningInstance } from "./running-instance.ts";

const FRAMES_PER_TURN = 64;
/** What announcements that go along with adverts may cost, over all instances. */
const ACCOMPANYING_FRAMES_PER_S = 100;
/** An instance does not announce along with adverts more often than this. */
const ACCOMPANYING_GAP_MS = 50;

interface Frame {
  readonly ifindex: number;
  readonly interface: string;
  readonly family: 4 | 6;
  /** False: the interface holds addresses of the instance but not its adverts. */
  readonly home: boolean;
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

/** The least distances of frames on one interface, or on several together. */
interface Budget {
  readonly name: string;
  readonly gapMs: Readonly<Record<4 | 6, number>>;
}

/** What the announcer works with. */
export interface AnnouncerWorld {
  readonly clock: Clock;
  readonly network: VrrpNetwork;
}

export class Announcer {
  readonly #clock: Clock;
  readonly #network: VrrpNetwork;
  readonly #links: LinkTable;
  readonly #prepared = new WeakMap<RunningInstance, Prepared>();
  /** When the next frame of a family may be sent, by budget. */
  readonly #freeAtMs = new Map<string, number>();
  /** Of interfaces that are in a group. */
  readonly #budgets = new Map<string, Budget>();
  /** When the interfaces beside an instance's own are due for a refresh. */
  readonly #extraAtMs = new Map<RunningInstance, number>();
  /** When an instance may announce along with an advert again. */
  readonly #accompaniesAtMs = new WeakMap<RunningInstance, number>();
  #gapMs: Readonly<Record<4 | 6, number>> = { 4: 0, 6: 0 };
  #accompanyGapMs = ACCOMPANYING_GAP_MS;
  #queue: Announcement[] = [];

  constructor(world: AnnouncerWorld, links: LinkTable) {
    this.#clock = world.clock;
    this.#network = world.network;
    this.#links = links;
  }

  /** Takes the least distance of two frames of an interface, or of a group of interfaces. */
  pace({ garpIntervalMs = 0, gnaIntervalMs = 0, garpGroups = [] }: VrrpProcessOptions): void {
    this.#gapMs = { 4: garpIntervalMs, 6: gnaIntervalMs };
    this.#freeAtMs.clear();
    this.#budgets.clear();
    for (const [i, group] of garpGroups.entries()) {
      const gapMs = {
        4: group.garpIntervalMs ?? garpIntervalMs,
        6: group.gnaIntervalMs ?? gnaIntervalMs,
      };
      for (const member of group.interfaces)
        this.#budgets.set(member, { name: `group ${i}`, gapMs });
    }
  }

  /** When `send` has something to do; undefined: never. */
  wakeAtMs(): number | undefined {
    let atMs = Number.POSITIVE_INFINITY;
    for (const { frames, next } of this.#queue) {
      const frame = frames[next];
      atMs = Math.min(atMs, frame === undefined ? 0 : this.#freeAt(frame));
    }
    for (const dueAtMs of this.#extraAtMs.values()) atMs = Math.min(atMs, dueAtMs);
    return atMs === Number.POSITIVE_INFINITY ? undefined : atMs;
  }

  /** Queues `rounds` of announcements; what is still queued for the instance is superseded. */
  announce(instance: RunningInstance, rounds: number): void {
    const frames = this.prepare(instance);
    this.#supersede(instance);
    this.#enqueue(instance, frames, rounds);
    this.#planExtra(instance);
  }

  /** Announces the addresses of an instance that is MASTER as after becoming it. */
  announceAgain(instance: RunningInstance): void {
    if (instance.state.role === "MASTER") this.announce(instance, instance.config.garp.repeat);
  }

  /** Takes how many addresses there are: the more, the more seldom each goes along with an advert. */
  share(addressCount: number): void {
    const turnMs = (addressCount * 1000) / ACCOMPANYING_FRAMES_PER_S;
    this.#accompanyGapMs = Math.max(ACCOMPANYING_GAP_MS, turnMs);
  }

  /**
   * Announces the addresses once, along with an advert of a MASTER. A router that has been cut off from
   * the clients cannot know that another one served them meanwhile, and gave way at its first advert
   * without a word; so it says with that advert where the addresses are. Hosts that know the hardware
   * address of the virtual router [use_vmac] know it already, and who has written how often to announce
   * gets that.
   */
  accompany(instance: RunningInstance, before: VrrpMachineState): void {
    const { state, config } = instance;
    if (before.role !== "MASTER" || state.role !== "MASTER") return;
    if (state.advertSentAtMs === before.advertSentAtMs) return;
    if (config.garp.refreshMs !== GARP_REFRESH_DEFAULT_MS) return;
    if (config.options?.virtualMac !== undefined) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs < (this.#accompaniesAtMs.get(instance) ?? 0)) return;
    if (this.#queue.some((queued) => queued.instance === instance)) return;
    this.#accompaniesAtMs.set(instance, nowMs + this.#accompanyGapMs);
    this.#enqueue(instance, this.prepare(instance), 1);
  }

  /** Forgets what is queued for an instance that no longer holds its addresses. */
  cancel(instance: RunningInstance): void {
    this.#supersede(instance);
    this.#extraAtMs.delete(instance);
  }

  /** Sends some of what is queued and may go out now. */
  send(): void {
    this.#queueExtras();
    let budget = FRAMES_PER_TURN;
    for (const announcement of this.#queue) {
      budget = this.#sendSome(announcement, budget);
      if (budget === 0) break;
    }
    if (this.#queue.some(isDone)) this.#queue = this.#queue.filter((one) => !isDone(one));
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
      if (link === undefined || link.mac.length !== 6) continue;
      const family = familyOf(fact.address);
      const bytes =
        family === 4
          ? encodeGratuitousArp(link.mac, fact.address)
          : encodeUnsolicitedAdvertisement(link.mac, fact.address, link.ipv6Forwarding === true);
      const home = fact.interface === instance.config.interface;
      frames.push({ ifindex: link.index, interface: fact.interface, family, home, bytes });
    }
    this.#prepared.set(instance, { claims: instance.claims, linksVersion, frames });
    return frames;
  }

  #enqueue(instance: RunningInstance, frames: readonly Frame[], rounds: number): void {
    if (frames.length > 0 && rounds > 0)
      this.#queue.push({ instance, frames, roundsLeft: rounds, next: 0 });
  }

  #supersede(instance: RunningInstance): void {
    if (this.#queue.length > 0)
      this.#queue = this.#queue.filter((queued) => queued.instance !== instance);
  }

  #sendSome(announcement: Announcement, budget: number): number {
    const nowMs = this.#clock.nowMs();
    let left = budget;
    while (left > 0 && !isDone(announcement)) {
      const frame = announcement.frames[announcement.next];
      if (frame === undefined) {
        announcement.next = 0;
        announcement.roundsLeft--;
        continue;
      }
      if (this.#freeAt(frame) > nowMs) return left;
      announcement.next++;
      left--;
      const { name, gapMs } = this.#budgetOf(frame);
      const gap = gapMs[frame.family];
      if (gap > 0) this.#freeAtMs.set(`${name} ${frame.family}`, nowMs + gap);
      if (this.#network.sendFrame(frame.ifindex, frame.bytes).ok)
        announcement.instance.tally.garpSent++;
    }
    return left;
  }

  #freeAt(frame: Frame): number {
    const { name, gapMs } = this.#budgetOf(frame);
    if (gapMs[frame.family] === 0) return 0;
    return this.#freeAtMs.get(`${name} ${frame.family}`) ?? 0;
  }

  #budgetOf(frame: Frame): Budget {
    const shared = this.#budgets.get(frame.interface);
    return shared ?? { name: frame.interface, gapMs: this.#gapMs };
  }

  /** Begins the refresh of the other interfaces [garp_extra_if]; `all` is for those without VMAC. */
  #planExtra(instance: RunningInstance): void {
    const { garpExtraInterfaces: extra, virtualMac } = instance.config.options ?? {};
    const wanted =
      extra !== undefined && extra.everyMs > 0 && (extra.all || virtualMac !== undefined);
    if (wanted) this.#extraAtMs.set(instance, this.#clock.nowMs() + extra.everyMs);
    else this.#extraAtMs.delete(instance);
  }

  #queueExtras(): void {
    for (const [instance, atMs] of this.#extraAtMs) {
      if (atMs > this.#clock.nowMs()) continue;
      this.#planExtra(instance);
      const frames = this.prepare(instance).filter((frame) => !frame.home);
      this.#enqueue(instance, frames, 1);
    }
  }
}

function isDone({ roundsLeft }: Announcement): boolean {
  return roundsLeft <= 0;
}
