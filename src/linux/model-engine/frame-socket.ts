// Whole Ethernet frames in and out, with the header that says what a network card was to complete
// in them (virtio_net_hdr): checksums and the cutting of large TCP packets stay promises until some
// card, real or virtual, keeps them.

import { ByteWriter } from "../../base/bytes.ts";
import { ok, type Result } from "../../base/result.ts";
import type { KernelFault } from "../../world/kernel.ts";
import { errno, syscallFailed } from "../ffi/errno.ts";
import { type Readable, watchReadable } from "../ffi/readable.ts";
import { encodeInt, socketConstants } from "../ffi/socket-address.ts";
import {
  receiveBatchMax,
  receiveInfoFields,
  receiveSourceLength,
  type Syscalls,
} from "../ffi/syscalls.ts";

const SOL_PACKET = 263;
const PACKET_VNET_HDR = 15;
const ETH_P_IP = 0x0800;
const ARPHRD_ETHER = 1;
const PACKET_HOST = 0;
const OFFLOAD_LENGTH = 10;
const NEEDS_CHECKSUM = 1;
/** Offload header, Ethernet header, the largest IPv4 packet; rounded up. */
const SLOT_LENGTH = 65_664;
const RECEIVE_BUFFER_LENGTH = 16 * 1024 * 1024;
/** Batches taken before other events get their turn. */
const BATCHES_A_TURN = 8;
/** `ldb [packet type]; jeq #0 (this host); ret all; ret none`, 8 bytes an instruction. */
const onlyForThisHost: readonly (readonly [number, number, number, number])[] = [
  [0x30, 0, 0, 0xfffff004],
  [0x15, 0, 1, PACKET_HOST],
  [0x06, 0, 0, 0xffffffff],
  [0x06, 0, 0, 0],
];

/** A frame as it arrived, valid only during the call that hands it over. */
export interface ArrivedFrame {
  readonly interfaceIndex: number;
  /** The 10 bytes of virtio_net_hdr. */
  readonly offload: Uint8Array;
  readonly bytes: Uint8Array;
  /** True when the checksum field holds only the sum of the pseudo-header. */
  readonly partialChecksum: boolean;
}

/** An offload header that promises nothing: for frames that are complete as they are. */
export const noOffload: Uint8Array = new Uint8Array(OFFLOAD_LENGTH);

/** One packet socket over all Ethernet interfaces, for IPv4 frames that are meant for this machine. */
export class FrameSocket {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #ring = new Uint8Array(receiveBatchMax * SLOT_LENGTH);
  readonly #info = new Float64Array(receiveBatchMax * receiveInfoFields);
  readonly #sources = new Uint8Array(receiveBatchMax * receiveSourceLength);
  readonly #outgoing = new Uint8Array(SLOT_LENGTH);
  #readable: Readable | undefined;

  private constructor(syscalls: Syscalls, fd: number) {
    this.#syscalls = syscalls;
    this.#fd = fd;
  }

  /** Opens the socket; needs CAP_NET_RAW in the network namespace. */
  static open(syscalls: Syscalls): Result<FrameSocket, KernelFault> {
    const { AF_PACKET, SOCK_RAW, SOCK_NONBLOCK } = socketConstants;
    // Protocol 0 until it is configured: nothing arrives that the filter has not seen.
    const fd = syscalls.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    if (fd < 0) return syscallFailed("socket(AF_PACKET)", fd);
    const steps: readonly (readonly [string, () => number])[] = [
      ["PACKET_VNET_HDR", () => syscalls.setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, encodeInt(1))],
      ["SO_ATTACH_FILTER", () => syscalls.attachFilter(fd, encodeFilter())],
      ["SO_RCVBUF", () => setReceiveBuffer(syscalls, fd)],
      ["bind(AF_PACKET)", () => syscalls.bind(fd, encodePacketAddress(0))],
    ];
    for (const [call, step] of steps) {
      const returned = step();
      if (returned >= 0) continue;
      syscalls.close(fd);
      return syscallFailed(call, returned);
    }
    return ok(new FrameSocket(syscalls, fd));
  }

  /** Calls `onFrame` for each frame until closed. */
  watch(onFrame: (frame: ArrivedFrame) => void): void {
    this.#readable = watchReadable(this.#syscalls, this.#fd, () => this.#drain(onFrame));
  }

  #drain(onFrame: (frame: ArrivedFrame) => void): void {
    for (let batch = 0; batch < BATCHES_A_TURN; batch++) {
      const count = this.#syscalls.recvMany(
        this.#fd,
        this.#ring,
        SLOT_LENGTH,
        this.#info,
        this.#sources,
      );
      for (let i = 0; i < count; i++) {
        const frame = this.#frameAt(i);
        if (frame !== undefined) onFrame(frame);
      }
      if (count < receiveBatchMax) return;
    }
  }

  #frameAt(slot: number): ArrivedFrame | undefined {
    const length = this.#info[slot * receiveInfoFields] ?? 0;
    // struct sockaddr_ll: family, protocol, interface index at 4, hardware type at 8.
    const at = slot * receiveSourceLength;
    const source = new DataView(this.#sources.buffer, this.#sources.byteOffset + at, 12);
    if (source.getUint16(8, true) !== ARPHRD_ETHER || length <= OFFLOAD_LENGTH) return undefined;
    const start = slot * SLOT_LENGTH;
    const offload = this.#ring.subarray(start, start + OFFLOAD_LENGTH);
    return {
      interfaceIndex: source.getInt32(4, true),
      offload,
      bytes: this.#ring.subarray(start + OFFLOAD_LENGTH, start + length),
      partialChecksum: ((offload[0] ?? 0) & NEEDS_CHECKSUM) !== 0,
    };
  }

  /** Sends a frame out of an interface. `offload` is that of the frame it was made from. */
  send(interfaceIndex: number, frame: Uint8Array, offload: Uint8Array): Result<void, KernelFault> {
    const message = this.#outgoing.subarray(0, OFFLOAD_LENGTH + frame.length);
    message.set(offload);
    // "Checksum seen to be right" is a statement about arrival; a sender may not make it.
    message[0] = (offload[0] ?? 0) & NEEDS_CHECKSUM;
    message.set(frame, OFFLOAD_LENGTH);
    const address = encodePacketAddress(interfaceIndex);
    const { MSG_DONTWAIT } = socketConstants;
    const sent = this.#syscalls.sendto(this.#fd, message, address, MSG_DONTWAIT);
    return sent < 0 ? syscallFailed("sendto(AF_PACKET)", sent) : ok(undefined);
  }

  close(): void {
    this.#readable?.close();
    this.#syscalls.close(this.#fd);
  }
}

/** `struct sockaddr_ll` for IPv4; interface index 0 binds to all of them. */
function encodePacketAddress(interfaceIndex: number): Uint8Array {
  const address = new ByteWriter(20, "host").u16(socketConstants.AF_PACKET).u16(0);
  const bytes = address.i32(interfaceIndex).zeros(12).finish();
  bytes[2] = ETH_P_IP >> 8;
  bytes[3] = ETH_P_IP & 255;
  return bytes;
}

function encodeFilter(): Uint8Array {
  const writer = new ByteWriter(onlyForThisHost.length * 8, "host");
  for (const [code, jumpTrue, jumpFalse, value] of onlyForThisHost)
    writer.u16(code).u8(jumpTrue).u8(jumpFalse).u32(value);
  return writer.finish();
}

/** Beyond the system's limit where the privileges allow it. */
function setReceiveBuffer(syscalls: Syscalls, fd: number): number {
  const { SOL_SOCKET, SO_RCVBUFFORCE, SO_RCVBUF } = socketConstants;
  const value = encodeInt(RECEIVE_BUFFER_LENGTH);
  const forced = syscalls.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value);
  if (forced !== -errno.EPERM) return forced;
  return syscalls.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value);
}
