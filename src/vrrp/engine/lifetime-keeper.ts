// Keeps the lifetimes of addresses from running out while they are held. Each lives in a queue of
// its rhythm, oldest renewal first, so that a turn looks only at what is due.

import type { AddressFact } from "../../plan/operation.ts";
import { type AddressLease, addressLeaseOf } from "../lease.ts";
import type { LinkTable } from "./link-table.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { ClaimedAddress, RunningInstance } from "./running-instance.ts";

const complaintGapMs = 30_000;
/** More wait for the next turn: adverts must not wait for them. */
const renewalsPerTurnMax = 64;

/** What is due within this share of a rhythm is renewed together. */
const togetherShare = 0.125;

interface Renewed {
  readonly fact: AddressFact;
  readonly dueAtMs: number;
}

export class LifetimeKeeper {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #complaints = new LogLimiter(complaintGapMs);
  /** By rhythm, then by key. */
  readonly #queues = new Map<number, Map<string, Renewed>>();
  readonly #leases = new Map<RunningInstance, AddressLease | undefined>();
  #addressCount = 0;
  #isGuarded = true;

  constructor(world: EngineWorld, links: LinkTable) {
    this.#world = world;
    this.#links = links;
  }

  /** False: the packet guard does not work, and the lifetime alone must be short enough. */
  setGuarded(isGuarded: boolean): void {
    if (isGuarded !== this.#isGuarded) this.#leases.clear();
    this.#isGuarded = isGuarded;
  }

  adopt(instances: readonly RunningInstance[]): void {
    this.#leases.clear();
    const claimed = new Set<string>();
    for (const { claims } of instances) for (const { key } of claims) claimed.add(key);
    this.#addressCount = claimed.size;
    for (const queue of this.#queues.values())
      for (const key of queue.keys()) if (!claimed.has(key)) queue.delete(key);
  }

  /** The lifetime with which an instance's addresses are added. */
  leaseOf(instance: RunningInstance): AddressLease | undefined {
    if (this.#leases.has(instance)) return this.#leases.get(instance);
    const lease = addressLeaseOf(instance.config, this.#isGuarded, this.#addressCount);
    this.#leases.set(instance, lease);
    return lease;
  }

  /** Notes that an address is held; `isFresh`: it has just been given its lifetime. */
  hold(instance: RunningInstance, claim: ClaimedAddress, isFresh: boolean): void {
    const lease = this.leaseOf(instance);
    if (lease === undefined) {
      this.release(claim);
      // It may have got a lifetime under an earlier configuration.
      if (this.#links.hasLifetime(claim.key)) this.#renew([claim.fact]);
      return;
    }
    const { everyMs, lifetimeS } = lease;
    const queue = this.#queues.get(everyMs) ?? new Map<string, Renewed>();
    this.#queues.set(everyMs, queue);
    if (queue.get(claim.key)?.fact.lifetimeS === lifetimeS && !isFresh) return;
    this.release(claim);
    const fact = { ...claim.fact, lifetimeS };
    if (!isFresh) this.#renew([fact]);
    queue.set(claim.key, { fact, dueAtMs: this.#world.clock.nowMs() + everyMs });
  }

  release(claim: ClaimedAddress): void {
    for (const queue of this.#queues.values()) queue.delete(claim.key);
  }

  /** Renews what is due, and with it what soon will be: a turn costs more than a renewal. */
  renew(): void {
    const nowMs = this.#world.clock.nowMs();
    const facts: AddressFact[] = [];
    for (const [everyMs, queue] of this.#queues) {
      const [first] = queue.values();
      if (first === undefined || first.dueAtMs > nowMs) continue;
      const soonMs = nowMs + everyMs * togetherShare;
      for (const [key, renewed] of queue) {
        if (renewed.dueAtMs > soonMs || facts.length >= renewalsPerTurnMax) break;
        facts.push(renewed.fact);
        queue.delete(key);
        queue.set(key, { fact: renewed.fact, dueAtMs: nowMs + everyMs });
      }
    }
    if (facts.length > 0) this.#renew(facts);
  }

  wakeAtMs(): number | undefined {
    let atMs: number | undefined;
    for (const queue of this.#queues.values())
      for (const { dueAtMs } of queue.values()) {
        atMs = Math.min(atMs ?? dueAtMs, dueAtMs);
        break;
      }
    return atMs;
  }

  /** Takes away the lifetimes: nobody will renew them. */
  letStay(): void {
    for (const queue of this.#queues.values()) {
      const facts = [...queue.values()].map(({ fact: { lifetimeS, ...fact } }) => fact);
      if (facts.length > 0) this.#renew(facts);
    }
    this.#queues.clear();
  }

  #renew(facts: readonly AddressFact[]): void {
    const renewed = this.#world.kernel.renew(facts);
    if (renewed.ok || !this.#complaints.allows("renew", this.#world.clock.nowMs())) return;
    const text = `could not renew virtual addresses: ${renewed.fault.text}`;
    const fields = { errno: renewed.fault.code };
    this.#world.tell({
      kind: "log",
      event: { level: "error", kind: "renewal-failed", text, fields },
    });
  }
}
