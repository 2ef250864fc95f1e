// One interface of a simulated machine: sockets fill here, and what the kernel would never hand to
// them is dropped.

import { type IpAddress, ipAddressFromBytes } from "../base/address.ts";
import { fail, ok } from "../base/result.ts";
import type { LinkFact } from "../world/kernel.ts";
import type { PeerSocket, PeerSocketOptions } from "../world/peer-network.ts";
import type { ReceivedPacket, VrrpSocket, VrrpSocketOptions } from "../world/vrrp-network.ts";
import { isUdp, PeerInbox } from "./peer-inbox.ts";
import type { Segment, Station } from "./segment.ts";

const PROTOCOL_AH = 51;

/** What an interface needs of its machine. */
export interface NicSurroundings {
  nowMs(): number;
  frozen(): boolean;
  /** Runs a process of the machine, now or when it gets a processor again. */
  wake(run: () => void): void;
  owns(address: IpAddress): boolean;
}

interface OpenSocket {
  readonly options: VrrpSocketOptions;
  readonly waiting: ReceivedPacket[];
  readonly onReadable: () => void;
  closed: boolean;
}

export class Nic implements Station {
  readonly name: string;
  readonly #segment: Segment;
  readonly #around: NicSurroundings;
  #sockets: OpenSocket[] = [];
  #inboxes: PeerInbox[] = [];
  link: LinkFact;
  /** Packets that processes have read, over all their lives. */
  packetsRead = 0;

  constructor(
    hostName: string,
    segment: Segment,
    { index, name, mac }: Pick<LinkFact, "index" | "name" | "mac">,
    around: NicSurroundings,
  ) {
    this.name = hostName;
    this.#segment = segment;
    this.#around = around;
    this.link = { index, name, up: true, carrier: true, mtu: 1500, mac, type: 1 };
  }

  deliver(packet: Uint8Array): void {
    if (!this.link.carrier || this.#around.frozen()) return;
    if (isUdp(packet)) {
      this.#deliverToPeers(packet);
      return;
    }
    const received = { bytes: packet, receivedAtMs: this.#around.nowMs() };
    for (const socket of this.#sockets) {
      if (!this.#wants(socket.options, packet)) continue;
      socket.waiting.push(received);
      if (socket.waiting.length === 1) this.#around.wake(() => readable(socket));
    }
  }

  open(
    options: VrrpSocketOptions,
    onReadable: () => void,
    onSend: (packet: Uint8Array) => void,
  ): VrrpSocket {
    const socket: OpenSocket = { options, waiting: [], onReadable, closed: false };
    this.#sockets.push(socket);
    return {
      send: (packet) => {
        if (!this.link.up)
          return fail({
            kind: "syscall-failed",
            call: "sendto",
            errno: 100,
            code: "ENETDOWN",
            text: "sendto: ENETDOWN",
          });
        onSend(packet);
        if (this.link.carrier) this.#segment.carry(this.name, packet);
        return ok(undefined);
      },
      receive: () => {
        this.packetsRead += socket.waiting.length;
        return socket.waiting.splice(0);
      },
      close: () => {
        socket.closed = true;
        this.#sockets = this.#sockets.filter((open) => open !== socket);
      },
    };
  }

  /** A socket that hears other Keelson routers. */
  openPeer(options: PeerSocketOptions, onReadable: () => void): PeerSocket {
    const inbox = new PeerInbox(options, onReadable);
    this.#inboxes.push(inbox);
    return inbox.socket();
  }

  #deliverToPeers(packet: Uint8Array): void {
    this.#inboxes = this.#inboxes.filter((inbox) => !inbox.closed);
    for (const inbox of this.#inboxes)
      if (inbox.take(packet, (address) => this.#around.owns(address)))
        this.#around.wake(() => inbox.wake());
  }

  /** The sockets of dead processes. */
  closeSockets(): void {
    for (const inbox of this.#inboxes) inbox.closed = true;
    this.#inboxes = [];
    for (const socket of this.#sockets) socket.closed = true;
    this.#sockets = [];
  }

  sendFrame(frame: Uint8Array): void {
    if (this.link.carrier) this.#segment.carryFrame(this.name, frame);
  }

  // Bytes too broken to be judged here are the business of the process.
  #wants({ family, group, authenticationHeader }: VrrpSocketOptions, packet: Uint8Array): boolean {
    if (packet.length < 20) return true;
    const version = (packet[0] ?? 0) >> 4;
    if (version === 6 && packet.length >= 40) {
      const destination = ipAddressFromBytes(packet.subarray(24, 40));
      return family === 6 && this.#reaches(destination, packet[24] === 0xff, group);
    }
    if (family !== 4) return false;
    if (version === 4 && (packet[9] === PROTOCOL_AH) !== (authenticationHeader === true))
      return false;
    const destination = ipAddressFromBytes(packet.subarray(16, 20));
    return this.#reaches(destination, ((packet[16] ?? 0) & 0xf0) === 0xe0, group);
  }

  #reaches(destination: IpAddress, multicast: boolean, group: IpAddress | undefined): boolean {
    return multicast ? destination === group : this.#around.owns(destination);
  }
}

function readable(socket: OpenSocket): void {
  if (!socket.closed && socket.waiting.length > 0) socket.onReadable();
}
