// Ethernet II frames: destination, source, type, payload. No VLAN tags, no frame check sequence.

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";

/** The type field of frames that carry IPv4. */
export const ETHERTYPE_IPV4 = 0x0800;
/** The type field of frames that carry ARP. */
export const ETHERTYPE_ARP = 0x0806;
/** The type field of frames that carry IPv6. */
export const ETHERTYPE_IPV6 = 0x86dd;
/** The address that every station listens to. */
export const ETHERNET_BROADCAST: Uint8Array = new Uint8Array(6).fill(0xff);

const HEADER_LENGTH = 14;

/** One frame; both addresses have 6 bytes. */
export interface EthernetFrame {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  /** 0x0600..0xffff. */
  readonly type: number;
  /** May end with the padding that brings a frame to 60 bytes. */
  readonly payload: Uint8Array;
}

/** Why bytes are no frame. */
export interface EthernetFault {
  readonly kind: "truncated";
  readonly length: number;
}

/** Bytes of a frame, without padding. */
export function encodeEthernetFrame(frame: EthernetFrame): Uint8Array {
  return new ByteWriter(HEADER_LENGTH + frame.payload.length)
    .bytes(frame.destination)
    .bytes(frame.source)
    .u16(frame.type)
    .bytes(frame.payload)
    .finish();
}

/** Reads a frame; the parts are views into `bytes`. */
export function decodeEthernetFrame(bytes: Uint8Array): Result<EthernetFrame, EthernetFault> {
  const reader = new ByteReader(bytes);
  const destination = reader.bytes(6);
  const source = reader.bytes(6);
  const type = reader.u16();
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  return ok({ destination, source, type, payload: reader.bytes(reader.left) });
}

/** A hardware address as people write it: `00:00:5e:00:01:33`. */
export function printMac(mac: Uint8Array): string {
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
