// The UDP socket of a simulated machine that hears other Keelson routers.

import { type IpAddress, ipAddressFromBytes } from "../base/address.ts";
import { ok } from "../base/result.ts";
import type { PeerDatagram, PeerSocket, PeerSocketOptions } from "../world/peer-network.ts";

const PROTOCOL_UDP = 17;
const UDP_HEADER = 8;
const HOPS_OF_THE_SAME_LINK = 255;

/** True for a packet that no VRRP socket may see. */
export function isUdp(packet: Uint8Array): boolean {
  const version = (packet[0] ?? 0) >> 4;
  return (version === 4 ? packet[9] : packet[6]) === PROTOCOL_UDP && packet.length > 28;
}

export class PeerInbox {
  readonly #options: PeerSocketOptions;
  readonly #onReadable: () => void;
  readonly #waiting: PeerDatagram[] = [];
  readonly #groups = new Set<IpAddress>();
  closed = false;

  constructor(options: PeerSocketOptions, onReadable: () => void) {
    this.#options = options;
    this.#onReadable = onReadable;
  }

  /** Takes a packet of the link where it is for this socket; true when a process must be woken. */
  take(packet: Uint8Array, owns: (address: IpAddress) => boolean): boolean {
    const six = (packet[0] ?? 0) >> 4 === 6;
    if (six !== (this.#options.family === 6)) return false;
    const hops = six ? packet[7] : packet[8];
    if (hops !== HOPS_OF_THE_SAME_LINK) return false;
    const source = ipAddressFromBytes(six ? packet.subarray(8, 24) : packet.subarray(12, 16));
    const destination = ipAddressFromBytes(six ? packet.subarray(24, 40) : packet.subarray(16, 20));
    if (!this.#groups.has(destination) && !owns(destination)) return false;
    const datagram = packet.subarray(six ? 40 : 20);
    if ((((datagram[2] ?? 0) << 8) | (datagram[3] ?? 0)) !== this.#options.port) return false;
    this.#waiting.push({ bytes: datagram.slice(UDP_HEADER), source });
    return this.#waiting.length === 1;
  }

  wake(): void {
    if (!this.closed && this.#waiting.length > 0) this.#onReadable();
  }

  socket(): PeerSocket {
    return {
      join: (group) => {
        this.#groups.add(group);
        return ok(undefined);
      },
      receive: () => this.#waiting.splice(0),
      close: () => {
        this.closed = true;
      },
    };
  }
}
