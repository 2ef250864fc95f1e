// Which addresses must come and go so that the kernel has what is desired. An address that no
// configuration ever placed is never touched.

import { describeAddress } from "./describe.ts";
import type { AddressFact, AddressOperation } from "./operation.ts";

/**
 * Operations that turn `observed` into `desired`. An address is identified by interface, address
 * and prefix length, as in the kernel. A label, broadcast address or scope that `desired` leaves
 * open matches any; one that differs is corrected by removing and adding the address.
 *
 * `undecided` addresses stay as they are. Only addresses in `managed` (every address that a
 * configuration may place) are ever removed; `desired` need not be repeated there. Additions come
 * first, in the order of `desired`, so that an address which moves is never missing.
 */
export function diffAddresses(
  desired: readonly AddressFact[],
  undecided: readonly AddressFact[],
  observed: readonly AddressFact[],
  managed: readonly AddressFact[],
): readonly AddressOperation[] {
  const observedByKey = new Map(observed.map((fact) => [describeAddress(fact), fact]));
  const desiredByKey = new Map(desired.map((fact) => [describeAddress(fact), fact]));
  const undecidedKeys = new Set(undecided.map(describeAddress));
  const managedKeys = new Set(managed.map(describeAddress));
  const operations: AddressOperation[] = [];
  for (const [key, fact] of desiredByKey) {
    const found = observedByKey.get(key);
    if (found !== undefined && satisfies(found, fact)) continue;
    if (found !== undefined) operations.push({ kind: "remove-address", fact: found });
    operations.push({ kind: "add-address", fact });
  }
  for (const [key, fact] of observedByKey) {
    if (desiredByKey.has(key) || undecidedKeys.has(key) || !managedKeys.has(key)) continue;
    operations.push({ kind: "remove-address", fact });
  }
  return operations;
}

function satisfies(found: AddressFact, wish: AddressFact): boolean {
  if (wish.label !== undefined && wish.label !== found.label) return false;
  if (wish.broadcast !== undefined && wish.broadcast !== found.broadcast) return false;
  return wish.scope === undefined || wish.scope === (found.scope ?? 0);
}
