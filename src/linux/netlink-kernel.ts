// Interfaces and addresses through rtnetlink.

import { familyOf } from "../base/address.ts";
import { ok, type Result } from "../base/result.ts";
import type { AddressFact, AddressOperation } from "../plan/operation.ts";
import {
  type AddressLifetime,
  type AddressMessage,
  addressFlag,
  decodeAddressMessage,
  encodeAddressDump,
  encodeAddressMessage,
} from "../wire/netlink/address-message.ts";
import {
  decodeLinkMessage,
  encodeLinkRequest,
  type LinkMessage,
  linkFlag,
} from "../wire/netlink/link-message.ts";
import { type NetlinkMessage, netlinkFlag, netlinkType } from "../wire/netlink/message.ts";
import type { AddressKernel, KernelChange, KernelFault, LinkFact } from "../world/kernel.ts";
import { errno, syscallFailed } from "./ffi/errno.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { type NetlinkChange, NetlinkNotifications, NetlinkRequests } from "./netlink-socket.ts";

/** RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_NETCONF. */
const groups = [1, 5, 9, 25];
const allLinks = 0;
/** What `ip address` shows as `proto keepalived`: those who look for virtual addresses look for it. */
const protocolKeepalived = 18;

function linkFact(message: LinkMessage): LinkFact {
  return {
    index: message.index,
    name: message.name,
    up: (message.flags & linkFlag.up) !== 0,
    carrier: (message.flags & linkFlag.lowerUp) !== 0,
    mtu: message.mtu,
    mac: message.mac,
    type: message.type,
    ...(message.kind === undefined ? {} : { kind: message.kind }),
    ...(message.ipv6Forwarding === undefined ? {} : { ipv6Forwarding: message.ipv6Forwarding }),
    ...(message.master === undefined ? {} : { master: message.master }),
    ...(message.alias === undefined ? {} : { alias: message.alias }),
  };
}

/** A label that repeats the name, and the global scope, are what an address has when none is set. */
function addressFact(message: AddressMessage, interfaceName: string, nowMs: number): AddressFact {
  const { label, broadcast, scope, peer, lifetime } = message;
  return {
    address: message.address,
    prefixLength: message.prefixLength,
    interface: interfaceName,
    ...(label === undefined || label === interfaceName ? {} : { label }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(scope === 0 ? {} : { scope }),
    ...(peer === undefined ? {} : { peer }),
    ...(lifetime === undefined ? {} : leaseFact(lifetime, nowMs)),
  };
}

/** The kernel tells whole seconds that are left, and its own count of ticks at the last renewal. */
function leaseFact(lifetime: AddressLifetime, nowMs: number): Partial<AddressFact> {
  const { validS, updatedAtCs } = lifetime;
  if (validS === undefined || updatedAtCs === undefined) return {};
  const renewedAtMs = updatedAtCs * 10;
  const passedS = Math.max(0, Math.floor((nowMs - renewedAtMs) / 1000));
  return { leaseMs: (validS + passedS) * 1000, renewedAtMs };
}

/** An IPv6 address is set without duplicate detection: a virtual one must be usable at once. */
function additionOf(fact: AddressFact, interfaceIndex: number): AddressMessage {
  const { address, prefixLength, label, broadcast, peer } = fact;
  const isIpv6 = familyOf(address) === 6;
  return {
    interfaceIndex,
    address,
    prefixLength,
    scope: isIpv6 ? 0 : (fact.scope ?? 0),
    flags: fact.flags ?? (isIpv6 ? addressFlag.noDad : 0),
    ...(peer === undefined ? {} : { peer }),
    ...(broadcast === undefined || isIpv6 ? {} : { broadcast }),
    ...(label === undefined || isIpv6 ? {} : { label }),
    ...lifetimeOf(fact),
    protocol: protocolKeepalived,
  };
}

/** An address is never preferred for longer than it lives. */
function lifetimeOf(fact: AddressFact): { readonly lifetime?: AddressLifetime } {
  const { lifetimeS: validS, preferredLifetimeS } = fact;
  if (validS === undefined && preferredLifetimeS === undefined) return {};
  const preferredS =
    preferredLifetimeS === undefined || validS === undefined
      ? (preferredLifetimeS ?? validS)
      : Math.min(preferredLifetimeS, validS);
  return { lifetime: { validS, preferredS } };
}

/** A renewal without a lifetime makes the address one that stays. */
function renewalOf(fact: AddressFact): { readonly lifetime?: AddressLifetime } {
  const wished = lifetimeOf(fact);
  return wished.lifetime === undefined
    ? { lifetime: { validS: undefined, preferredS: undefined } }
    : wished;
}

function mortalKey({ address, prefixLength, interface: name }: AddressFact): string {
  return `${address}/${prefixLength} ${name}`;
}

class NetlinkKernel implements AddressKernel {
  readonly #requests: NetlinkRequests;
  readonly #notifications: NetlinkNotifications;
  /** Names of links by index, as the notifications have told them. */
  readonly #names = new Map<number, string>();
  /** IPv6 addresses that were given a lifetime here. */
  readonly #mortal = new Set<string>();
  readonly #nowMs: () => number;
  changesSent = 0;

  constructor(syscalls: Syscalls) {
    this.#nowMs = () => syscalls.monotonicMs();
    this.#requests = new NetlinkRequests(syscalls);
    this.#notifications = new NetlinkNotifications(syscalls);
  }

  links(): Result<readonly LinkFact[], KernelFault> {
    const request = encodeLinkRequest(allLinks);
    const links = this.#requests.dump(
      "RTM_GETLINK",
      netlinkType.getLink,
      request,
      decodeLinkMessage,
    );
    if (!links.ok) return links;
    // Who listens to changes has lost some when it asks for everything.
    if (this.#names.size > 0) {
      this.#names.clear();
      for (const { index, name } of links.value) this.#names.set(index, name);
    }
    return ok(links.value.map(linkFact));
  }

  addresses(): Result<readonly AddressFact[], KernelFault> {
    const messages: AddressMessage[] = [];
    // A family at a time: asked for both, the kernel waits for whoever configures the network.
    for (const family of [4, 6] as const) {
      const dumped = this.#requests.dump(
        "RTM_GETADDR",
        netlinkType.getAddress,
        encodeAddressDump(family),
        decodeAddressMessage,
      );
      if (!dumped.ok) return dumped;
      // A kernel without the family answers with what it has.
      messages.push(...dumped.value.filter(({ address }) => familyOf(address) === family));
    }
    const names = this.#namesOf(messages);
    if (!names.ok) return names;
    const facts: AddressFact[] = [];
    for (const message of messages) {
      const name = names.value.get(message.interfaceIndex);
      if (name !== undefined) facts.push(addressFact(message, name, this.#nowMs()));
    }
    return ok(facts);
  }

  /** Names of the links of some addresses; the links are asked only when one is not known. */
  #namesOf(messages: readonly AddressMessage[]): Result<ReadonlyMap<number, string>, KernelFault> {
    if (messages.every(({ interfaceIndex }) => this.#names.has(interfaceIndex)))
      return ok(this.#names);
    // Read after the addresses: a link that is missing here has taken its addresses with it.
    const links = this.links();
    return links.ok ? ok(new Map(links.value.map((link) => [link.index, link.name]))) : links;
  }

  apply(operation: AddressOperation): Result<void, KernelFault> {
    const { fact } = operation;
    const index = this.#requests.interfaceIndex(fact.interface);
    return operation.kind === "add-address" ? this.#add(fact, index) : this.#remove(fact, index);
  }

  renew(facts: readonly AddressFact[]): Result<void, KernelFault> {
    const indexes = new Map<string, number>();
    const requests: NetlinkChange[] = [];
    const flags = netlinkFlag.create | netlinkFlag.replace;
    for (const fact of facts) {
      const known = indexes.get(fact.interface);
      const index = known ?? this.#requests.interfaceIndex(fact.interface);
      indexes.set(fact.interface, index);
      if (index < 0) continue;
      this.#noteLifetime(fact);
      const payload = encodeAddressMessage({ ...additionOf(fact, index), ...renewalOf(fact) });
      requests.push({ type: netlinkType.newAddress, flags, payload });
    }
    return this.#requests.changeMany("RTM_NEWADDR", requests);
  }

  #add(fact: AddressFact, index: number): Result<void, KernelFault> {
    if (index < 0) return syscallFailed("RTM_NEWADDR", index, `no interface ${fact.interface}`);
    this.changesSent++;
    this.#noteLifetime(fact);
    const flags = netlinkFlag.create | netlinkFlag.exclusive;
    const payload = encodeAddressMessage(additionOf(fact, index));
    const added = this.#requests.change("RTM_NEWADDR", netlinkType.newAddress, flags, payload);
    return !added.ok && added.fault.errno === errno.EEXIST ? ok(undefined) : added;
  }

  #remove(fact: AddressFact, index: number): Result<void, KernelFault> {
    if (index < 0) return ok(undefined);
    this.changesSent++;
    const payload = encodeAddressMessage({
      interfaceIndex: index,
      address: fact.address,
      prefixLength: fact.prefixLength,
      scope: 0,
      flags: 0,
      ...(fact.peer === undefined ? {} : { peer: fact.peer }),
    });
    // With an address that would expire the kernel leaves the route to its prefix, which expires as
    // well: until then packets would go the wrong way.
    if (this.#mortal.delete(mortalKey(fact))) {
      const { lifetimeS, ...immortal } = fact;
      const kept = encodeAddressMessage({ ...additionOf(immortal, index), ...renewalOf(immortal) });
      this.#requests.change("RTM_NEWADDR", netlinkType.newAddress, netlinkFlag.replace, kept);
    }
    const removed = this.#requests.change("RTM_DELADDR", netlinkType.deleteAddress, 0, payload);
    if (removed.ok) return removed;
    const gone: number[] = [errno.EADDRNOTAVAIL, errno.ENODEV];
    return gone.includes(removed.fault.errno) ? ok(undefined) : removed;
  }

  #noteLifetime(fact: AddressFact): void {
    if (familyOf(fact.address) === 4) return;
    if (fact.lifetimeS === undefined) this.#mortal.delete(mortalKey(fact));
    else this.#mortal.add(mortalKey(fact));
  }

  watch(onChange: (change: KernelChange) => void): void {
    this.#notifications.subscribe(groups, {
      onMessage: (message) => {
        const change = this.#changeOf(message);
        if (change !== undefined) onChange(change);
      },
      onOverrun: () => onChange({ kind: "overrun" }),
    });
    const links = this.links();
    if (links.ok) for (const link of links.value) this.#names.set(link.index, link.name);
  }

  close(): void {
    this.#notifications.close();
    this.#requests.close();
  }

  #changeOf(message: NetlinkMessage): KernelChange | undefined {
    switch (message.type) {
      case netlinkType.newLink:
      case netlinkType.deleteLink:
        return this.#linkChange(message);
      case netlinkType.newAddress:
      case netlinkType.deleteAddress:
        return this.#addressChange(message);
      case netlinkType.newSettings:
        // Forwarding was switched on or off: the links are read again.
        return { kind: "overrun" };
      default:
        return undefined;
    }
  }

  #linkChange(message: NetlinkMessage): KernelChange | undefined {
    const decoded = decodeLinkMessage(message.payload);
    if (!decoded.ok) return { kind: "overrun" };
    if (decoded.value === undefined) return undefined;
    const { index, name } = decoded.value;
    if (message.type === netlinkType.deleteLink) {
      this.#names.delete(index);
      return { kind: "link-gone", index, name };
    }
    this.#names.set(index, name);
    return { kind: "link", link: linkFact(decoded.value) };
  }

  #addressChange(message: NetlinkMessage): KernelChange | undefined {
    const decoded = decodeAddressMessage(message.payload);
    if (!decoded.ok) return { kind: "overrun" };
    if (decoded.value === undefined) return undefined;
    // The kernel tells of a link before it tells of its addresses.
    const name = this.#names.get(decoded.value.interfaceIndex);
    if (name === undefined) return { kind: "overrun" };
    const fact = addressFact(decoded.value, name, this.#nowMs());
    return message.type === netlinkType.newAddress
      ? { kind: "address-added", fact }
      : { kind: "address-removed", fact };
  }
}

/** The interfaces and addresses of the network namespace that the caller is in. */
export function openNetlinkKernel(syscalls: Syscalls): AddressKernel {
  return new NetlinkKernel(syscalls);
}
