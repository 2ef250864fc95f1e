// Notices other machines that claim a virtual address while this router holds it: in passing (RFC 5227
// section 2.4), and by asking on the link now and then. Adverts say who should hold an address; this
// says who answers for it.

import type { IpAddress } from "../base/address.ts";
import type { Model } from "../model/model.ts";
import type { AlarmStatus, VrrpInstanceStatus } from "../model/status.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { printMac } from "../wire/ethernet.ts";
import type { AddressClaim, ClaimNetwork, ClaimSocket } from "../world/claim-network.ts";
import type { Clock } from "../world/clock.ts";
import type { EngineNews } from "./vrrp-channel.ts";

/** After a take-over the former MASTER may still be heard. */
const settleMs = 2000;
/** A claim is an alarm when it is repeated this long after the first: a peer that takes over claims it, too. */
const confirmMs = 2000;
/** What is heard later after the question that follows a first claim is another first claim. */
const answerMs = 3000;
/** An alarm ends when nobody has claimed the address for this long, though asked with each look. */
const quietMs = 16_000;
const probeEveryMs = 30_000;
/** Questions of one round; more addresses wait for the next. */
const probesPerRound = 64;
const lookEveryMs = 5000;
/** The first bytes of hardware addresses of virtual routers (RFC 9568 section 7.3). */
const virtualMacPrefix = "00:00:5e:00:";

export interface AddressWatchParts {
  readonly clock: Clock;
  readonly claims: ClaimNetwork;
  /** Takes alarms as the VRRP process would tell them. */
  readonly onAlarm: (alarm: Extract<EngineNews, { readonly kind: "alarm" }>) => void;
}

interface Watched {
  readonly instance: VrrpInstance;
  readonly addresses: readonly { readonly address: IpAddress; readonly interface: string }[];
  /** Wall-clock milliseconds; undefined while it does not hold its addresses. */
  masterSinceMs: number | undefined;
  /** The first claim and the last; undefined while there is none. */
  firstClaimAtMs: number | undefined;
  claimedAtMs: number | undefined;
  alarm: AlarmStatus | undefined;
}

export class AddressWatch {
  readonly #parts: AddressWatchParts;
  readonly #sockets = new Map<string, ClaimSocket>();
  #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #probedAtMs = 0;

  constructor(parts: AddressWatchParts) {
    this.#parts = parts;
  }

  /** Takes over a model. Interfaces with hardware addresses of virtual routers tell nothing. */
  configure(model: Model): void {
    const before = this.#watched;
    this.#watched = new Map(
      model.vrrpInstances
        .filter(({ options }) => options?.virtualMac === undefined)
        .map((instance) => [instance.name, this.#watch(instance, before.get(instance.name))]),
    );
    const needed = new Set(
      [...this.#watched.values()].flatMap(({ addresses }) => addresses.map((one) => one.interface)),
    );
    for (const [name, socket] of this.#sockets) {
      if (needed.has(name)) continue;
      socket.close();
      this.#sockets.delete(name);
    }
    this.#open(needed);
    if (needed.size > 0) this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref();
  }

  /** Follows the states of the instances. */
  hear(news: EngineNews): void {
    if (news.kind !== "transition") return;
    const watched = this.#watched.get(news.instance);
    if (watched === undefined) return;
    watched.masterSinceMs = news.to === "MASTER" ? this.#parts.clock.nowMs() : undefined;
    if (news.to !== "MASTER") this.#end(watched);
    else this.#probeSettled(watched);
  }

  /** A question that the former MASTER can still answer does harm, and its answer says nothing. */
  #probeSettled(watched: Watched): void {
    const { masterSinceMs } = watched;
    setTimeout(() => {
      if (watched.masterSinceMs === masterSinceMs) this.#probe([watched]);
    }, settleMs).unref();
  }

  /** An instance whose process holds the addresses already. */
  assumeMaster(name: string): void {
    const watched = this.#watched.get(name);
    if (watched !== undefined) watched.masterSinceMs ??= this.#parts.clock.nowMs();
  }

  /** The status of an instance with what is known here. */
  addTo(status: VrrpInstanceStatus): VrrpInstanceStatus {
    const alarm = this.#watched.get(status.name)?.alarm;
    return alarm === undefined ? status : { ...status, alarms: [...(status.alarms ?? []), alarm] };
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #watch(instance: VrrpInstance, before: Watched | undefined): Watched {
    const { virtualAddresses, excludedAddresses, options } = instance;
    const all = [...virtualAddresses, ...excludedAddresses, ...(options?.secondFamily ?? [])];
    const addresses = all.map(({ address, interface: name }) => ({
      address,
      interface: name ?? instance.interface,
    }));
    return {
      instance,
      addresses,
      masterSinceMs: before?.masterSinceMs,
      firstClaimAtMs: before?.firstClaimAtMs,
      claimedAtMs: before?.claimedAtMs,
      alarm: before?.alarm,
    };
  }

  /** Interfaces that are not there yet, or were made anew, are tried again with each look. */
  #open(needed: Iterable<string>): void {
    for (const name of needed) {
      const known = this.#sockets.get(name);
      if (known !== undefined && !known.isAlive()) {
        known.close();
        this.#sockets.delete(name);
      }
      if (this.#sockets.has(name)) continue;
      const opened = this.#parts.claims.open(name, (claim) => this.#claimed(name, claim));
      if (opened.ok) this.#sockets.set(name, opened.value);
    }
  }

  #claimed(interfaceName: string, { address, mac }: AddressClaim): void {
    const nowMs = this.#parts.clock.nowMs();
    const who = printMac(mac);
    if (who.startsWith(virtualMacPrefix)) return;
    for (const watched of this.#watched.values()) {
      const { masterSinceMs, addresses } = watched;
      if (masterSinceMs === undefined || nowMs - masterSinceMs < settleMs) continue;
      if (!addresses.some((one) => one.address === address && one.interface === interfaceName))
        continue;
      watched.claimedAtMs = nowMs;
      if (watched.alarm === undefined && isPast(watched.firstClaimAtMs, nowMs))
        watched.firstClaimAtMs = undefined;
      if (watched.firstClaimAtMs === undefined) {
        watched.firstClaimAtMs = nowMs;
        this.#askAgain(watched);
      }
      if (watched.alarm !== undefined || nowMs - watched.firstClaimAtMs < confirmMs) continue;
      const text = `${who} answers for ${address} on ${interfaceName}, which this router holds`;
      this.#tell(watched, true, text);
    }
  }

  /** Whoever only said so in passing will not answer. */
  #askAgain(watched: Watched): void {
    setTimeout(() => {
      if (watched.firstClaimAtMs !== undefined) this.#probe([watched]);
    }, confirmMs).unref();
  }

  #look(): void {
    const nowMs = this.#parts.clock.nowMs();
    const needed = [...this.#watched.values()].flatMap(({ addresses }) => addresses);
    this.#open(new Set(needed.map((one) => one.interface)));
    for (const watched of this.#watched.values())
      if (watched.claimedAtMs !== undefined && nowMs - watched.claimedAtMs > quietMs)
        this.#end(watched);
    if (nowMs - this.#probedAtMs < probeEveryMs) {
      this.#probe([...this.#watched.values()].filter(({ alarm }) => alarm !== undefined));
      return;
    }
    this.#probedAtMs = nowMs;
    this.#probe([...this.#watched.values()]);
  }

  #probe(watched: readonly Watched[]): void {
    const held = watched.filter(({ masterSinceMs }) => masterSinceMs !== undefined);
    const asked = held.flatMap(({ addresses }) => addresses).slice(0, probesPerRound);
    for (const { address, interface: name } of asked) this.#sockets.get(name)?.probe(address);
  }

  #end(watched: Watched): void {
    watched.firstClaimAtMs = undefined;
    watched.claimedAtMs = undefined;
    if (watched.alarm === undefined) return;
    this.#tell(watched, false, "over: no other machine answers for the addresses");
  }

  #tell(watched: Watched, active: boolean, text: string): void {
    const atMs = this.#parts.clock.wallMs();
    const instance = watched.instance.name;
    watched.alarm = active ? { kind: "address-conflict", text, sinceMs: atMs } : undefined;
    this.#parts.onAlarm({
      kind: "alarm",
      instance,
      alarm: "address-conflict",
      active,
      text,
      atMs,
    });
  }
}

/** A claim that nobody has repeated when asked: a router that took over and gave way again. */
function isPast(firstClaimAtMs: number | undefined, nowMs: number): boolean {
  return firstClaimAtMs !== undefined && nowMs - firstClaimAtMs > confirmMs + answerMs;
}
