// The addresses of an instance as facts of the kernel.

import type { VirtualAddress, VrrpInstance } from "../model/vrrp-instance.ts";
import type { AddressFact } from "./operation.ts";

/** The addresses of an instance, advertised or not, as the kernel of a MASTER should have them. */
export function addressFacts(instance: VrrpInstance): readonly AddressFact[] {
  return [...instance.virtualAddresses, ...instance.excludedAddresses].map((address) =>
    addressFact(instance, address),
  );
}

function addressFact(instance: VrrpInstance, virtual: VirtualAddress): AddressFact {
  return {
    address: virtual.address,
    prefixLength: virtual.prefixLength,
    interface: virtual.interface ?? instance.interface,
    ...(virtual.label === undefined ? {} : { label: virtual.label }),
    ...(virtual.broadcast === undefined ? {} : { broadcast: virtual.broadcast }),
    ...(virtual.scope === undefined ? {} : { scope: virtual.scope }),
  };
}
