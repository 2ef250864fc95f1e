// The value of `filter`: one byte for each hash of an address, the check that all traffic passes.

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import { filterSlots } from "./schema.ts";

export const filterBits = { virtual: 1, real: 2, anyPort: 4, realAnyPort: 8, own: 16 } as const;

/** The slot of an address: filter_slot() and filter_slot6() of bpf/parse.h. */
export function filterSlot(address: IpAddress): number {
  const bytes = ipAddressBytes(address);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let hash = 0;
  for (let at = 0; at < bytes.length; at += 4)
    hash = Math.imul(hash + view.getUint32(at, true), 0x9e3779b1);
  return (hash >>> 16) % filterSlots;
}
