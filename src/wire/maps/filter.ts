// The value of `filter`: one byte for each hash of an address, the check that all traffic passes.

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import { filterSlots } from "./schema.ts";

export const filterBits = { virtual: 1, real: 2, anyPort: 4, realAnyPort: 8 } as const;

/** The slot of an IPv4 address: filter_slot() of bpf/parse.h. */
export function filterSlot(address: IpAddress): number {
  const bytes = ipAddressBytes(address);
  const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return (Math.imul(word, 0x9e3779b1) >>> 16) % filterSlots;
}
