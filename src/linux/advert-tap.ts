// Listens to the VRRP that passes the interfaces of this host, its own included, without taking part.

import { ok, type Result } from "../base/result.ts";
import { printMac } from "../wire/ethernet.ts";
import type { KernelFault } from "../world/kernel.ts";
import { syscallFailed } from "./ffi/errno.ts";
import { watchReadable } from "./ffi/readable.ts";
import { socketConstants as c } from "./ffi/socket-address.ts";
import {
  receiveBatchMax,
  receiveInfoFields,
  receiveSourceLength,
  type Syscalls,
} from "./ffi/syscalls.ts";

/** One IP packet that carries VRRP. */
export interface TappedPacket {
  readonly ifindex: number;
  /** True: it left this host. */
  readonly outgoing: boolean;
  readonly bytes: Uint8Array;
  /** The hardware address that it came from, as text. */
  readonly mac: string;
}

/** Which interfaces are heard. */
export interface AdvertTapOptions {
  /** One index, or all interfaces. */
  readonly only?: number;
  /** Where the groups are joined when all are heard. */
  readonly ifindexes: readonly number[];
}

/** if_packet.h */
const solPacket = 263;
const packetAddMembership = 1;
const packetMulticast = 0;
const packetOutgoing = 4;
const allProtocols = 0x0300;
const slotLength = 4608;
const vrrpGroups = ["01005e000012", "333300000012"];

/**
 * Classic BPF on a socket that shows packets from their IP header on: passes IPv4 with protocol 112 or
 * 51 and IPv6 with next header 112.
 */
const onlyVrrp = instructions([
  [0x28, 0, 0, 0xfffff000], // ldh the protocol of the frame
  [0x15, 0, 4, 0x0800], // IPv4? else to IPv6
  [0x30, 0, 0, 9], // ldb protocol
  [0x15, 5, 0, 112],
  [0x15, 4, 0, 51],
  [0x06, 0, 0, 0],
  [0x15, 0, 3, 0x86dd], // IPv6? else drop
  [0x30, 0, 0, 6], // ldb next header
  [0x15, 0, 1, 112],
  [0x06, 0, 0, 0xffff],
  [0x06, 0, 0, 0],
]);

/** Hears VRRP until it is closed; `onPackets` gets what has arrived or left. */
export function openAdvertTap(
  syscalls: Syscalls,
  options: AdvertTapOptions,
  onPackets: (packets: readonly TappedPacket[]) => void,
): Result<{ close(): void }, KernelFault> {
  const fd = syscalls.socket(c.AF_PACKET, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0);
  if (fd < 0) return syscallFailed("socket(AF_PACKET)", fd);
  const steps: readonly (readonly [string, () => number])[] = [
    ["SO_ATTACH_FILTER", () => syscalls.attachFilter(fd, onlyVrrp)],
    ["bind", () => syscalls.bind(fd, sockaddrLl(allProtocols, options.only ?? 0))],
  ];
  for (const [call, run] of steps) {
    const returned = run();
    if (returned >= 0) continue;
    syscalls.close(fd);
    return syscallFailed(call, returned);
  }
  // An interface that cannot hear a group is heard without it.
  for (const ifindex of options.only === undefined ? options.ifindexes : [options.only])
    for (const group of vrrpGroups)
      syscalls.setsockopt(fd, solPacket, packetAddMembership, membership(ifindex, group));
  const reader = new TapReader(syscalls, fd);
  const watched = watchReadable(syscalls, fd, () => onPackets(reader.take()));
  let open = true;
  return ok({
    close() {
      if (!open) return;
      open = false;
      watched.close();
      syscalls.close(fd);
    },
  });
}

class TapReader {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #ring = new Uint8Array(receiveBatchMax * slotLength);
  readonly #sources = new Uint8Array(receiveBatchMax * receiveSourceLength);
  readonly #info = new Float64Array(receiveBatchMax * receiveInfoFields);

  constructor(syscalls: Syscalls, fd: number) {
    this.#syscalls = syscalls;
    this.#fd = fd;
  }

  take(): readonly TappedPacket[] {
    const packets: TappedPacket[] = [];
    const count = this.#syscalls.recvMany(
      this.#fd,
      this.#ring,
      slotLength,
      this.#info,
      this.#sources,
    );
    for (let slot = 0; slot < count; slot++) {
      const length = this.#info[slot * receiveInfoFields] ?? 0;
      const at = slot * receiveSourceLength;
      const source = this.#sources.subarray(at, at + receiveSourceLength);
      const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
      packets.push({
        ifindex: view.getInt32(4, true),
        outgoing: source[10] === packetOutgoing,
        mac: printMac(source.subarray(12, 12 + Math.min(8, source[11] ?? 0))),
        bytes: this.#ring.slice(slot * slotLength, slot * slotLength + length),
      });
    }
    return packets;
  }
}

/** `struct sockaddr_ll` for binding; the protocol is in network order. */
function sockaddrLl(protocol: number, ifindex: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, c.AF_PACKET, true);
  view.setUint16(2, protocol, true);
  view.setInt32(4, ifindex, true);
  return bytes;
}

/** `struct packet_mreq` for a multicast address. */
function membership(ifindex: number, group: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, ifindex, true);
  view.setUint16(4, packetMulticast, true);
  view.setUint16(6, 6, true);
  for (let i = 0; i < 6; i++) bytes[8 + i] = Number.parseInt(group.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** `struct sock_filter`: code, jumps, operand. */
function instructions(lines: readonly (readonly [number, number, number, number])[]): Uint8Array {
  const bytes = new Uint8Array(8 * lines.length);
  const view = new DataView(bytes.buffer);
  for (const [i, [code, whenTrue, whenFalse, operand]] of lines.entries()) {
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, whenTrue);
    view.setUint8(8 * i + 3, whenFalse);
    view.setUint32(8 * i + 4, operand, true);
  }
  return bytes;
}
