// What an operation does to a table, as a data plane does it: for dry runs, simulation and tests.

import { fail, ok, type Result } from "../base/result.ts";
import type { BalancerTable, Destination, Service } from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import { describeOperation } from "./describe.ts";
import type { BalancerOperation } from "./operation.ts";

/** Why a table refuses an operation; the same cases as IPVS's EEXIST, ESRCH and ENOENT. */
export interface TableFault {
  readonly kind: "exists" | "no-such-service" | "no-such-destination";
  /** The refused operation, one line. */
  readonly text: string;
}

/** The table after one operation; new destinations go to the end. */
export function applyToTable(
  table: BalancerTable,
  operation: BalancerOperation,
): Result<BalancerTable, TableFault> {
  const refuse = (kind: TableFault["kind"]): Result<BalancerTable, TableFault> =>
    fail({ kind, text: describeOperation(operation) });
  const key = "service" in operation ? operation.service.key : operation.key;
  const current = findService(table, key);
  if (operation.kind === "add-service") {
    if (current !== undefined) return refuse("exists");
    return ok({ services: [...table.services, operation.service] });
  }
  if (current === undefined) return refuse("no-such-service");
  switch (operation.kind) {
    case "change-service": {
      const { destinations } = current;
      return ok(replaceService(table, current, { ...operation.service, destinations }));
    }
    case "remove-service":
      return ok({ services: table.services.filter((service) => service !== current) });
    case "add-destination": {
      if (findDestination(current, operation.destination) !== undefined) return refuse("exists");
      const destinations = [...current.destinations, operation.destination];
      return ok(replaceService(table, current, { ...current, destinations }));
    }
    case "change-destination": {
      const held = findDestination(current, operation.destination);
      if (held === undefined) return refuse("no-such-destination");
      const { destination } = operation;
      const destinations = current.destinations.map((one) => (one === held ? destination : one));
      return ok(replaceService(table, current, { ...current, destinations }));
    }
    case "remove-destination": {
      const held = findDestination(current, operation);
      if (held === undefined) return refuse("no-such-destination");
      const destinations = current.destinations.filter((one) => one !== held);
      return ok(replaceService(table, current, { ...current, destinations }));
    }
  }
}

function findService(table: BalancerTable, key: VirtualServerKey): Service | undefined {
  const identity = virtualServerIdentity(key);
  return table.services.find((service) => virtualServerIdentity(service.key) === identity);
}

function findDestination(
  service: Service,
  wanted: Pick<Destination, "address" | "port">,
): Destination | undefined {
  const identity = realServerIdentity(wanted);
  return service.destinations.find((one) => realServerIdentity(one) === identity);
}

function replaceService(table: BalancerTable, old: Service, changed: Service): BalancerTable {
  return { services: table.services.map((service) => (service === old ? changed : service)) };
}
