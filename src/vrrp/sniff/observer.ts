// Groups the adverts on the wire by virtual router, and knows of each sender what it said last.

import type { Family, IpAddress } from "../../base/address.ts";
import { type Conflict, findConflicts } from "./conflicts.ts";
import type { Sighting } from "./sighting.ts";

/** One router that advertises, as far as it was seen. */
export interface Sender {
  readonly source: IpAddress;
  readonly last: Sighting;
  readonly firstAtMs: number;
  readonly count: number;
  /** How often another sender was heard between two adverts of this one. */
  readonly interrupted: number;
  readonly checksumsWrong: number;
  readonly hopLimitsWrong: number;
  /** The last of these; 255 where there is none. */
  readonly wrongHopLimit: number;
}

/** One virtual router on one interface. */
export interface SeenRouter {
  readonly interface: string;
  readonly vrid: number;
  readonly family: Family;
  /** By address. */
  readonly senders: readonly Sender[];
  readonly conflicts: readonly Conflict[];
}

/** Senders of one virtual router; a flood of forged ones must not fill the memory. */
const SENDERS_MAX = 64;
const ROUTERS_MAX = 4096;
const HOP_LIMIT = 255;

interface Group {
  readonly senders: Map<IpAddress, Sender>;
  lastSource: IpAddress | undefined;
}

export class Observer {
  readonly #groups = new Map<string, Group>();
  /** Packets of VRRP that were no adverts that can be read. */
  unreadable = 0;
  /** Adverts that were read. */
  adverts = 0;

  /** Takes what was heard; undefined is a packet that cannot be read. */
  see(sighting: Sighting | undefined): void {
    if (sighting === undefined) {
      this.unreadable++;
      return;
    }
    this.adverts++;
    const key = `${sighting.interface} ${sighting.vrid} ${sighting.family}`;
    const known = this.#groups.get(key);
    if (known === undefined && this.#groups.size >= ROUTERS_MAX) return;
    const group = known ?? { senders: new Map(), lastSource: undefined };
    this.#groups.set(key, group);
    const { source } = sighting;
    const before = group.senders.get(source);
    if (before === undefined && group.senders.size >= SENDERS_MAX) return;
    const interrupted = before !== undefined && group.lastSource !== source ? 1 : 0;
    group.lastSource = source;
    const strayed = isMulticast(sighting.destination) && sighting.hopLimit !== HOP_LIMIT;
    group.senders.set(source, {
      source,
      last: sighting,
      firstAtMs: before?.firstAtMs ?? sighting.atMs,
      count: (before?.count ?? 0) + 1,
      interrupted: (before?.interrupted ?? 0) + interrupted,
      checksumsWrong: (before?.checksumsWrong ?? 0) + (sighting.checksum === "wrong" ? 1 : 0),
      hopLimitsWrong: (before?.hopLimitsWrong ?? 0) + (strayed ? 1 : 0),
      wrongHopLimit: strayed ? sighting.hopLimit : (before?.wrongHopLimit ?? HOP_LIMIT),
    });
  }

  /** What was seen so far, by interface and VRID. `nowMs` is the wall clock. */
  routers(nowMs: number): readonly SeenRouter[] {
    const routers: SeenRouter[] = [];
    for (const { senders } of this.#groups.values()) {
      const list = [...senders.values()].sort((a, b) => (a.source < b.source ? -1 : 1));
      const [first] = list;
      if (first === undefined) continue;
      const { interface: interfaceName, vrid, family } = first.last;
      const conflicts = findConflicts(list, nowMs);
      routers.push({ interface: interfaceName, vrid, family, senders: list, conflicts });
    }
    return routers.sort(byPlace);
  }
}

function byPlace(a: SeenRouter, b: SeenRouter): number {
  if (a.interface !== b.interface) return a.interface < b.interface ? -1 : 1;
  return a.vrid - b.vrid || a.family - b.family;
}

function isMulticast(address: IpAddress): boolean {
  return address.startsWith("ff") || Number.parseInt(address, 10) >= 224;
}
