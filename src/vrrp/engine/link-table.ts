// The engine's copy of the kernel's interfaces and addresses: filled from dumps, kept up by
// notifications.

import { type Family, familyOf, type IpAddress, ipAddressBytes } from "../../base/address.ts";
import type { AddressFact } from "../../plan/operation.ts";
import type { AddressKernel, KernelChange, LinkFact } from "../../world/kernel.ts";
import { addressKey } from "../address-plan.ts";

const SCOPE_HOST = 254;

export class LinkTable {
  readonly #kernel: AddressKernel;
  #links = new Map<string, LinkFact>();
  #addresses: readonly AddressFact[] = [];
  #keys = new Set<string>();
  /** When addresses with a lifetime were renewed last. */
  #renewedAtMs = new Map<string, number>();
  /** The addresses of each interface and family, collected when first asked for. */
  readonly #collected = new Map<string, readonly AddressFact[]>();
  /** Grows with every change of an interface. */
  version = 0;

  constructor(kernel: AddressKernel) {
    this.#kernel = kernel;
  }

  link(name: string): LinkFact | undefined {
    return this.#links.get(name);
  }

  /** True when the kernel has exactly this address. */
  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** True when the kernel would remove the address by itself; as of the last reading. */
  hasLifetime(key: string): boolean {
    return this.#renewedAtMs.has(key);
  }

  /** When an address with a lifetime was renewed last, as of the last reading; never too late. */
  renewedAtMs(key: string): number | undefined {
    return this.#renewedAtMs.get(key);
  }

  /** Reads every interface again. False: the kernel did not answer. */
  readLinks(): boolean {
    const links = this.#kernel.links();
    if (!links.ok) return false;
    this.#links = new Map(links.value.map((link) => [link.name, link]));
    this.version++;
    return true;
  }

  /** Reads every address again, and says whether anything differs from before. */
  readAddresses(): "changed" | "same" | "failed" {
    const addresses = this.#kernel.addresses();
    if (!addresses.ok) return "failed";
    this.#addresses = addresses.value;
    this.#collected.clear();
    const before = this.#keys;
    let same = addresses.value.length === before.size;
    const keys = new Set<string>();
    for (const fact of addresses.value) {
      const key = addressKey(fact);
      keys.add(key);
      same &&= before.has(key);
    }
    this.#keys = keys;
    this.#renewedAtMs = new Map(
      addresses.value.flatMap((fact): [string, number][] =>
        fact.renewedAtMs === undefined ? [] : [[addressKey(fact), fact.renewedAtMs]],
      ),
    );
    return same ? "same" : "changed";
  }

  /** Takes what the kernel tells of interfaces; false: it is about something else. */
  take(change: KernelChange): boolean {
    if (change.kind === "link") this.setLink(change.link);
    else if (change.kind === "link-gone") this.removeLink(change.index);
    else return false;
    return true;
  }

  /** Notes a notification about an interface. */
  setLink(link: LinkFact): void {
    for (const [name, known] of this.#links)
      if (known.index === link.index && name !== link.name) this.#links.delete(name);
    this.#links.set(link.name, link);
    this.version++;
  }

  removeLink(index: number): void {
    for (const [name, known] of this.#links) if (known.index === index) this.#links.delete(name);
    this.version++;
  }

  /** Notes an address that the kernel has confirmed to have added or removed. */
  noteAddress(fact: AddressFact, present: boolean): void {
    const key = addressKey(fact);
    if (present) this.#keys.add(key);
    else this.#keys.delete(key);
  }

  /** Addresses of an interface and family in the kernel's order, global scope first. */
  addressesOf(interfaceName: string, family: Family): readonly IpAddress[] {
    return this.#factsOf(interfaceName, family).map((fact) => fact.address);
  }

  /** True when the interface has the address, whatever the length of its prefix. */
  holdsAddress(interfaceName: string, address: IpAddress): boolean {
    return this.#addresses.some(
      (fact) => fact.interface === interfaceName && fact.address === address,
    );
  }

  /** The addresses of an interface that are not virtual. */
  ownAddresses(
    interfaceName: string,
    family: Family,
    virtual: ReadonlySet<IpAddress>,
  ): ReadonlySet<IpAddress> {
    const own = this.addressesOf(interfaceName, family);
    return new Set(own.filter((address) => !virtual.has(address)));
  }

  /** True when an address is in one of the networks of an interface: no router is in between. */
  onLink(interfaceName: string, address: IpAddress): boolean {
    const wanted = ipAddressBytes(address);
    return this.#factsOf(interfaceName, familyOf(address)).some((fact) =>
      samePrefix(wanted, ipAddressBytes(fact.address), fact.prefixLength),
    );
  }

  #factsOf(interfaceName: string, family: Family): readonly AddressFact[] {
    const key = `${family} ${interfaceName}`;
    const known = this.#collected.get(key);
    if (known !== undefined) return known;
    const own = this.#addresses.filter(
      (fact) => fact.interface === interfaceName && familyOf(fact.address) === family,
    );
    const local = own.filter((fact) => (fact.scope ?? 0) !== 0 && fact.scope !== SCOPE_HOST);
    const global = own.filter((fact) => (fact.scope ?? 0) === 0);
    const collected = [...global, ...local];
    this.#collected.set(key, collected);
    return collected;
  }
}

function samePrefix(a: Uint8Array, b: Uint8Array, length: number): boolean {
  for (let i = 0; i * 8 < length; i++) {
    const mask = (0xff00 >> Math.min(8, length - i * 8)) & 255;
    if (((a[i] ?? 0) & mask) !== ((b[i] ?? 0) & mask)) return false;
  }
  return true;
}
