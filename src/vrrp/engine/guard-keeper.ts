// Keeps the packet guard where the states of the instances want it: which addresses hang on which
// lease, which are refused, and that the leases live while this process does.

import type { IpAddress } from "../../base/address.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { GuardedAddress, GuardOperation, LeaseRenewal } from "../../world/packet-guard.ts";
import { mergeWishes } from "../address-plan.ts";
import { type Lease, type LeaseAnswer, leaseOf, ownLeaseOf, ownLeasesMax } from "../lease.ts";
import { type AddressWish, addressWish, type Master, vrrpWakeAtMs } from "../state.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

const complaintGapMs = 30_000;
const owner = 255;
/** How late an advert may be, in parts of the rhythm of renewals. */
const latenessShare = 0.1;
/** Lengths are whole milliseconds. */
const roundingMs = 1;

export class GuardKeeper {
  readonly #world: EngineWorld;
  readonly #complaints = new LogLimiter(complaintGapMs);
  #claimants = new Map<IpAddress, RunningInstance[]>();
  #leases = new Map<RunningInstance, Lease | undefined>();
  /** Leases that some instance holds, by length: what is looked at with every turn. */
  readonly #held = new Map<number, HeldLease>();
  /** What the guard says, an earlier process's words included. */
  readonly #said = new Map<IpAddress, GuardedAddress>();
  /** When each lease was renewed last. */
  readonly #renewedAtMs = new Map<number, number>();
  #quiet: ReadonlySet<string> = new Set();
  /** True when what was said may differ from what should be. */
  #isStale = true;
  /** True once the kernel has anything of ours, or of a process before us. */
  #isTouched = false;
  /** False once the kernel has refused: then addresses have to expire early enough. */
  works = true;

  constructor(world: EngineWorld) {
    this.#world = world;
    const left = world.host.guard.read();
    if (!left.ok) return;
    for (const guarded of left.value.addresses) this.#said.set(guarded.address, guarded);
    this.#isTouched = this.#said.size > 0;
    for (const { leaseMs, renewedAtMs } of left.value.leases)
      this.#renewedAtMs.set(leaseMs, renewedAtMs);
  }

  /** When the lease of an address was renewed last, by this process or the one before it. */
  renewedAtMs(address: IpAddress): number | undefined {
    const leaseMs = this.#said.get(address)?.leaseMs;
    return leaseMs === undefined ? undefined : this.#renewedAtMs.get(leaseMs);
  }

  /** Takes the instances of a new configuration, retiring ones included, and their interfaces. */
  adopt(instances: Iterable<RunningInstance>, quietLinks: readonly string[]): void {
    this.quiet(quietLinks);
    this.#claimants = new Map();
    this.#leases = new Map();
    this.#held.clear();
    this.#isStale = true;
    const all = [...instances];
    const sharing = all.length > ownLeasesMax;
    for (const [slot, instance] of all.entries()) {
      const { config } = instance;
      // A group is taken over as a whole, at the patience with whichever member was heard first.
      const alone = !sharing && config.options?.syncGroup === undefined;
      const answer = alone ? ownLeaseOf(config, slot) : leaseOf(config);
      this.#leases.set(instance, this.#leaseIn(answer));
      this.#noteHolder(instance);
      for (const { fact } of instance.claims) {
        const claimants = this.#claimants.get(fact.address);
        if (claimants === undefined) this.#claimants.set(fact.address, [instance]);
        else claimants.push(instance);
      }
    }
  }

  /** Keeps the chatter of these interfaces, and of no others, from the segment. */
  quiet(links: readonly string[]): void {
    const operations: GuardOperation[] = [];
    for (const name of this.#quiet)
      if (!links.includes(name)) operations.push({ kind: "release-link", interface: name });
    for (const name of links)
      if (!this.#quiet.has(name)) operations.push({ kind: "quiet-link", interface: name });
    this.#quiet = new Set(links);
    if (operations.length > 0) this.#apply(operations, []);
  }

  /** Before the addresses of an instance come. */
  raise(instance: RunningInstance): void {
    this.#noteHolder(instance);
    const operations: GuardOperation[] = [];
    for (const { fact } of instance.claims) {
      if (this.#wish(fact.address) !== "held") continue;
      const guarded = this.#guardedOf(fact.address);
      if (guarded === undefined) {
        if (this.#said.has(fact.address))
          operations.push({ kind: "release-address", address: fact.address });
      } else if (!this.#saysAlready(guarded)) operations.push({ kind: "guard-address", guarded });
    }
    if (operations.length > 0) this.#apply(operations, this.#leasesOf([instance]));
  }

  /** After the addresses of an instance have gone. */
  lower(instance: RunningInstance): void {
    this.#noteHolder(instance);
    const operations: GuardOperation[] = [];
    for (const { fact } of instance.claims)
      if (this.#said.has(fact.address) && this.#wish(fact.address) === "absent")
        operations.push({ kind: "release-address", address: fact.address });
    if (operations.length > 0) this.#apply(operations, []);
  }

  /** Mends what others have changed, and forgets addresses that nobody claims any more. */
  reconcile(instances: readonly RunningInstance[]): void {
    const orphans: GuardOperation[] = [];
    for (const address of this.#said.keys())
      if (!this.#claimants.has(address)) orphans.push({ kind: "release-address", address });
    if (orphans.length > 0) this.#apply(orphans, []);
    // A configuration may say something else, and what the kernel has refused it may take now.
    if (this.#isStale || !this.works) for (const instance of instances) this.raise(instance);
    this.#isStale = false;
    if (this.#said.size === 0 && this.#quiet.size === 0) return;
    // A renewal notices by itself.
    if (this.#held.size > 0 && this.works) return;
    if (!this.#world.host.guard.intact()) this.#apply([], this.#leasesOf(instances));
  }

  /**
   * Renews the leases that are due, unless adverts of their holders are overdue: a lease must not
   * outlive adverts that are not sent. Returns instances whose lease had run out meanwhile.
   */
  renew(): readonly RunningInstance[] {
    const nowMs = this.#world.clock.nowMs();
    const due = [...this.#held.values()].filter(
      (held) => this.#dueAtMs(held) <= nowMs && lifeOf(held, nowMs) > 0,
    );
    if (due.length === 0) return [];
    const lapsed = due.filter(
      ({ lease }) => nowMs - (this.#renewedAtMs.get(lease.guardMs) ?? nowMs) > lease.guardMs,
    );
    this.#apply(
      [],
      due.map((held) => ({ leaseMs: held.lease.guardMs, forMs: lifeOf(held, nowMs) })),
    );
    const silent = lapsed.flatMap(({ holders }) => [...holders]);
    this.#tellLapse(silent);
    return silent;
  }

  /** When `renew` is due; undefined: never. */
  wakeAtMs(): number | undefined {
    let atMs = Number.POSITIVE_INFINITY;
    for (const held of this.#held.values()) atMs = Math.min(atMs, this.#dueAtMs(held));
    return atMs === Number.POSITIVE_INFINITY ? undefined : atMs;
  }

  /** Lets traffic of what is held pass for good; what is refused stays refused. */
  letStay(): void {
    const operations = [...this.#said.values()].map(
      ({ address, refused }): GuardOperation =>
        refused === true
          ? { kind: "guard-address", guarded: { address, refused } }
          : { kind: "release-address", address },
    );
    if (operations.length > 0) this.#apply(operations, []);
    this.#held.clear();
  }

  /** Takes everything away; for a process that ends and leaves nothing behind. */
  remove(): void {
    if (this.#isTouched) this.#world.host.guard.remove();
    this.#said.clear();
    this.#quiet = new Set();
  }

  /** Counts an instance among the holders of its lease, or no longer. */
  #noteHolder(instance: RunningInstance): void {
    const lease = this.#leases.get(instance);
    if (lease === undefined) return;
    const held = this.#held.get(lease.guardMs);
    if (addressWish(instance.state) === "held") {
      if (held === undefined)
        this.#held.set(lease.guardMs, { lease, holders: new Set([instance]) });
      else held.holders.add(instance);
    } else if (held?.holders.delete(instance) === true && held.holders.size === 0)
      this.#held.delete(lease.guardMs);
  }

  #dueAtMs(held: HeldLease): number {
    if (!this.works) return Number.POSITIVE_INFINITY;
    const { guardMs, guardEveryMs } = held.lease;
    const renewedAtMs = this.#renewedAtMs.get(guardMs) ?? 0;
    const master = masterOf(held);
    if (master === undefined) return renewedAtMs + guardEveryMs;
    const unrenewed = master.advertSentAtMs > renewedAtMs + roundingMs;
    return unrenewed ? master.advertSentAtMs : master.advertAtMs;
  }

  #leasesOf(instances: readonly RunningInstance[]): readonly LeaseRenewal[] {
    const lengths = new Set<number>();
    for (const instance of instances) {
      const lease = this.#leases.get(instance);
      if (lease !== undefined && addressWish(instance.state) === "held") lengths.add(lease.guardMs);
    }
    return [...lengths].map((leaseMs) => ({ leaseMs, forMs: leaseMs }));
  }

  #leaseIn(answer: LeaseAnswer): Lease | undefined {
    if (answer.kind === "lease") return answer.lease;
    if (answer.kind === "impossible") this.#warn("lease-impossible", answer.text);
    return undefined;
  }

  #wish(address: IpAddress): AddressWish {
    const claimants = this.#claimants.get(address) ?? [];
    return mergeWishes(claimants.map(({ state }) => addressWish(state)));
  }

  /** What should be said about an address that is held; undefined: nothing. */
  #guardedOf(address: IpAddress): GuardedAddress | undefined {
    const holders = (this.#claimants.get(address) ?? []).filter(
      ({ state }) => addressWish(state) === "held",
    );
    const lengths = holders.flatMap((holder) => this.#leases.get(holder)?.guardMs ?? []);
    const refused = holders.length > 0 && holders.every(({ config }) => refusesPackets(config));
    if (lengths.length === 0 && !refused) return undefined;
    return {
      address,
      ...(lengths.length === 0 ? {} : { leaseMs: Math.min(...lengths) }),
      ...(refused ? { refused } : {}),
    };
  }

  #saysAlready(guarded: GuardedAddress): boolean {
    const said = this.#said.get(guarded.address);
    return said?.leaseMs === guarded.leaseMs && said?.refused === guarded.refused && this.works;
  }

  #apply(operations: readonly GuardOperation[], renewals: readonly LeaseRenewal[]): void {
    const nowMs = this.#world.clock.nowMs();
    const applied = this.#world.host.guard.apply(operations, renewals);
    this.works = applied.ok;
    this.#isTouched ||= applied.ok;
    if (!applied.ok) {
      const text = `packets to virtual addresses are not guarded: ${applied.fault.text}`;
      this.#warn("guard-failed", text);
      return;
    }
    for (const { leaseMs, forMs } of renewals)
      this.#renewedAtMs.set(leaseMs, nowMs - (leaseMs - forMs));
    for (const operation of operations)
      if (operation.kind === "guard-address")
        this.#said.set(operation.guarded.address, operation.guarded);
      else if (operation.kind === "release-address") this.#said.delete(operation.address);
    if (!applied.value.rebuilt) return;
    this.#world.tell({
      kind: "repair",
      found: "the packet filter of the virtual addresses was gone",
      done: "installed it",
      ok: true,
      atMs: this.#world.clock.wallMs(),
    });
  }

  #tellLapse(silent: readonly RunningInstance[]): void {
    if (silent.length === 0) return;
    const names = silent.map(({ config }) => config.name).join(", ");
    const text = `${names}: this process was late, and the addresses were silent meanwhile`;
    this.#warn("lease-lapsed", text);
  }

  #warn(kind: string, text: string): void {
    if (!this.#complaints.allows(text, this.#world.clock.nowMs())) return;
    this.#world.tell({ kind: "log", event: { level: "warning", kind, text } });
  }
}

/** A lease and those whose addresses hang on it; never empty. */
interface HeldLease {
  readonly lease: Lease;
  readonly holders: Set<RunningInstance>;
}

/**
 * True when a holder's advert is overdue by more than the lease's length has been cut for: it is sent
 * in this turn, and the lease renewed in the next.
 */
function isLate({ lease, holders }: HeldLease, nowMs: number): boolean {
  const latestMs = nowMs - lease.guardEveryMs * latenessShare;
  for (const { state } of holders) if ((vrrpWakeAtMs(state) ?? nowMs) < latestMs) return true;
  return false;
}

/** The state of the only holder of a lease of its own, where it is MASTER. */
function masterOf({ lease, holders }: HeldLease): Master | undefined {
  if (lease.own !== true) return undefined;
  for (const { state } of holders) if (state.role === "MASTER") return state;
  return undefined;
}

/**
 * How long a lease may live from now on; 0: it must not be renewed. A lease of its own ends its length
 * after the holder's last advert; one that is due in this turn counts as sent.
 */
function lifeOf(held: HeldLease, nowMs: number): number {
  const late = isLate(held, nowMs);
  const master = masterOf(held);
  const { guardMs } = held.lease;
  if (master === undefined) return late ? 0 : guardMs;
  const sent = !late && master.advertAtMs <= nowMs ? nowMs : master.advertSentAtMs;
  return Math.max(0, Math.floor(guardMs - (nowMs - sent)));
}

/** RFC 9568 section 6.4.3: only the owner, or who is told to, takes packets for the addresses. */
export function refusesPackets(config: VrrpInstance): boolean {
  if (config.priority === owner) return false;
  const { accept, strict } = config.options ?? {};
  return accept === undefined ? strict === true : !accept;
}
