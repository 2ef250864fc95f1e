// ICMP errors: those that the director sends itself, and the addresses inside those that pass it.

import { ipv4Number } from "../base/address.ts";
import { addToChecksum, finishChecksum } from "../wire/checksum.ts";
import { ETHERTYPE_IPV4, encodeEthernetFrame } from "../wire/ethernet.ts";
import { encodeIcmpMessage, IP_PROTOCOL_ICMP, icmpTypes } from "../wire/icmp.ts";
import { encodeIpv4Packet } from "../wire/ipv4.ts";
import {
  type NetworkView,
  type PacketView,
  readU8,
  type TransportView,
  viewNetwork,
  viewTransport,
  writeU16,
} from "./packet.ts";
import { type NewEnd, replaceEnd } from "./rewrite.ts";

/** An error answers with at most this much IP packet (RFC 1812 4.3.2.3). */
const ERROR_PACKET_LENGTH_MAX = 576;
/** Precedence "internetwork control", which routers give their errors (RFC 1812 4.3.2.5). */
const CONTROL_PRECEDENCE = 0xc0;

/** The packet that an ICMP error is about. */
export interface QuotedPacket {
  readonly network: NetworkView;
  readonly transport: TransportView;
}

/** The quotation in an ICMP error; undefined for other messages and quotations that are too short. */
export function viewQuotedPacket(packet: PacketView): QuotedPacket | undefined {
  const type = readU8(packet.frame, packet.payloadAt);
  const isError =
    type === icmpTypes.destinationUnreachable ||
    type === icmpTypes.sourceQuench ||
    type === icmpTypes.timeExceeded;
  if (!isError) return undefined;
  const frame = packet.frame.subarray(0, packet.at + packet.totalLength);
  const network = viewNetwork(frame, packet.payloadAt + 8);
  if (network === undefined) return undefined;
  const transport = viewTransport(frame, network);
  return transport === undefined ? undefined : { network, transport };
}

/** Replaces one end in the quotation and the checksum of the message, in place. */
export function replaceQuotedEnd(
  frame: Uint8Array,
  packet: PacketView,
  quoted: QuotedPacket,
  end: NewEnd,
): void {
  replaceEnd(frame, quoted.network, end, "complete");
  const at = packet.payloadAt;
  writeU16(frame, at + 2, 0);
  writeU16(frame, at + 2, finishChecksum(addToChecksum(0, frame, at, frame.length)));
}

/** An ICMP error about `packet`, from the address that it was sent to, as a frame back to its sender. */
export function buildIcmpError(packet: PacketView, type: number, code: number): Uint8Array {
  const { frame } = packet;
  const quotedLength = Math.min(packet.totalLength, ERROR_PACKET_LENGTH_MAX - 28);
  const payload = encodeIcmpMessage({
    type,
    code,
    rest: 0,
    payload: frame.subarray(packet.at, packet.at + quotedLength),
  });
  const tos = (readU8(frame, packet.at + 1) & 0x1e) | CONTROL_PRECEDENCE;
  return encodeEthernetFrame({
    destination: frame.subarray(6, 12),
    source: frame.subarray(0, 6),
    type: ETHERTYPE_IPV4,
    payload: encodeIpv4Packet({
      tos,
      identification: 0,
      ttl: 64,
      protocol: IP_PROTOCOL_ICMP,
      source: ipv4Number(packet.destination),
      destination: ipv4Number(packet.source),
      payload,
    }),
  });
}
