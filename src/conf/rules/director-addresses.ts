// Which addresses the directors themselves have: what their files and the hint show.

import { familyOf, type IpAddress, type IpPrefix, ipAddressBytes } from "../../base/address.ts";
import { settingOf } from "../keepalived/section.ts";
import type { Configuration } from "./rule.ts";
import type { Topology } from "./topology.ts";
import { heldAddresses } from "./vrrp-addresses.ts";

/** One director as files and hint show it. */
export interface KnownDirector {
  readonly name: string;
  /** Its own addresses, which it has in every state. */
  readonly addresses: ReadonlySet<IpAddress>;
}

/**
 * The directors by their own addresses. A node's file gives its `unicast_src_ip`, `mcast_src_ip` and
 * `static_ipaddress`; its `unicast_peer` lines give other directors, which may be nodes as well.
 */
export function knownDirectors(
  nodes: readonly Configuration[],
  topology: Topology,
): readonly KnownDirector[] {
  const groups: { name: string; addresses: Set<IpAddress> }[] = [];
  const add = (name: string, addresses: readonly IpAddress[]): void => {
    if (addresses.length === 0) return;
    const known = groups.find((group) => addresses.some((one) => group.addresses.has(one)));
    if (known === undefined) groups.push({ name, addresses: new Set(addresses) });
    else for (const address of addresses) known.addresses.add(address);
  };
  for (const { name, addresses } of topology.directors)
    add(
      name,
      addresses.map(({ address }) => address),
    );
  for (const node of nodes) add(node.file, ownAddresses(node));
  for (const node of nodes) for (const peer of peersOf(node)) add(peer, [peer]);
  return groups;
}

function ownAddresses(node: Configuration): readonly IpAddress[] {
  const found: IpAddress[] = [];
  for (const { spec, section } of node.root.settings) {
    if (spec.name !== "vrrp_instance" || section === undefined) continue;
    for (const keyword of ["unicast_src_ip", "mcast_src_ip"]) {
      const value = settingOf(section, keyword)?.values[0];
      if (typeof value === "string") found.push(value as IpAddress);
    }
  }
  for (const { kind, address } of heldAddresses(node)) if (kind === "static") found.push(address);
  return found;
}

function peersOf(node: Configuration): readonly IpAddress[] {
  const found: IpAddress[] = [];
  for (const { spec, section } of node.root.settings) {
    if (spec.name !== "vrrp_instance" || section === undefined) continue;
    for (const entry of settingOf(section, "unicast_peer")?.entries ?? []) {
      const peer = entry.leading[0];
      if (typeof peer === "string") found.push(peer as IpAddress);
    }
  }
  return found;
}

/** True when an address belongs to a prefix. */
export function prefixContains(prefix: IpPrefix, address: IpAddress): boolean {
  if (familyOf(prefix.address) !== familyOf(address)) return false;
  const network = ipAddressBytes(prefix.address);
  const host = ipAddressBytes(address);
  const whole = prefix.prefixLength >> 3;
  for (let i = 0; i < whole; i++) if (network[i] !== host[i]) return false;
  const rest = prefix.prefixLength & 7;
  if (rest === 0) return true;
  const mask = (0xff00 >> rest) & 0xff;
  return ((network[whole] ?? 0) & mask) === ((host[whole] ?? 0) & mask);
}

/** `10.0.0.0/24` for any address of that network. */
export function networkText(prefix: IpPrefix): string {
  const bytes = ipAddressBytes(prefix.address);
  if (bytes.length !== 4) return `${prefix.address}/${prefix.prefixLength}`;
  const parts = [...bytes].map((byte, i) => {
    const bits = Math.min(8, Math.max(0, prefix.prefixLength - 8 * i));
    return byte & (0xff00 >> bits) & 0xff;
  });
  return `${parts.join(".")}/${prefix.prefixLength}`;
}
