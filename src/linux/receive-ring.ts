// Datagrams taken in batches into memory that is allocated once, each with the moment at which the
// kernel received it.

import { errno } from "./ffi/errno.ts";
import {
  receiveBatchMax,
  receiveInfoFields,
  receiveSourceLength,
  type Syscalls,
} from "./ffi/syscalls.ts";

/** One datagram. `bytes` may be overwritten by the next `take`: copy what must live longer. */
export interface Datagram {
  readonly bytes: Uint8Array;
  /** Monotonic milliseconds, at most the moment of reading. */
  readonly receivedAtMs: number;
}

/** A flood is read in turns, so that nothing else in the process has to wait for its end. */
const batchesPerTakeMax = 16;
const errorsPerTakeMax = 4;
const ipv6HeaderLength = 40;
/** Where the address stands in `struct sockaddr_in6`. */
const sourceAddressAt = 8;

/** Reads one non-blocking datagram socket. */
export class ReceiveRing {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #slotLength: number;
  readonly #ring: Uint8Array;
  readonly #info = new Float64Array(receiveBatchMax * receiveInfoFields);
  readonly #sources: Uint8Array | null;
  readonly #ipv6NextHeader: number | undefined;
  readonly #views: (Uint8Array | undefined)[] = [];
  #drainedAtMs: number;

  /**
   * Datagrams longer than `slotLength` bytes are cut to it. A raw IPv6 socket delivers no IP header:
   * where `ipv6NextHeader` is given, it is made from what the kernel tells beside the datagram, for
   * which the socket has IPV6_RECVPKTINFO and IPV6_RECVHOPLIMIT.
   */
  constructor(syscalls: Syscalls, fd: number, slotLength: number, ipv6NextHeader?: number) {
    this.#ipv6NextHeader = ipv6NextHeader;
    this.#sources =
      ipv6NextHeader === undefined ? null : new Uint8Array(receiveBatchMax * receiveSourceLength);
    this.#syscalls = syscalls;
    this.#fd = fd;
    this.#slotLength = slotLength;
    this.#ring = new Uint8Array(receiveBatchMax * slotLength);
    this.#drainedAtMs = syscalls.monotonicMs();
  }

  /** Everything that waits, in order of arrival, up to a thousand; an error pending is passed over. */
  take(): readonly Datagram[] {
    const datagrams: Datagram[] = [];
    let errors = 0;
    for (let batch = 0; batch < batchesPerTakeMax; ) {
      const startedAtMs = this.#syscalls.monotonicMs();
      const count = this.#syscalls.recvMany(
        this.#fd,
        this.#ring,
        this.#slotLength,
        this.#info,
        this.#sources,
      );
      if (count < 0) {
        if (count === -errno.EAGAIN) this.#drainedAtMs = startedAtMs;
        if (count === -errno.EAGAIN || ++errors > errorsPerTakeMax) return datagrams;
        continue;
      }
      this.#collect(count, batch > 0, datagrams);
      if (count < receiveBatchMax) {
        this.#drainedAtMs = startedAtMs;
        return datagrams;
      }
      // The next batch reuses the slots: what they hold must be copied first.
      if (batch === 0)
        for (const [i, datagram] of datagrams.entries())
          datagrams[i] = { ...datagram, bytes: datagram.bytes.slice() };
      batch++;
    }
    return datagrams;
  }

  #collect(count: number, copy: boolean, into: Datagram[]): void {
    const nowMs = this.#syscalls.monotonicMs();
    for (let slot = 0; slot < count; slot++) {
      const length = this.#info[slot * receiveInfoFields] ?? 0;
      const stampedAtMs = this.#info[slot * receiveInfoFields + 2] ?? Number.NaN;
      const view = this.#view(slot, length);
      into.push({
        bytes: this.#sources === null ? (copy ? view.slice() : view) : this.#whole(slot, view),
        receivedAtMs: this.#plausible(stampedAtMs, nowMs),
      });
    }
  }

  /** A datagram behind the header that it came with; a hop limit that is not known becomes 0. */
  #whole(slot: number, payload: Uint8Array): Uint8Array {
    const packet = new Uint8Array(ipv6HeaderLength + payload.length);
    const view = new DataView(packet.buffer);
    const info = slot * receiveInfoFields;
    const source = slot * receiveSourceLength + sourceAddressAt;
    packet[0] = 0x60;
    view.setUint16(4, payload.length);
    packet[6] = this.#ipv6NextHeader ?? 0;
    packet[7] = this.#info[info + 4] || 0;
    packet.set(this.#sources?.subarray(source, source + 16) ?? [], 8);
    for (let word = 0; word < 4; word++)
      view.setUint32(24 + 4 * word, this.#info[info + 5 + word] ?? 0);
    packet.set(payload, ipv6HeaderLength);
    return packet;
  }

  /**
   * The kernel stamps with the wall clock, which may have been set while the datagram waited. It
   * cannot have come before the socket was last found empty, nor after now.
   */
  #plausible(stampedAtMs: number, nowMs: number): number {
    if (Number.isNaN(stampedAtMs)) return nowMs;
    return Math.min(Math.max(stampedAtMs, this.#drainedAtMs), nowMs);
  }

  /** A view of a slot; kept, because datagrams of one socket mostly have one length. */
  #view(slot: number, length: number): Uint8Array {
    const kept = this.#views[slot];
    if (kept?.length === length) return kept;
    const start = slot * this.#slotLength;
    const view = this.#ring.subarray(start, start + length);
    this.#views[slot] = view;
    return view;
  }
}
