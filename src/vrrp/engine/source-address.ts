// The address that an instance sends from.

import { familyOf, type IpAddress } from "../../base/address.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { isLinkLocal } from "../../wire/ipv6.ts";
import { unicastPeers } from "./expect-adverts.ts";

const OWNER = 255;

/**
 * What is configured, or the first address of the interface that is not virtual: of IPv4 the primary
 * one, of IPv6 a link-local one (RFC 9568 sections 5.1.1.1 and 5.1.2.1). To unicast peers that are
 * not link-local themselves a link-local source would be of no use: there a global one comes first.
 * `addresses` are those of the interface and the family in the kernel's order.
 */
export function sourceAddressOf(
  config: VrrpInstance,
  addresses: readonly IpAddress[],
  virtual: ReadonlySet<IpAddress>,
): IpAddress | undefined {
  const { options, sourceAddress, family } = config;
  const configured = options?.unicast?.source ?? sourceAddress;
  if (configured !== undefined && familyOf(configured) === family) return configured;
  const own = choose(config, addresses, (address) => !virtual.has(address));
  // The owner's addresses are real ones, and may be all that the interface has.
  return own ?? (config.priority === OWNER ? choose(config, addresses, () => true) : undefined);
}

function choose(
  config: VrrpInstance,
  addresses: readonly IpAddress[],
  eligible: (address: IpAddress) => boolean,
): IpAddress | undefined {
  if (config.family === 4) return addresses.find(eligible);
  const local = addresses.find((address) => isLinkLocal(address) && eligible(address));
  const peers = unicastPeers(config);
  if (peers === undefined || peers.every(isLinkLocal)) return local;
  return addresses.find((address) => !isLinkLocal(address) && eligible(address)) ?? local;
}
