// Changing addresses, ports and TTL in a copy of a frame. Checksums are corrected by what changed
// (RFC 1624), so that a packet damaged on its way arrives as damaged.

import { crc32c } from "../wire/crc32c.ts";
import { readSctpChecksum, SCTP_CHECKSUM_OFFSET, writeSctpChecksum } from "../wire/sctp.ts";
import {
  type NetworkView,
  type PacketView,
  readU8,
  readU16,
  transportName,
  writeU16,
} from "./packet.ts";

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
  if (packet.family === 6) {
    frame[packet.at + 7] = readU8(frame, packet.at + 7) - 1;
    return frame;
  }
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
  const addressDelta = replaceAddress(frame, network, end);
  if (end.port === undefined) return;
  const portAt = network.payloadAt + (end.side === "source" ? 0 : 2);
  if (transportName(network.protocol) === "SCTP") {
    replaceSctpPort(frame, network, { portAt, port: end.port, form });
    return;
  }
  const portDelta = replacePort(frame, portAt, end.port);
  correctTransportChecksum(frame, network, { addressDelta, portDelta, form });
}

/** Replaces address and port in a quotation: as in IPVS, the quoted transport checksum stays. */
export function replaceQuotedEnd(frame: Uint8Array, network: NetworkView, end: NewEnd): void {
  replaceAddress(frame, network, end);
  const portAt = network.payloadAt + (end.side === "source" ? 0 : 2);
  if (end.port !== undefined) writeU16(frame, portAt, end.port);
}

/** Returns what the new address adds to a one's complement sum. */
function replaceAddress(frame: Uint8Array, network: NetworkView, end: NewEnd): number {
  const { at, family } = network;
  if (family === 6)
    return replaceBytes(frame, at + (end.side === "source" ? 8 : 24), end.addressBytes);
  const delta = replaceBytes(frame, at + (end.side === "source" ? 12 : 16), end.addressBytes);
  correctChecksum(frame, at + 10, delta);
  return delta;
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
  const protocol = transportName(network.protocol);
  if (protocol !== "UDP" && protocol !== "TCP") return;
  const at = network.payloadAt + (protocol === "UDP" ? 6 : 16);
  if (at + 2 > frame.length) return;
  const old = readU16(frame, at);
  if (change.form === "partial") {
    // Not complemented yet, and the ports will be summed with the rest of the packet.
    writeU16(frame, at, fold(old + change.addressDelta));
    return;
  }
  if (protocol === "UDP" && old === 0) return;
  correctChecksum(frame, at, change.addressDelta + change.portDelta);
  if (protocol === "UDP" && readU16(frame, at) === 0) writeU16(frame, at, 0xffff);
}

/**
 * Changes a port of an SCTP packet. Its checksum covers the packet but no addresses; it changes by
 * what the new port makes of it, so that damage stays visible. A partial one is made complete.
 */
function replaceSctpPort(
  frame: Uint8Array,
  network: NetworkView,
  change: { readonly portAt: number; readonly port: number; readonly form: ChecksumForm },
): void {
  const from = network.payloadAt;
  const checksumAt = from + SCTP_CHECKSUM_OFFSET;
  const to = network.at + network.totalLength;
  if (readU16(frame, change.portAt) === change.port && change.form === "complete") return;
  const claimed = readSctpChecksum(frame, checksumAt);
  writeSctpChecksum(frame, checksumAt, 0);
  const before = crc32c(frame, from, to);
  writeU16(frame, change.portAt, change.port);
  const after = crc32c(frame, from, to);
  const damage = change.form === "complete" ? claimed ^ before : 0;
  writeSctpChecksum(frame, checksumAt, (after ^ damage) >>> 0);
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
