// What must change in the balancer's table. Facts that agree cause no operation.

import type { BalancerTable, Destination, Service } from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import type { BalancerOperation } from "./operation.ts";
import { orderOperations } from "./order.ts";

/**
 * Operations that turn `observed` into `desired`, in the order in which to apply them. An added
 * service carries no destinations; each is an operation of its own. The order of destinations is
 * no fact: a destination that comes back is added at the end, as in IPVS, and nobody is moved.
 */
export function diffTable(
  desired: BalancerTable,
  observed: BalancerTable,
): readonly BalancerOperation[] {
  const found = new Map(
    observed.services.map((service) => [virtualServerIdentity(service.key), service]),
  );
  const operations: BalancerOperation[] = [];
  for (const service of desired.services) {
    const identity = virtualServerIdentity(service.key);
    operations.push(...diffService(service, found.get(identity)));
    found.delete(identity);
  }
  for (const service of found.values())
    operations.push({ kind: "remove-service", key: service.key });
  return orderOperations(operations);
}

function diffService(wish: Service, found: Service | undefined): readonly BalancerOperation[] {
  const operations: BalancerOperation[] = [];
  const bare: Service = { ...wish, destinations: [] };
  if (found === undefined) operations.push({ kind: "add-service", service: bare });
  else if (!sameService(wish, found)) operations.push({ kind: "change-service", service: bare });
  const { key } = wish;
  const held = new Map(
    (found?.destinations ?? []).map((destination) => [
      realServerIdentity(destination),
      destination,
    ]),
  );
  for (const destination of wish.destinations) {
    const identity = realServerIdentity(destination);
    const current = held.get(identity);
    held.delete(identity);
    if (current === undefined) operations.push({ kind: "add-destination", key, destination });
    else if (!sameDestination(destination, current))
      operations.push({ kind: "change-destination", key, destination });
  }
  for (const { address, port } of held.values())
    operations.push({ kind: "remove-destination", key, address, port });
  return operations;
}

function sameService(a: Service, b: Service): boolean {
  const flags = ({ schedulerFlags = [] }: Service): string => schedulerFlags.toSorted().join();
  return (
    a.scheduler === b.scheduler &&
    a.persistenceTimeoutS === b.persistenceTimeoutS &&
    a.persistencePrefixLength === b.persistencePrefixLength &&
    a.persistenceEngine === b.persistenceEngine &&
    a.persistenceGroup === b.persistenceGroup &&
    a.onePacket === b.onePacket &&
    flags(a) === flags(b)
  );
}

function sameDestination(a: Destination, b: Destination): boolean {
  return (
    a.weight === b.weight &&
    a.forwarding === b.forwarding &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    (a.forwarding !== "TUN" || tunnelText(a) === tunnelText(b)) &&
    (a.forwarding !== "FULLNAT" || fullNatText(a) === fullNatText(b))
  );
}

/** The same text for what is meant and for what is only not said. */
function tunnelText({ tunnel }: Destination): string {
  const { type = "ipip", port = 0, checksum = "none" } = tunnel ?? {};
  return type === "ipip" ? type : `${type} ${port} ${checksum}`;
}

/** The order of sources is none: they are taken by need. */
function fullNatText({ fullNat }: Destination): string {
  const { sources = [], tellsClient = "nothing" } = fullNat ?? {};
  return `${tellsClient} ${sources.toSorted().join()}`;
}
