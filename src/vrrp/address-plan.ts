// Standing facts of the virtual addresses: which should be where, which are, and what is missing.

import type { AddressFact, AddressOperation } from "../plan/operation.ts";
import type { AddressWish } from "./state.ts";

/** What tells one address from another: the kernel allows one of each interface and prefix. */
export function addressKey(fact: AddressFact): string {
  return `${fact.address}/${fact.prefixLength} on ${fact.interface}`;
}

/**
 * The wish of several instances for one address: who holds it wins, then who has not decided. So
 * an address that moves from one instance to another is never taken away in between.
 */
export function mergeWishes(wishes: readonly AddressWish[]): AddressWish {
  if (wishes.includes("held")) return "held";
  return wishes.includes("undecided") ? "undecided" : "absent";
}

/** The operation that an address needs; undefined where nothing differs. */
export function missingOperation(
  fact: AddressFact,
  wish: AddressWish,
  present: boolean,
): AddressOperation | undefined {
  if (wish === "held" && !present) return { kind: "add-address", fact };
  if (wish === "absent" && present) return { kind: "remove-address", fact };
  return undefined;
}

/** One line for people: `add 10.0.0.1/32 on eth0`. */
export function describeAddressOperation(operation: AddressOperation): string {
  return `${operation.kind === "add-address" ? "add" : "remove"} ${addressKey(operation.fact)}`;
}
