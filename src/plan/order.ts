// What goes first. A client must never meet a table that is poorer than both the old one and the
// new one, so gains come before losses.

import { virtualServerIdentity } from "../model/health.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import type { BalancerOperation } from "./operation.ts";

/**
 * Sorts operations, stable: service by service in the order in which they are first named; in each
 * the service itself, destinations that gain, destinations that lose (weight 0, then removal).
 * Services that go are last of all.
 */
export function orderOperations(
  operations: readonly BalancerOperation[],
): readonly BalancerOperation[] {
  const places = new Map<string, number>();
  for (const operation of operations) {
    const identity = virtualServerIdentity(keyOf(operation));
    if (!places.has(identity)) places.set(identity, places.size);
  }
  const ranked = operations.map((operation) => ({
    operation,
    goes: operation.kind === "remove-service" ? 1 : 0,
    place: places.get(virtualServerIdentity(keyOf(operation))) ?? 0,
    rank: rankOf(operation),
  }));
  ranked.sort((a, b) => a.goes - b.goes || a.place - b.place || a.rank - b.rank);
  return ranked.map((entry) => entry.operation);
}

function keyOf(operation: BalancerOperation): VirtualServerKey {
  return "service" in operation ? operation.service.key : operation.key;
}

function rankOf(operation: BalancerOperation): number {
  switch (operation.kind) {
    case "add-service":
    case "change-service":
      return 0;
    case "add-destination":
      return 1;
    case "change-destination":
      return operation.destination.weight > 0 ? 1 : 2;
    case "remove-destination":
      return 3;
    case "remove-service":
      return 4;
  }
}
