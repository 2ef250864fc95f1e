// The engine's copy of the kernel's interfaces and addresses: filled from dumps, kept up by
// notifications.

import { familyOf, type IpAddress, ipv4Number } from "../../base/address.ts";
import type { AddressFact } from "../../plan/operation.ts";
import type { AddressKernel, LinkFact } from "../../world/kernel.ts";
import { addressKey } from "../address-plan.ts";

const SCOPE_HOST = 254;

export class LinkTable {
  readonly #kernel: AddressKernel;
  #links = new Map<string, LinkFact>();
  #addresses: readonly AddressFact[] = [];
  #keys = new Set<string>();
  /** IPv4 addresses by interface, collected when first asked for. */
  readonly #ipv4 = new Map<string, readonly IpAddress[]>();
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
    this.#ipv4.clear();
    const before = this.#keys;
    let same = addresses.value.length === before.size;
    const keys = new Set<string>();
    for (const fact of addresses.value) {
      const key = addressKey(fact);
      keys.add(key);
      same &&= before.has(key);
    }
    this.#keys = keys;
    return same ? "same" : "changed";
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

  /** IPv4 addresses of an interface in the kernel's order, global scope first. */
  ipv4Addresses(interfaceName: string): readonly IpAddress[] {
    const known = this.#ipv4.get(interfaceName);
    if (known !== undefined) return known;
    const own = this.#addresses.filter(
      (fact) => fact.interface === interfaceName && familyOf(fact.address) === 4,
    );
    const local = own.filter((fact) => (fact.scope ?? 0) !== 0 && fact.scope !== SCOPE_HOST);
    const global = own.filter((fact) => (fact.scope ?? 0) === 0);
    const collected = [...global, ...local].map((fact) => fact.address);
    this.#ipv4.set(interfaceName, collected);
    return collected;
  }

  /** True when the interface has the address, whatever the length of its prefix. */
  holdsAddress(interfaceName: string, address: IpAddress): boolean {
    return this.#addresses.some(
      (fact) => fact.interface === interfaceName && fact.address === address,
    );
  }

  /** The numbers of an interface's IPv4 addresses that are not virtual. */
  ownNumbers(interfaceName: string, virtual: ReadonlySet<IpAddress>): readonly number[] {
    return this.ipv4Addresses(interfaceName)
      .filter((address) => !virtual.has(address))
      .map(ipv4Number);
  }
}
