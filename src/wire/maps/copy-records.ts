// What the program tells of connections that other directors should hear of (struct copy_note), and
// what it is told of theirs (struct arrival).

import { familyOf, type IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { writeAddress, writePort } from "./fields.ts";

/** One note: a connection by its place, the template that it holds, or both. */
export interface CopyNote {
  /** Place in `connections`, from 0; absent when only the template is told of. */
  readonly place?: number;
  /** A key of `templates`. */
  readonly template?: Uint8Array;
}

const noteBits = { connection: 1, template: 2 } as const;
const templateKeyLength = 36;

/** The caller vouches for the length. */
export function decodeCopyNote(bytes: Uint8Array): CopyNote {
  const reader = new ByteReader(bytes, "host");
  const place = reader.u32() - 1;
  const what = reader.u32();
  return {
    ...((what & noteBits.connection) !== 0 && { place }),
    ...((what & noteBits.template) !== 0 && { template: reader.bytes(templateKeyLength).slice() }),
  };
}

/** A connection or a template whose destination is known here. */
export interface Arrival {
  readonly client: IpAddress;
  readonly clientPort: number;
  /** A firewall mark as an IPv4 address for a template of protocol 0. */
  readonly virtual: IpAddress;
  readonly virtualPort: number;
  readonly protocol: number;
  readonly method: number;
  /** Index into `destinations`, and its generation. */
  readonly destination: number;
  readonly generation: number;
  readonly realAddress: IpAddress;
  readonly realPort: number;
  readonly template: boolean;
  readonly assured: boolean;
  readonly state: number;
  readonly active: boolean;
  /** Only the client's packets are seen. */
  readonly noOutput: boolean;
  /** Units of the coarse clock. */
  readonly timeout: number;
}

/** What became of it, by number. */
export const arrivalOutcomes = ["full", "made", "renewed", "ignored"] as const;

export type ArrivalOutcome = (typeof arrivalOutcomes)[number];

const wordBits = { active: 0x100, noOutput: 0x200 } as const;
const arrivalLength = 64;
const outcomeAt = 60;

export function encodeArrival(arrival: Arrival): Uint8Array {
  const writer = new ByteWriter(arrivalLength, "host");
  const family = familyOf(arrival.client);
  writeAddress(writer, arrival.client);
  writeAddress(writer, arrival.virtual);
  writePort(writer, arrival.clientPort);
  writePort(writer, arrival.virtualPort);
  writer.u8(arrival.protocol).u8(family).u8(arrival.method).u8(arrival.generation);
  writer.u32(arrival.destination);
  // Of IPv6 it stands at the destination; four bytes are the only ones that there is room for.
  const isIpv4 = familyOf(arrival.realAddress) === 4 && family === 4;
  const real = new ByteWriter(16, "host");
  writeAddress(real, arrival.realAddress);
  writer.bytes(isIpv4 ? real.finish().subarray(0, 4) : new Uint8Array(4));
  writePort(writer, arrival.realPort);
  writer.u8(arrival.template ? 1 : 0).u8(arrival.assured ? 1 : 0);
  const flags = (arrival.active ? wordBits.active : 0) | (arrival.noOutput ? wordBits.noOutput : 0);
  return writer
    .u32(arrival.state | flags)
    .u32(arrival.timeout)
    .u32(0)
    .finish();
}

/** What the program has written into an arrival. */
export function outcomeOfArrival(bytes: Uint8Array): ArrivalOutcome {
  const outcome = new DataView(bytes.buffer, bytes.byteOffset).getUint32(outcomeAt, true);
  return arrivalOutcomes[outcome] ?? "full";
}
