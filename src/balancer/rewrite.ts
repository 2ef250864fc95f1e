// Changing addresses, ports and TTL in a copy of a frame. Checksums are corrected by what changed
// (RFC 1624), so that a packet damaged on its way arrives as damaged.

import { IP_PROTOCOL_TCP } from "../wire/tcp.ts";
import { IP_PROTOCOL_UDP } from "../wire/udp.ts";
import { type NetworkView, type PacketView, readU16, writeU16 } from "./packet.ts";

/**
 * What the checksum field of TCP or UDP holds. `partial`: the plain sum of the pseudo-header, which
 * the sender's network card was to complete; virtual interfaces hand packets over so.
 */
export type ChecksumForm = "complete" | "partial";

/** One end of a packet that is replaced. */
export interface NewEnd {
  readonly side: "source" | "destination";
  readonly addressBytes: Uint8Array;
  /** Undefined where there is none: the IP header around an ICMP message. */
  readonly port: number | undefined;
}

/** A copy of the frame with its TTL one lower. The caller has seen that it is above 1. */
export function copyWithLowerTtl(packet: PacketView): Uint8Array {
  const frame = packet.frame.slice(0, packet.at + packet.totalLength);
  const word = readU16(frame, packet.at + 8);
  writeU16(frame, packet.at + 8, word - 0x100);
  correctChecksum(frame, packet.at + 10, word - 0x100 + (~word & 0xffff));
  return frame;
}

/** Replaces address and port of one side in the frame, which is changed in place. */
export function replaceEnd(
  frame: Uint8Array,
  network: NetworkView,
  end: NewEnd,
  form: ChecksumForm,
): void {
  const addressAt = network.at + (end.side === "source" ? 12 : 16);
  const addressDelta = replaceBytes(frame, addressAt, end.addressBytes);
  correctChecksum(frame, network.at + 10, addressDelta);
  if (end.port === undefined) return;
  const portAt = network.payloadAt + (end.side === "source" ? 0 : 2);
  const portDelta = replacePort(frame, portAt, end.port);
  correctTransportChecksum(frame, network, { addressDelta, portDelta, form });
}

/** The checksum field of the transport header, if the packet has one. */
function correctTransportChecksum(
  frame: Uint8Array,
  network: NetworkView,
  change: {
    readonly addressDelta: number;
    readonly portDelta: number;
    readonly form: ChecksumForm;
  },
): void {
  const udp = network.protocol === IP_PROTOCOL_UDP;
  if (!udp && network.protocol !== IP_PROTOCOL_TCP) return;
  const at = network.payloadAt + (udp ? 6 : 16);
  if (at + 2 > frame.length) return;
  const old = readU16(frame, at);
  if (change.form === "partial") {
    // Not complemented yet, and the ports will be summed with the rest of the packet.
    writeU16(frame, at, fold(old + change.addressDelta));
    return;
  }
  if (udp && old === 0) return;
  correctChecksum(frame, at, change.addressDelta + change.portDelta);
  if (udp && readU16(frame, at) === 0) writeU16(frame, at, 0xffff);
}

function replacePort(frame: Uint8Array, at: number, port: number): number {
  const old = readU16(frame, at);
  writeU16(frame, at, port);
  return port + (~old & 0xffff);
}

/** Overwrites an even number of bytes; returns what that adds to a one's complement sum. */
function replaceBytes(frame: Uint8Array, at: number, bytes: Uint8Array): number {
  let delta = 0;
  for (let i = 0; i < bytes.length; i += 2)
    delta += readU16(bytes, i) + (~readU16(frame, at + i) & 0xffff);
  frame.set(bytes, at);
  return delta;
}

/** Brings a checksum field up to date with words that changed by `delta` in one's complement. */
export function correctChecksum(frame: Uint8Array, at: number, delta: number): void {
  const sum = (~readU16(frame, at) & 0xffff) + delta;
  writeU16(frame, at, ~fold(sum) & 0xffff);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}
