// IPVS_STATS_ATTR_*: what the kernel has counted for a service or a destination, and how fast it goes. Kernels since 4.1
// tell all of it in 64 bits, too.

import { ByteReader } from "../../base/bytes.ts";
import { ok, type Result } from "../../base/result.ts";
import { decodeAttributes, type NetlinkAttributes } from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  connections: 1,
  inPackets: 2,
  outPackets: 3,
  inBytes: 4,
  outBytes: 5,
  connectionRate: 6,
  inPacketRate: 7,
  outPacketRate: 8,
  inByteRate: 9,
  outByteRate: 10,
} as const;

/** Five figures of one kind: since the last zero, or a second. */
export interface IpvsFigures {
  readonly connections: number;
  readonly inPackets: number;
  readonly outPackets: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

/** Counters are what the kernel saw at its last tick, which comes every two seconds. */
export interface IpvsStatistics {
  readonly counters: IpvsFigures;
  /** A second, as the kernel estimates it. */
  readonly rates: IpvsFigures;
}

const nothing: IpvsFigures = {
  connections: 0,
  inPackets: 0,
  outPackets: 0,
  inBytes: 0,
  outBytes: 0,
};

/** Reads the container with 64 bits where there is one, else the one of old kernels. */
export function decodeIpvsStatistics(
  wide: Uint8Array | undefined,
  narrow: Uint8Array | undefined,
): Result<IpvsStatistics, NetlinkFault> {
  const bytes = wide ?? narrow;
  if (bytes === undefined) return ok({ counters: nothing, rates: nothing });
  const decoded = decodeAttributes(bytes);
  if (!decoded.ok) return decoded;
  const figure = (type: number): number => numberAttribute(decoded.value, type);
  return ok({
    counters: {
      connections: figure(attribute.connections),
      inPackets: figure(attribute.inPackets),
      outPackets: figure(attribute.outPackets),
      inBytes: figure(attribute.inBytes),
      outBytes: figure(attribute.outBytes),
    },
    rates: {
      connections: figure(attribute.connectionRate),
      inPackets: figure(attribute.inPacketRate),
      outPackets: figure(attribute.outPacketRate),
      inBytes: figure(attribute.inByteRate),
      outBytes: figure(attribute.outByteRate),
    },
  });
}

/** A number of 4 or 8 bytes; beyond 2^53 it loses its last digits, after 9 petabytes. */
function numberAttribute(attributes: NetlinkAttributes, type: number): number {
  const value = attributes.get(type);
  if (value === undefined) return 0;
  const reader = new ByteReader(value, "host");
  return value.length >= 8 ? Number(reader.u64()) : reader.u32();
}
