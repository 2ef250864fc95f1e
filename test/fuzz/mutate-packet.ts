// Spoils packets of VRRP with knowledge of their structure: most of what random bytes would test ends
// at the checksum.

import type { Family } from "../../src/base/address.ts";
import type { Prng } from "../../src/base/prng.ts";
import { addToChecksum, finishChecksum } from "../../src/wire/checksum.ts";

const HEADER_LENGTH = { 4: 20, 6: 40 } as const;
/** Values at the edges of fields. */
const EDGES = [0, 1, 2, 4, 5, 6, 63, 64, 127, 128, 254, 255];

/** A packet with one to three things wrong; sometimes with a checksum that is right again. */
export function mutatePacket(packet: Uint8Array, family: Family, prng: Prng): Uint8Array {
  let bytes: Uint8Array = packet.slice();
  const steps = prng.integer(1, 3);
  for (let i = 0; i < steps; i++) bytes = mutateOnce(bytes, family, prng);
  if (prng.chance(0.6)) mendLength(bytes, family);
  if (prng.chance(0.6)) mendChecksum(bytes, family, prng);
  return bytes;
}

function mutateOnce(bytes: Uint8Array, family: Family, prng: Prng): Uint8Array {
  const at = prng.integer(0, Math.max(0, bytes.length - 1));
  const start = HEADER_LENGTH[family];
  switch (prng.integer(0, 7)) {
    case 0:
      return replaced(bytes, at, (bytes[at] ?? 0) ^ (1 << prng.integer(0, 7)));
    case 1:
      return replaced(bytes, at, EDGES[prng.integer(0, EDGES.length - 1)] ?? 0);
    case 2:
      return bytes.slice(0, prng.integer(0, bytes.length));
    case 3: {
      const longer = new Uint8Array(bytes.length + prng.integer(1, 40));
      longer.set(bytes);
      for (let i = bytes.length; i < longer.length; i++) longer[i] = prng.integer(0, 255);
      return longer;
    }
    // The fields of the message: version and type, VRID, priority, count, authentication or interval.
    case 4:
    case 5:
      return replaced(bytes, start + prng.integer(0, 5), prng.integer(0, 255));
    case 6:
      return replaced(
        bytes,
        start + prng.integer(0, 5),
        EDGES[prng.integer(0, EDGES.length - 1)] ?? 0,
      );
    default: {
      const from = prng.integer(0, Math.max(0, bytes.length - 4));
      const copy = bytes.slice();
      copy.copyWithin(at, from, from + prng.integer(1, 16));
      return copy;
    }
  }
}

function replaced(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at] = value & 255;
  return copy;
}

/** Makes the length in the IP header that of the bytes. */
function mendLength(bytes: Uint8Array, family: Family): void {
  if (bytes.length < HEADER_LENGTH[family]) return;
  const length = family === 4 ? bytes.length : bytes.length - HEADER_LENGTH[6];
  const at = family === 4 ? 2 : 4;
  bytes[at] = length >> 8;
  bytes[at + 1] = length & 255;
}

/** Makes the checksum of the message right: over the message, or with the pseudo-header. */
function mendChecksum(bytes: Uint8Array, family: Family, prng: Prng): void {
  const start = HEADER_LENGTH[family];
  if (bytes.length < start + 8) return;
  const at = start + 6;
  bytes[at] = 0;
  bytes[at + 1] = 0;
  const length = bytes.length - start;
  let sum = addToChecksum(0, bytes, start, bytes.length);
  if (family === 6 || prng.chance(0.5))
    sum = addToChecksum(sum, bytes, family === 4 ? 12 : 8, start) + 112 + length;
  const checksum = finishChecksum(sum);
  bytes[at] = checksum >> 8;
  bytes[at + 1] = checksum & 255;
}
