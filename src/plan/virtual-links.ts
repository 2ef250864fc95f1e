// Interfaces of virtual routers: where adverts and addresses go when an instance has an interface
// of its own [use_vmac, use_ipvlan].

import { familyOf, type IpAddress, parseIpAddress } from "../base/address.ts";
import type { VirtualAddress, VrrpInstance } from "../model/vrrp-instance.ts";

/** IFNAMSIZ without the NUL. */
const nameLengthMax = 15;

/** An interface on top of another one, as it should be. */
export interface VirtualLink {
  readonly name: string;
  /** The interface below. */
  readonly base: string;
  readonly kind: "macvlan" | "ipvlan";
  /** 6 bytes; absent for ipvlan, which has the base's. */
  readonly mac?: Uint8Array;
  /** Of an ipvlan: 0 bridge, 1 private, 2 vepa. */
  readonly flags?: number;
  /** True when IPv6 is needed there. */
  readonly ipv6: boolean;
  /** True when adverts leave from it, so that it needs a link-local address in IPv6. */
  readonly carriesAdverts: boolean;
  /** An address that it has of its own [use_ipvlan]. */
  readonly address?: { readonly address: IpAddress; readonly prefixLength: number };
}

/** The name of the interface on which an instance's own addresses are. */
export function instanceInterface(instance: VrrpInstance): string {
  const { options } = instance;
  if (options?.virtualMac !== undefined)
    return options.virtualMac.interface ?? defaultName(instance, prefixOf(instance));
  if (options?.ipvlan !== undefined)
    return ipvlanOf(options.ipvlan).name ?? defaultName(instance, "ipvl");
  return instance.interface;
}

/** The interface from which adverts are sent and on which they are heard. */
export function advertInterface(instance: VrrpInstance): string {
  const { options } = instance;
  // Peers know a unicast sender by its address, which is the base's.
  const fromBase = options?.virtualMac?.transmitFromBase === true || options?.unicast !== undefined;
  return options?.virtualMac !== undefined && fromBase
    ? instance.interface
    : instanceInterface(instance);
}

/** The interface that one address goes to. */
export function addressInterface(instance: VrrpInstance, virtual: VirtualAddress): string {
  const device = virtual.interface;
  if (device === undefined || device === instance.interface) return instanceInterface(instance);
  return hasOwnMac(instance, virtual) ? extraName(instance, device) : device;
}

/** Every interface that an instance needs beside those of the host; each once. */
export function virtualLinks(instance: VrrpInstance): readonly VirtualLink[] {
  const links = new Map<string, VirtualLink>();
  const own = ownLink(instance);
  if (own !== undefined) links.set(own.name, own);
  for (const virtual of [...instance.virtualAddresses, ...instance.excludedAddresses]) {
    const device = virtual.interface;
    if (device === undefined || device === instance.interface || !hasOwnMac(instance, virtual))
      continue;
    const name = extraName(instance, device);
    const ipv6 = familyOf(virtual.address) === 6 || links.get(name)?.ipv6 === true;
    links.set(name, {
      name,
      base: device,
      kind: "macvlan",
      mac: virtualMac(instance),
      ipv6,
      carriesAdverts: false,
    });
  }
  return [...links.values()];
}

/** The MAC address of a virtual router (RFC 9568 section 7.3), or the configured one. */
export function virtualMac(instance: VrrpInstance): Uint8Array {
  const { vrid, family } = instance;
  const written = instance.options?.virtualMac?.mac?.split(":").map((octet) => parseInt(octet, 16));
  if (written === undefined) return Uint8Array.of(0, 0, 0x5e, 0, family === 4 ? 1 : 2, vrid);
  // Of five octets, the sixth is the VRID.
  return Uint8Array.from([...written, vrid].slice(0, 6));
}

function ownLink(instance: VrrpInstance): VirtualLink | undefined {
  const { options } = instance;
  const hasIpv6 = [...instance.virtualAddresses, ...instance.excludedAddresses].some(
    (virtual) => familyOf(virtual.address) === 6 && addressStays(instance, virtual),
  );
  const base = {
    name: instanceInterface(instance),
    base: instance.interface,
    ipv6: instance.family === 6 || hasIpv6,
    carriesAdverts: advertInterface(instance) !== instance.interface,
  };
  if (options?.virtualMac !== undefined)
    return { ...base, kind: "macvlan", mac: virtualMac(instance) };
  if (options?.ipvlan === undefined) return undefined;
  const { flags, address } = ipvlanOf(options.ipvlan);
  return { ...base, kind: "ipvlan", flags, ...(address === undefined ? {} : { address }) };
}

function addressStays(instance: VrrpInstance, virtual: VirtualAddress): boolean {
  return virtual.interface === undefined || virtual.interface === instance.interface;
}

function hasOwnMac(instance: VrrpInstance, virtual: VirtualAddress): boolean {
  return virtual.virtualMac === true || instance.options?.virtualMac?.ofAddresses === true;
}

function prefixOf(instance: VrrpInstance): string {
  return instance.options?.virtualMacPrefix ?? "vrrp";
}

/** `vrrp.51`, `vrrp6.51`: scripts and firewalls of the field know these names. */
function defaultName({ family, vrid }: VrrpInstance, prefix: string): string {
  return `${prefix}${family === 6 ? "6" : ""}.${vrid}`;
}

/** The interface for addresses on another device than the instance's. */
function extraName(instance: VrrpInstance, device: string): string {
  const prefix = instance.options?.virtualMacAddressPrefix ?? prefixOf(instance);
  const name = `${defaultName(instance, prefix)}.${device}`;
  return name.slice(0, nameLengthMax);
}

const ipvlanModes: Readonly<Record<string, number>> = { bridge: 0, private: 1, vepa: 2 };

/** Words behind use_ipvlan: `name NAME`, an address, a mode, a name; `group N` is passed over. */
function ipvlanOf(words: readonly string[]): {
  readonly name?: string;
  readonly flags: number;
  readonly address?: { readonly address: IpAddress; readonly prefixLength: number };
} {
  let name: string | undefined;
  let flags = 0;
  let address: { readonly address: IpAddress; readonly prefixLength: number } | undefined;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const mode = ipvlanModes[word];
    const [host = "", length] = word.split("/");
    const parsed = parseIpAddress(host);
    if (word === "name") {
      i++;
      name = words[i];
    } else if (word === "group") i++;
    else if (mode !== undefined) flags = mode;
    else if (parsed.ok) {
      const whole = familyOf(parsed.value) === 4 ? 32 : 128;
      address = {
        address: parsed.value,
        prefixLength: length === undefined ? whole : Number(length),
      };
    } else name = word;
  }
  return {
    flags,
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
  };
}
