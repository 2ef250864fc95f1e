// How long what a MASTER holds may outlive it. A peer takes over when it has missed several adverts;
// before that, the addresses of a router that is dead, stopped or starved must be silent.

import type { VrrpInstance } from "../model/vrrp-instance.ts";

/** What keepalived counts, and the most that a peer can be trusted to count. */
const advertsMissed = 3;
/** Below this interval, an ordinary hesitation of the machine would already silence the addresses. */
const advertMinMs = 100;
/** With `vip_lease yes`: the shortest lease that the ticks of a kernel can keep. */
const leaseMinMs = 40;
/** The tick of a kernel with 100 of them a second. */
const tickMs = 10;
/** Of the time until a peer takes over, what is left for its being early. */
const marginShare = 0.1;
/** The kernel looks for expired addresses up to a quarter of a second late; the rest is margin. */
const expiryLateMs = 750;
const renewalGapMinMs = 1000;
/** Renewals of addresses in a second, of all instances together. */
const renewalsPerSecond = 50;

/** The leases of one instance. */
export interface Lease {
  /** Length of the lease on which the packet guard lets traffic pass. */
  readonly guardMs: number;
  /** How often it is renewed. */
  readonly guardEveryMs: number;
  /** True: nobody shares it, and it counts from the adverts of its holder. */
  readonly own?: true;
}

/** So many instances have leases of their own; more share one an interval. */
export const ownLeasesMax = 8;

/** Why an instance has no lease though it asks for one; undefined when it does not ask. */
export type LeaseAnswer =
  | { readonly kind: "lease"; readonly lease: Lease }
  | { readonly kind: "off" }
  | { readonly kind: "impossible"; readonly text: string };

/**
 * The lease of an instance. All instances with the same interval share one, which any of them
 * renews: when it was renewed last, the last advert of another one is at most an interval old. So
 * it ends an interval before the peers' patience with that one.
 */
export function leaseOf(instance: VrrpInstance): LeaseAnswer {
  const setting = instance.options?.lease ?? "auto";
  if (setting === "no") return { kind: "off" };
  const advertMs = instance.advertIntervalCs * 10;
  const patience = Math.min(instance.options?.downTimerAdverts ?? advertsMissed, advertsMissed);
  const guardMs = Math.floor((patience - 1) * advertMs * (1 - marginShare) - tickMs);
  const isTooFast = guardMs < Math.max(leaseMinMs, advertMs * 1.25);
  if (setting === "auto")
    return advertMs < advertMinMs || isTooFast ? { kind: "off" } : lease(guardMs, advertMs);
  if (!isTooFast) return lease(guardMs, advertMs);
  const text = `${instance.name}: no lease fits between two adverts and a peer's patience of ${patience}`;
  return { kind: "impossible", text };
}

function lease(guardMs: number, advertMs: number): LeaseAnswer {
  return { kind: "lease", lease: { guardMs, guardEveryMs: advertMs / 2 } };
}

/**
 * A lease that counts from the holder's own adverts: it needs no interval to spare for the adverts of
 * others, so that a process that dies has longer to come back. Lengths tell leases apart, therefore each
 * of them is a millisecond shorter than the one before; `slot` counts from 0.
 */
export function ownLeaseOf(instance: VrrpInstance, slot: number): LeaseAnswer {
  const shared = leaseOf(instance);
  if (shared.kind !== "lease") return shared;
  const advertMs = instance.advertIntervalCs * 10;
  const patience = Math.min(instance.options?.downTimerAdverts ?? advertsMissed, advertsMissed);
  const guardMs = Math.floor(patience * advertMs * (1 - marginShare) - tickMs) - slot;
  return { kind: "lease", lease: { guardMs, guardEveryMs: advertMs / 2, own: true } };
}

/** How long addresses live in the kernel, and how often they are renewed. */
export interface AddressLease {
  readonly lifetimeS: number;
  readonly everyMs: number;
}

/**
 * The lifetime of the addresses themselves. Where the packet guard works, they only have to be gone
 * some time after a peer has taken over: with many addresses later, so that renewing stays cheap.
 * Where it does not, they have to be gone before; undefined where whole seconds are too coarse.
 */
export function addressLeaseOf(
  instance: VrrpInstance,
  isGuarded: boolean,
  addressesOfAll: number,
): AddressLease | undefined {
  if (leaseOf(instance).kind !== "lease") return undefined;
  const advertMs = instance.advertIntervalCs * 10;
  const patience = Math.min(instance.options?.downTimerAdverts ?? advertsMissed, advertsMissed);
  const downMs = patience * advertMs;
  if (isGuarded) {
    const everyMs = Math.max(
      advertMs,
      renewalGapMinMs,
      (addressesOfAll * 1000) / renewalsPerSecond,
    );
    const lifetimeS = Math.max(Math.ceil(downMs / 1000) + 1, Math.ceil((3 * everyMs) / 1000));
    return { lifetimeS, everyMs };
  }
  const lifetimeS = Math.floor((downMs - expiryLateMs) / 1000);
  return lifetimeS * 1000 <= advertMs * 1.25 ? undefined : { lifetimeS, everyMs: advertMs };
}
