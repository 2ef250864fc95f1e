// The packet guard as two tables of nf_tables, for IP and for ARP. A lease is a set whose elements
// have a timeout: renewing it costs the same however many addresses hang on it.

import { familyOf, type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import { ok, type Result } from "../base/result.ts";
import { encodeText } from "../wire/netlink/attribute.ts";
import { netlinkFlag } from "../wire/netlink/message.ts";
import {
  decodeNftElements,
  encodeNftElements,
  encodeNftSetDump,
  encodeNftTable,
  type NftElement,
  type NftElementFact,
  nftFamily,
  nftMessage,
} from "../wire/netlink/nftables-message.ts";
import type { KernelFault } from "../world/kernel.ts";
import type {
  GuardedAddress,
  GuardFacts,
  GuardOperation,
  LeaseRenewal,
  PacketGuard,
} from "../world/packet-guard.ts";
import { errno } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { guardLayout, leaseChain, leaseLayout, leaseOfChain, leaseSet } from "./guard-layout.ts";
import { NetfilterSocket, type NftRequest } from "./netfilter-socket.ts";

/** The table; that of ARP has the same name. */
export const GUARD_TABLE = "keelson_vrrp";
const interfaceKeyLength = 16;
/** The list of elements is one attribute, which has 64 kilobytes at most. */
const elementsPerMessageMax = 400;

class NftGuard implements PacketGuard {
  readonly #socket: NetfilterSocket;
  readonly #nowMs: () => number;
  readonly #addresses = new Map<IpAddress, GuardedAddress>();
  readonly #links = new Set<string>();
  /** Lengths of the leases that have a chain. */
  #leases = new Set<number>();
  #made = false;

  constructor(syscalls: Syscalls) {
    this.#socket = new NetfilterSocket(syscalls);
    this.#nowMs = () => syscalls.monotonicMs();
  }

  read(): Result<GuardFacts, KernelFault> {
    const addresses = new Map<IpAddress, GuardedAddress>();
    const note = (fact: NftElementFact, more: Partial<GuardedAddress>): void => {
      const address = ipAddressFromBytes(fact.key);
      addresses.set(address, { ...addresses.get(address), address, ...more });
    };
    for (const family of ["4", "6"]) {
      for (const fact of this.#dump(`held${family}`)) {
        const leaseMs = leaseOfChain(fact.chain ?? "");
        if (leaseMs !== undefined) note(fact, { leaseMs });
      }
      for (const fact of this.#dump(`refused${family}`)) note(fact, { refused: true });
    }
    const lengths = new Set([...addresses.values()].flatMap((one) => one.leaseMs ?? []));
    const leases: { leaseMs: number; renewedAtMs: number }[] = [];
    for (const leaseMs of lengths) {
      const [alive] = this.#dump(leaseSet(leaseMs));
      if (alive?.expiresMs !== undefined)
        leases.push({ leaseMs, renewedAtMs: this.#nowMs() - leaseMs + alive.expiresMs });
    }
    return ok({ addresses: [...addresses.values()], leases });
  }

  apply(
    operations: readonly GuardOperation[],
    renewals: readonly LeaseRenewal[],
  ): Result<{ readonly rebuilt: boolean }, KernelFault> {
    if (!this.#made) {
      const left = this.read();
      if (left.ok)
        for (const guarded of left.value.addresses) this.#addresses.set(guarded.address, guarded);
      for (const operation of operations) this.#note(operation);
      const alive = left.ok ? left.value.leases : [];
      const kept = alive.map(({ leaseMs, renewedAtMs }) => ({
        leaseMs,
        forMs: leaseMs - (this.#nowMs() - renewedAtMs),
      }));
      return this.#build([...kept.filter(({ forMs }) => forMs > 0), ...renewals], false);
    }
    const requests = [...this.#edits(operations), ...this.#renewing(renewals)];
    if (requests.length === 0) return ok({ rebuilt: false });
    const done = this.#socket.transact(requests);
    if (done.ok) return ok({ rebuilt: false });
    // Somebody has removed the table or some of it.
    return done.fault.errno === errno.ENOENT ? this.#build(renewals, true) : done;
  }

  intact(): boolean {
    if (!this.#made) return true;
    for (const family of [nftFamily.inet, nftFamily.arp]) {
      const request = encodeNftTable(family, GUARD_TABLE);
      const found = this.#socket.get(nftMessage.getTable, 0, request, () => undefined);
      if (!found.ok && found.fault.errno === errno.ENOENT) return false;
    }
    return true;
  }

  remove(): Result<void, KernelFault> {
    this.#made = false;
    this.#addresses.clear();
    this.#links.clear();
    this.#leases.clear();
    return this.#socket.transact(removal());
  }

  /** Everything anew, in one transaction. */
  #build(
    renewals: readonly LeaseRenewal[],
    rebuilt: boolean,
  ): Result<{ readonly rebuilt: boolean }, KernelFault> {
    this.#leases = new Set();
    const requests = [...removal(), ...guardLayout(GUARD_TABLE)];
    for (const guarded of this.#addresses.values())
      if (guarded.leaseMs !== undefined) requests.push(...this.#leaseOf(guarded.leaseMs));
    for (const { leaseMs } of renewals) requests.push(...this.#leaseOf(leaseMs));
    requests.push(...this.#additions([...this.#addresses.values()]));
    requests.push(...this.#linkEdits(nftMessage.newSetElement, [...this.#links]));
    requests.push(...this.#renewing(renewals));
    const done = this.#socket.transact(requests);
    this.#made = done.ok;
    return done.ok ? ok({ rebuilt }) : done;
  }

  /** Requests for operations on tables that are there; notes them. */
  #edits(operations: readonly GuardOperation[]): NftRequest[] {
    const requests: NftRequest[] = [];
    for (const operation of operations) {
      if (operation.kind === "guard-address")
        requests.push(...this.#addressEdit(operation.guarded.address, operation.guarded));
      else if (operation.kind === "release-address")
        requests.push(...this.#addressEdit(operation.address, undefined));
      else requests.push(...this.#linkEdit(operation));
      this.#note(operation);
    }
    return requests;
  }

  #addressEdit(address: IpAddress, after: GuardedAddress | undefined): NftRequest[] {
    const before = this.#addresses.get(address);
    if (sameGuard(before, after)) return [];
    return [
      ...(before === undefined ? [] : this.#removals([before])),
      ...(after?.leaseMs === undefined ? [] : this.#leaseOf(after.leaseMs)),
      ...(after === undefined ? [] : this.#additions([after])),
    ];
  }

  #linkEdit(operation: {
    readonly kind: "quiet-link" | "release-link";
    readonly interface: string;
  }): NftRequest[] {
    const quiet = operation.kind === "quiet-link";
    if (this.#links.has(operation.interface) === quiet) return [];
    const type = quiet ? nftMessage.newSetElement : nftMessage.deleteSetElement;
    return this.#linkEdits(type, [operation.interface]);
  }

  #note(operation: GuardOperation): void {
    switch (operation.kind) {
      case "guard-address":
        this.#addresses.set(operation.guarded.address, operation.guarded);
        return;
      case "release-address":
        this.#addresses.delete(operation.address);
        return;
      case "quiet-link":
        this.#links.add(operation.interface);
        return;
      case "release-link":
        this.#links.delete(operation.interface);
        return;
    }
  }

  #leaseOf(leaseMs: number): readonly NftRequest[] {
    if (this.#leases.has(leaseMs)) return [];
    this.#leases.add(leaseMs);
    return leaseLayout(GUARD_TABLE, leaseMs);
  }

  #additions(guarded: readonly GuardedAddress[]): NftRequest[] {
    return this.#addressEdits(nftMessage.newSetElement, guarded);
  }

  #removals(guarded: readonly GuardedAddress[]): NftRequest[] {
    return this.#addressEdits(nftMessage.deleteSetElement, guarded);
  }

  #addressEdits(type: number, guarded: readonly GuardedAddress[]): NftRequest[] {
    const requests: NftRequest[] = [];
    for (const family of [4, 6] as const) {
      const own = guarded.filter(({ address }) => familyOf(address) === family);
      const held = own.flatMap(({ address, leaseMs }): NftElement[] =>
        leaseMs === undefined
          ? []
          : [
              {
                key: ipAddressBytes(address),
                verdict: { kind: "jump", chain: leaseChain(leaseMs) },
              },
            ],
      );
      const refused = own.flatMap(({ address, refused: isRefused }) =>
        isRefused === true ? [{ key: ipAddressBytes(address) }] : [],
      );
      requests.push(...elements(type, nftFamily.inet, `held${family}`, held));
      if (family === 4) requests.push(...elements(type, nftFamily.arp, "held", held));
      requests.push(...elements(type, nftFamily.inet, `refused${family}`, refused));
    }
    return requests;
  }

  #linkEdits(type: number, names: readonly string[]): NftRequest[] {
    const keys = names.map((name) => {
      const key = new Uint8Array(interfaceKeyLength);
      key.set(encodeText(name).subarray(0, interfaceKeyLength));
      return { key };
    });
    return elements(type, nftFamily.inet, "quiet_links", keys);
  }

  /** An element cannot be given another timeout everywhere: it is replaced, present or not. */
  #renewing(renewals: readonly LeaseRenewal[]): NftRequest[] {
    const requests: NftRequest[] = [];
    for (const { leaseMs, forMs } of renewals) {
      requests.push(...this.#leaseOf(leaseMs));
      const timeoutMs = Math.max(1, Math.min(leaseMs, Math.floor(forMs)));
      for (const [family, protocols] of [
        [nftFamily.inet, [nftFamily.ipv4, nftFamily.ipv6]],
        [nftFamily.arp, [nftFamily.arp]],
      ] as const) {
        const alive = protocols.map((protocol) => ({ key: Uint8Array.of(protocol), timeoutMs }));
        const set = leaseSet(leaseMs);
        requests.push(
          ...elements(nftMessage.newSetElement, family, set, alive),
          ...elements(nftMessage.deleteSetElement, family, set, alive),
          ...elements(nftMessage.newSetElement, family, set, alive),
        );
      }
    }
    return requests;
  }

  #dump(set: string): readonly NftElementFact[] {
    const facts: NftElementFact[] = [];
    const place = { family: nftFamily.inet, table: GUARD_TABLE, set };
    this.#socket.get(
      nftMessage.getSetElement,
      netlinkFlag.dump,
      encodeNftSetDump(place),
      ({ payload }) => {
        const decoded = decodeNftElements(payload);
        if (decoded.ok) facts.push(...decoded.value);
      },
    );
    return facts;
  }
}

function sameGuard(a: GuardedAddress | undefined, b: GuardedAddress | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.leaseMs === b.leaseMs && (a.refused ?? false) === (b.refused ?? false);
}

function elements(
  type: number,
  family: number,
  set: string,
  all: readonly NftElement[],
): NftRequest[] {
  const requests: NftRequest[] = [];
  for (let from = 0; from < all.length; from += elementsPerMessageMax) {
    const some = all.slice(from, from + elementsPerMessageMax);
    const payload = encodeNftElements({ family, table: GUARD_TABLE, set }, some);
    requests.push({ type, flags: netlinkFlag.create, payload });
  }
  return requests;
}

/** Removing what may not be there: it is made first. */
function removal(): readonly NftRequest[] {
  return [nftFamily.inet, nftFamily.arp].flatMap((family) => {
    const payload = encodeNftTable(family, GUARD_TABLE);
    return [
      { type: nftMessage.newTable, flags: netlinkFlag.create, payload },
      { type: nftMessage.deleteTable, flags: 0, payload },
    ];
  });
}

/** The guard of the network namespace that the caller is in. */
export function openPacketGuard(syscalls: Syscalls): PacketGuard {
  return new NftGuard(syscalls);
}
