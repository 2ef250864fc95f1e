// A client of the segment, as far as it matters for elections: it learns who has an address from
// what is announced, and believes the last word.

import { type IpAddress, ipAddressFromBytes } from "../base/address.ts";
import { decodeArpPacket } from "../wire/arp.ts";
import { decodeEthernetFrame, ETHERTYPE_ARP } from "../wire/ethernet.ts";
import type { Station } from "./segment.ts";

/** Writes a hardware address as people do. */
export function macText(mac: Uint8Array): string {
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

/** Who claims which address. */
export interface Announcement {
  readonly address: IpAddress;
  readonly mac: string;
}

const NEXT_HEADER_ICMPV6 = 58;
const NEIGHBOUR_ADVERTISEMENT = 136;
const IPV6_HEADER = 40;

/** What an Ethernet frame announces: gratuitous ARP, or an unsolicited neighbour advertisement. */
export function readAnnouncement(frame: Uint8Array): Announcement | undefined {
  const ethernet = decodeEthernetFrame(frame);
  if (!ethernet.ok) return undefined;
  const { type, payload } = ethernet.value;
  if (type === ETHERTYPE_ARP) {
    const arp = decodeArpPacket(payload);
    if (!arp.ok) return undefined;
    return { address: arp.value.senderAddress, mac: macText(arp.value.senderHardware) };
  }
  const message = payload.subarray(IPV6_HEADER);
  if (payload[6] !== NEXT_HEADER_ICMPV6 || message[0] !== NEIGHBOUR_ADVERTISEMENT) return undefined;
  // Behind the target comes one option: the target's link-layer address.
  return {
    address: ipAddressFromBytes(message.subarray(8, 24)),
    mac: macText(message.subarray(26, 32)),
  };
}

/** A station that announces nothing and answers nothing. */
export class NeighbourCache implements Station {
  readonly name: string;
  /** Hardware addresses by what was announced last. */
  readonly learned: Map<IpAddress, string> = new Map();

  constructor(name: string) {
    this.name = name;
  }

  deliver(): void {
    // Adverts are not for clients.
  }

  deliverFrame(frame: Uint8Array): void {
    const announcement = readAnnouncement(frame);
    if (announcement !== undefined) this.learned.set(announcement.address, announcement.mac);
  }
}
