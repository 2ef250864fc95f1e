// Handing a packet to the machine's own stack, when the real server is the director itself.

import type { IpAddress } from "../../base/address.ts";
import { ok, type Result } from "../../base/result.ts";
import { addToChecksum, finishChecksum } from "../../wire/checksum.ts";
import type { KernelFault } from "../../world/kernel.ts";
import { syscallFailed } from "../ffi/errno.ts";
import { encodeSockaddrIn, socketConstants } from "../ffi/socket-address.ts";
import type { Syscalls } from "../ffi/syscalls.ts";

const IPPROTO_RAW = 255;

/** A raw socket whose packets, addressed to this machine, come in over the loopback interface. */
export class LocalDelivery {
  readonly #syscalls: Syscalls;
  readonly #fd: number;

  private constructor(syscalls: Syscalls, fd: number) {
    this.#syscalls = syscalls;
    this.#fd = fd;
  }

  static open(syscalls: Syscalls): Result<LocalDelivery, KernelFault> {
    const { AF_INET, SOCK_RAW, SOCK_NONBLOCK } = socketConstants;
    const fd = syscalls.socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_RAW);
    return fd < 0 ? syscallFailed("socket(IPPROTO_RAW)", fd) : ok(new LocalDelivery(syscalls, fd));
  }

  /** Delivers the IPv4 packet of a frame to `destination`, an address of this machine. */
  deliver(frame: Uint8Array, destination: IpAddress): Result<void, KernelFault> {
    const packet = frame.subarray(14);
    const { MSG_DONTWAIT } = socketConstants;
    const address = encodeSockaddrIn(destination, 0);
    const sent = this.#syscalls.sendto(this.#fd, packet, address, MSG_DONTWAIT);
    return sent < 0 ? syscallFailed("sendto(IPPROTO_RAW)", sent) : ok(undefined);
  }

  close(): void {
    this.#syscalls.close(this.#fd);
  }
}

/** Keeps the promise of an offload header in place: sums up from where it says to the end. */
export function completeChecksum(frame: Uint8Array, offload: Uint8Array): void {
  const view = new DataView(offload.buffer, offload.byteOffset, offload.byteLength);
  const start = view.getUint16(6, true);
  const at = start + view.getUint16(8, true);
  const checksum = finishChecksum(addToChecksum(0, frame, start, frame.length)) || 0xffff;
  frame[at] = checksum >> 8;
  frame[at + 1] = checksum & 255;
}
