// What somebody else did to the balancer's table: the difference between what this process left
// there and what is there, in words.

import type { BalancerTable, Destination, Service } from "../model/balancer-table.ts";
import { realServerIdentity, virtualServerIdentity } from "../model/health.ts";
import { endpointName, virtualServerName } from "../model/virtual-server.ts";
import { diffTable } from "../plan/diff-table.ts";
import type { BalancerOperation } from "../plan/operation.ts";

/** One foreign change. */
export interface ForeignChange {
  /** One line: what is there, and what should be. */
  readonly found: string;
  /** `operationTarget` of every operation that touches what was changed. */
  readonly targets: ReadonlySet<string>;
}

/** The object that an operation changes: a service, or one destination of it. */
export function operationTarget(operation: BalancerOperation): string {
  switch (operation.kind) {
    case "add-service":
    case "change-service":
      return virtualServerIdentity(operation.service.key);
    case "remove-service":
      return virtualServerIdentity(operation.key);
    case "add-destination":
    case "change-destination":
      return `${virtualServerIdentity(operation.key)} ${realServerIdentity(operation.destination)}`;
    case "remove-destination":
      return `${virtualServerIdentity(operation.key)} ${realServerIdentity(operation)}`;
  }
}

/**
 * Compares what was left with what is found. A service that is gone is one change, its
 * destinations included.
 */
export function findForeignChanges(
  left: BalancerTable,
  found: BalancerTable,
): readonly ForeignChange[] {
  const changes: { found: string; targets: Set<string> }[] = [];
  const gone = new Map<string, Set<string>>();
  for (const operation of diffTable(left, found)) {
    const target = operationTarget(operation);
    const serviceTarget = virtualServerIdentity(keyOf(operation));
    const whole = gone.get(serviceTarget);
    if (whole !== undefined) {
      whole.add(target);
      continue;
    }
    const targets = new Set([target]);
    changes.push({ found: describeFinding(operation, found), targets });
    if (operation.kind === "add-service") gone.set(serviceTarget, targets);
  }
  return changes;
}

/** What was found, told from the operation that would undo it. */
function describeFinding(operation: BalancerOperation, found: BalancerTable): string {
  const service = virtualServerName(keyOf(operation));
  switch (operation.kind) {
    case "add-service":
      return `virtual server ${service} was gone from the data plane`;
    case "change-service": {
      const there = findService(found, target(operation.service));
      return `virtual server ${service} had ${describeServiceDifference(there, operation.service)}`;
    }
    case "remove-service":
      return `virtual server ${service} was in the data plane and is not ours`;
    case "add-destination":
      return `real server ${nameOf(operation.destination)} was gone from ${service}`;
    case "change-destination": {
      const there = findService(found, virtualServerIdentity(operation.key))?.destinations.find(
        (one) => realServerIdentity(one) === realServerIdentity(operation.destination),
      );
      const difference = describeDestinationDifference(there, operation.destination);
      return `real server ${nameOf(operation.destination)} of ${service} had ${difference}`;
    }
    case "remove-destination":
      return `real server ${endpointName(operation.address, operation.port)} was in ${service} and is not ours`;
  }
}

function describeServiceDifference(there: Service | undefined, left: Service): string {
  const words: string[] = [];
  if (there?.scheduler !== left.scheduler)
    words.push(`scheduler ${there?.scheduler} instead of ${left.scheduler}`);
  if (there?.persistenceTimeoutS !== left.persistenceTimeoutS)
    words.push(
      `persistence ${there?.persistenceTimeoutS} s instead of ${left.persistenceTimeoutS} s`,
    );
  return words.length > 0 ? words.join(" and ") : "other flags";
}

function describeDestinationDifference(there: Destination | undefined, left: Destination): string {
  const words: string[] = [];
  if (there?.weight !== left.weight)
    words.push(`weight ${there?.weight} instead of ${left.weight}`);
  if (there?.forwarding !== left.forwarding)
    words.push(`forwarding ${there?.forwarding} instead of ${left.forwarding}`);
  return words.length > 0 ? words.join(" and ") : "other thresholds";
}

function keyOf(operation: BalancerOperation): Service["key"] {
  return "service" in operation ? operation.service.key : operation.key;
}

function target(service: Service): string {
  return virtualServerIdentity(service.key);
}

function findService(table: BalancerTable, identity: string): Service | undefined {
  return table.services.find((service) => virtualServerIdentity(service.key) === identity);
}

function nameOf(destination: Destination): string {
  return endpointName(destination.address, destination.port);
}
