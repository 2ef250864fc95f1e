// Virtual servers that a reload has removed together with their address: they serve on for as long as
// the address is here, because clients come to it until its successor has announced itself.

import type { BalancerTable, Service } from "../model/balancer-table.ts";
import { virtualServerIdentity } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import { servedServers } from "./served-servers.ts";

/** The services of `table` that `after` does not wish for, on virtual addresses that it gives up. */
export function departingServices(
  table: BalancerTable,
  before: Model,
  after: Model,
): readonly Service[] {
  const kept = virtualAddresses(after);
  const givenUp = new Set([...virtualAddresses(before)].filter((address) => !kept.has(address)));
  const wished = new Set(
    servedServers(after, new Map()).map(({ key }) => virtualServerIdentity(key)),
  );
  return table.services.filter(
    ({ key }) =>
      key.kind === "address" && givenUp.has(key.address) && !wished.has(virtualServerIdentity(key)),
  );
}

/** Those whose address is still here. */
export function stillHeld(
  services: readonly Service[],
  holdsAddress: (address: string) => boolean,
): readonly Service[] {
  return services.filter(({ key }) => key.kind === "address" && holdsAddress(key.address));
}

function virtualAddresses(model: Model): Set<string> {
  return new Set(
    model.vrrpInstances.flatMap((instance) =>
      [...instance.virtualAddresses, ...instance.excludedAddresses].map((one) => one.address),
    ),
  );
}
