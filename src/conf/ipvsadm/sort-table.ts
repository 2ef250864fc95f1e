// The order in which ipvsadm prints a table, whatever order the kernel has.

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import type { VirtualServerKey } from "../../model/virtual-server.ts";
import type { SavedServer } from "./saved-table.ts";

const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const;

/** Marks last, IPv4 before IPv6, then by protocol, address and port. */
export function compareKeys(a: VirtualServerKey, b: VirtualServerKey): number {
  return compareNumbers(numbersOf(a), numbersOf(b));
}

/** IPv6 before IPv4, then by address and port. */
export function compareServers(
  a: Pick<SavedServer, "address" | "port">,
  b: Pick<SavedServer, "address" | "port">,
): number {
  const numbers = ({ address, port }: Pick<SavedServer, "address" | "port">): readonly number[] => [
    address.includes(":") ? 0 : 1,
    ...ipAddressBytes(address),
    port,
  ];
  return compareNumbers(numbers(a), numbers(b));
}

/** Text that no two services share. */
export function keyIdentity(key: VirtualServerKey): string {
  return numbersOf(key).join(" ");
}

function numbersOf(key: VirtualServerKey): readonly number[] {
  if (key.kind === "fwmark") return [key.fwmark, key.family];
  return [
    0,
    familyNumber(key.address),
    protocolNumbers[key.protocol],
    ...ipAddressBytes(key.address),
    key.port,
  ];
}

function familyNumber(address: IpAddress): number {
  return address.includes(":") ? 6 : 4;
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
