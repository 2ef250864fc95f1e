// A client of the segment, as far as it matters for elections: it learns who has an address from
// what is announced, and believes the last word.

import type { IpAddress } from "../base/address.ts";
import { decodeArpPacket } from "../wire/arp.ts";
import { decodeEthernetFrame } from "../wire/ethernet.ts";
import type { Station } from "./segment.ts";

/** Writes a hardware address as people do. */
export function macText(mac: Uint8Array): string {
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join(":");
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
    const ethernet = decodeEthernetFrame(frame);
    if (!ethernet.ok) return;
    const arp = decodeArpPacket(ethernet.value.payload);
    if (arp.ok) this.learned.set(arp.value.senderAddress, macText(arp.value.senderHardware));
  }
}
