// The order in which ipvsadm prints a table. It compares numbers by the sign of their 32-bit difference, which is no
// order where they are far apart (192.168.0.1 < 10.0.0.1 < 127.0.0.1 < 192.168.0.1), so what comes out depends on the
// way of sorting as well: the C library's merge sort, from the data plane's own order.

import { ipAddressBytes } from "../base/address.ts";
import type { Destination, Service } from "../model/balancer-table.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import { familyOfService } from "./command-draft.ts";

const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const;

/** Services in ipvsadm's order. */
export function sortServices<One extends Pick<Service, "key">>(
  services: readonly One[],
): readonly One[] {
  return mergeSort(services, (a, b) => compareKeys(a.key, b.key));
}

/** Destinations in ipvsadm's order, given those of a service from the last added to the first. */
export function sortDestinations<One extends Pick<Destination, "address" | "port">>(
  destinations: readonly One[],
): readonly One[] {
  return mergeSort(destinations, (a, b) => {
    const left = addressWords(a.address);
    const right = addressWords(b.address);
    // An IPv4 address is compared by its only word, even with an IPv6 address.
    const words = a.address.includes(":") ? left : left.slice(0, 1);
    return firstDifference(words, right) || a.port - b.port;
  });
}

function compareKeys(a: VirtualServerKey, b: VirtualServerKey): number {
  const marks = wrapped(markOf(a) - markOf(b));
  if (marks !== 0) return marks;
  const families = familyOfService(a) - familyOfService(b);
  if (families !== 0 || a.kind === "fwmark" || b.kind === "fwmark") return families;
  const protocols = protocolNumbers[a.protocol] - protocolNumbers[b.protocol];
  if (protocols !== 0) return protocols;
  return firstDifference(addressWords(a.address), addressWords(b.address)) || a.port - b.port;
}

function markOf(key: VirtualServerKey): number {
  return key.kind === "fwmark" ? key.fwmark : 0;
}

/** The four words of an address; those behind an IPv4 address are 0. */
function addressWords(address: Destination["address"]): readonly number[] {
  const bytes = ipAddressBytes(address);
  return [0, 4, 8, 12].map((at) =>
    [0, 1, 2, 3].reduce((word, i) => word * 256 + (bytes[at + i] ?? 0), 0),
  );
}

function firstDifference(left: readonly number[], right: readonly number[]): number {
  for (const [i, word] of left.entries()) {
    const difference = wrapped(word - (right[i] ?? 0));
    if (difference !== 0) return difference;
  }
  return 0;
}

/** As a 32-bit number with a sign. */
function wrapped(difference: number): number {
  return difference | 0;
}

function mergeSort<One>(
  values: readonly One[],
  compare: (a: One, b: One) => number,
): readonly One[] {
  if (values.length <= 1) return values;
  const middle = values.length >> 1;
  const left = mergeSort(values.slice(0, middle), compare);
  const right = mergeSort(values.slice(middle), compare);
  const merged: One[] = [];
  let l = 0;
  let r = 0;
  while (merged.length < values.length) {
    const a = left[l];
    const b = right[r];
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      merged.push(a);
      l++;
    } else if (b !== undefined) {
      merged.push(b);
      r++;
    }
  }
  return merged;
}
