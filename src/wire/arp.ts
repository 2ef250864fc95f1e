// ARP for IPv4 over Ethernet (RFC 826), and the announcement of an address as keepalived sends it.

import { type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { ETHERNET_BROADCAST, ETHERTYPE_ARP, encodeEthernetFrame } from "./ethernet.ts";

const PACKET_LENGTH = 28;
const HARDWARE_ETHERNET = 1;
const PROTOCOL_IPV4 = 0x0800;

/** One ARP packet; hardware addresses have 6 bytes. */
export interface ArpPacket {
  readonly operation: "request" | "reply";
  readonly senderHardware: Uint8Array;
  readonly senderAddress: IpAddress;
  readonly targetHardware: Uint8Array;
  readonly targetAddress: IpAddress;
}

/** Why bytes are no ARP packet for IPv4 over Ethernet. */
export type ArpFault =
  | { readonly kind: "truncated"; readonly length: number }
  | { readonly kind: "not-ipv4-over-ethernet" }
  | { readonly kind: "operation-unknown"; readonly operation: number };

/** The 28 bytes of an ARP packet. */
export function encodeArpPacket(packet: ArpPacket): Uint8Array {
  return new ByteWriter(PACKET_LENGTH)
    .u16(HARDWARE_ETHERNET)
    .u16(PROTOCOL_IPV4)
    .u8(6)
    .u8(4)
    .u16(packet.operation === "request" ? 1 : 2)
    .bytes(packet.senderHardware)
    .bytes(ipAddressBytes(packet.senderAddress))
    .bytes(packet.targetHardware)
    .bytes(ipAddressBytes(packet.targetAddress))
    .finish();
}

/** Reads an ARP packet; what follows the 28 bytes is padding of the frame. */
export function decodeArpPacket(bytes: Uint8Array): Result<ArpPacket, ArpFault> {
  const reader = new ByteReader(bytes);
  const hardware = reader.u16();
  const protocol = reader.u16();
  const lengths = reader.u16();
  const operation = reader.u16();
  const senderHardware = reader.bytes(6);
  const sender = reader.bytes(4);
  const targetHardware = reader.bytes(6);
  const target = reader.bytes(4);
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  if (hardware !== HARDWARE_ETHERNET || protocol !== PROTOCOL_IPV4 || lengths !== 0x0604)
    return fail({ kind: "not-ipv4-over-ethernet" });
  if (operation !== 1 && operation !== 2) return fail({ kind: "operation-unknown", operation });
  return ok({
    operation: operation === 1 ? "request" : "reply",
    senderHardware,
    senderAddress: ipAddressFromBytes(sender),
    targetHardware,
    targetAddress: ipAddressFromBytes(target),
  });
}

/**
 * The frame that tells a segment which hardware address has `address`. It is a request, because
 * some hosts learn from nothing else; the target hardware address is the broadcast address, where
 * an announcement of RFC 5227 has zeros: hosts ignore the field, and keepalived fills it so.
 */
export function encodeGratuitousArp(mac: Uint8Array, address: IpAddress): Uint8Array {
  const payload = encodeArpPacket({
    operation: "request",
    senderHardware: mac,
    senderAddress: address,
    targetHardware: ETHERNET_BROADCAST,
    targetAddress: address,
  });
  return encodeEthernetFrame({
    destination: ETHERNET_BROADCAST,
    source: mac,
    type: ETHERTYPE_ARP,
    payload,
  });
}
