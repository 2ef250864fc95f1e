// What SNMP asks of the past: since when an instance runs, why it became MASTER, which error came last,
// how fast counters grow.

import {
  ratesOfCounters,
  type TrafficCounters,
  type TrafficRates,
} from "../model/balancer-table.ts";
import type { DirectorStatus, VrrpInstanceStatus, VrrpState } from "../model/status.ts";
import type { InstanceHistory, MasterReason, ProtocolError } from "./facts.ts";
import type { ManagementEvent } from "./management-event.ts";

const reasons: Readonly<Record<string, MasterReason>> = {
  "priority-zero": "priority",
  "address-owner": "priority",
  preempting: "preempted",
};

const errors: readonly (readonly [string, ProtocolError])[] = [
  ["ttl-wrong", "ttl"],
  ["version-wrong", "version"],
  ["checksum-wrong", "checksum"],
  ["vrid-unknown", "vrid"],
];

const unknown: InstanceHistory = {
  upSinceMs: undefined,
  masterReason: "not-master",
  protocolError: "none",
};

interface Remembered extends InstanceHistory {
  readonly rejected: Readonly<Record<string, number>>;
}

/** What is remembered of instances, by their names. */
export class InstanceHistories {
  readonly #known = new Map<string, Remembered>();

  /** What is known of an instance. */
  of(name: string): InstanceHistory {
    return this.#known.get(name) ?? unknown;
  }

  /** Takes a transition at the moment when it happens. */
  take(event: ManagementEvent): void {
    if (event.kind !== "transition") return;
    const { instance, to, cause, atMs } = event;
    if (to === "STOP" || to === "DELETED") {
      this.#known.delete(instance);
      return;
    }
    this.#enter(instance, to, cause, atMs);
  }

  /**
   * Takes a status, from which what happened before is completed. Returns the instances that have met
   * a wrong packet since the status before.
   */
  observe(status: DirectorStatus): readonly string[] {
    const names = new Set(status.vrrpInstances.map(({ name }) => name));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    return status.vrrpInstances
      .filter((instance) => this.#observe(instance))
      .map(({ name }) => name);
  }

  #observe({ name, state, cause, sinceMs, counters }: VrrpInstanceStatus): boolean {
    const before = this.#known.get(name);
    if (before === undefined || isUp(state) !== (before.upSinceMs !== undefined))
      this.#enter(name, state, cause.kind, sinceMs);
    const known = this.#known.get(name);
    if (known === undefined) return false;
    const grown = errors.find(
      ([kind]) => (counters.rejected[kind] ?? 0) > (known.rejected[kind] ?? 0),
    );
    const protocolError = grown?.[1] ?? known.protocolError;
    this.#known.set(name, { ...known, protocolError, rejected: counters.rejected });
    return grown !== undefined && before !== undefined;
  }

  #enter(name: string, to: VrrpState, cause: string, atMs: number): void {
    const before = this.#known.get(name) ?? { ...unknown, rejected: {} };
    this.#known.set(name, {
      upSinceMs: isUp(to) ? (before.upSinceMs ?? atMs) : undefined,
      masterReason:
        to === "MASTER" ? (reasons[cause] ?? "master-no-response") : before.masterReason,
      protocolError: before.protocolError,
      rejected: before.rejected,
    });
  }
}

function isUp(state: VrrpState): boolean {
  return state === "BACKUP" || state === "MASTER";
}

const still: TrafficRates = {
  connections: 0,
  inPackets: 0,
  outPackets: 0,
  inBytes: 0,
  outBytes: 0,
};
/** Readings nearer to each other than this say nothing about a rate. */
const rateGapMs = 900;

/** Counters of servers at two moments. */
export class RateBook {
  #before: { readonly atMs: number; readonly counters: ReadonlyMap<string, TrafficCounters> } = {
    atMs: 0,
    counters: new Map(),
  };
  #rates: ReadonlyMap<string, TrafficRates> = new Map();

  /** Takes a reading. */
  observe(status: DirectorStatus, atMs: number): void {
    const seconds = (atMs - this.#before.atMs) / 1000;
    if (seconds * 1000 < rateGapMs) return;
    const counters = new Map<string, TrafficCounters>();
    for (const [i, server] of status.virtualServers.entries()) {
      counters.set(serverKey(server.name, i), server.counters);
      for (const [j, real] of server.realServers.entries())
        counters.set(serverKey(`${real.address} ${real.port}`, i, j), real.counters);
    }
    const rates = new Map<string, TrafficRates>();
    for (const [key, now] of counters) {
      const then = this.#before.counters.get(key);
      if (then !== undefined) rates.set(key, ratesOf(then, now, seconds));
    }
    this.#before = { atMs, counters };
    this.#rates = rates;
  }

  /** The rates between the last two readings; zeros while there are none. */
  of(status: DirectorStatus, virtualServer: number, server?: number): TrafficRates {
    const virtual = status.virtualServers[virtualServer];
    if (virtual === undefined) return still;
    if (server === undefined)
      return this.#rates.get(serverKey(virtual.name, virtualServer)) ?? still;
    const real = virtual.realServers[server];
    if (real === undefined) return still;
    const key = serverKey(`${real.address} ${real.port}`, virtualServer, server);
    return this.#rates.get(key) ?? still;
  }
}

function serverKey(name: string, ...places: number[]): string {
  return `${places.join(" ")} ${name}`;
}

/** Counters that have begun again are no traffic. */
function ratesOf(then: TrafficCounters, now: TrafficCounters, seconds: number): TrafficRates {
  return ratesOfCounters((name) => Math.max(0, (now[name] - then[name]) / seconds));
}
