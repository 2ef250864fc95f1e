// The addresses of an instance as facts of the kernel.

import { familyOf } from "../base/address.ts";
import type { AddressFlagName, VirtualAddress, VrrpInstance } from "../model/vrrp-instance.ts";
import type { AddressFact } from "./operation.ts";
import { addressInterface } from "./virtual-links.ts";

/** IFA_F_*. */
const flagNumbers: Readonly<Record<AddressFlagName, number>> = {
  "-nodad": 0x02,
  home: 0x10,
  mngtmpaddr: 0x100,
  noprefixroute: 0x200,
  autojoin: 0x400,
};

/** The addresses of an instance, advertised or not, as the kernel of a MASTER should have them. */
export function addressFacts(instance: VrrpInstance): readonly AddressFact[] {
  return [...instance.virtualAddresses, ...instance.excludedAddresses].map((address) =>
    // A virtual address must be usable at once: there is no time for duplicate detection.
    addressFact(address, addressInterface(instance, address), flagNumbers["-nodad"]),
  );
}

/**
 * One configured address as a fact of the kernel; `flagsOfIpv6` are those that IPv6 addresses have
 * beyond what is written.
 */
export function addressFact(
  virtual: VirtualAddress,
  interfaceName: string,
  flagsOfIpv6 = 0,
): AddressFact {
  const { address, prefixLength, label, broadcast, scope, peer } = virtual;
  const isIpv6 = familyOf(address) === 6;
  const written = (virtual.flags ?? []).reduce((sum, name) => sum | flagNumbers[name], 0);
  const flags = written | (isIpv6 ? flagsOfIpv6 : 0);
  const preferredLifetimeS = preferredLifetimeOf(virtual, isIpv6);
  return {
    address,
    prefixLength,
    interface: interfaceName,
    ...(label === undefined ? {} : { label }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(scope === undefined ? {} : { scope }),
    ...(peer === undefined ? {} : { peer }),
    ...(flags === 0 ? {} : { flags }),
    ...(virtual.tracked === false ? { tracked: false } : {}),
    ...(preferredLifetimeS === undefined ? {} : { preferredLifetimeS }),
  };
}

/** The kernel would choose an address of 128 bits as the source of what has nothing to do with it. */
function preferredLifetimeOf(virtual: VirtualAddress, isIpv6: boolean): number | undefined {
  if (!isIpv6) return undefined;
  const written = virtual.preferredLifetimeS;
  if (written !== undefined) return written === "forever" ? undefined : written;
  return virtual.prefixLength === 128 ? 0 : undefined;
}
