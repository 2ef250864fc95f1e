// UDP sockets for BFD (RFC 5881 section 4): one that hears each port, one that sends for each session.

import { type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import { ByteWriter } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type {
  BfdDatagram,
  BfdNetwork,
  BfdReceiver,
  BfdReceiverOptions,
  BfdSender,
  BfdSenderOptions,
} from "../world/bfd-network.ts";
import type { KernelFault } from "../world/kernel.ts";
import { errno, syscallFailed } from "./ffi/errno.ts";
import { type Readable, watchReadable } from "./ffi/readable.ts";
import { socketConstants as c, encodeInt, encodeSockaddrIn } from "./ffi/socket-address.ts";
import {
  receiveBatchMax,
  receiveInfoFields,
  receiveSourceLength,
  type Syscalls,
} from "./ffi/syscalls.ts";

/** in.h, in6.h, socket.h. */
const ipTos = 1;
const ipTtl = 2;
const ipRecvTtl = 12;
const protocolIpv6 = 41;
const ipv6UnicastHops = 16;
const ipv6V6Only = 26;
const ipv6RecvHopLimit = 51;
const ipv6TrafficClass = 67;
const soReuseAddress = 2;
const soPriority = 12;
const addressInUse = 98;
const sockaddrIn6Length = 28;

/** Network control: CS6 in the header, the highest class of a queue that an ordinary process may use. */
const trafficClass = 0xc0;
const queueClass = 6;
/** The longest packet is 255 bytes, authentication included. */
const slotLength = 256;
const receiveBufferLength = 1 << 20;
/** A flood is read in turns, so that nothing else in the process has to wait for its end. */
const batchesPerTakeMax = 16;
const portMin = 49_152;
const portMax = 65_535;
/** Classic BPF `ret #0`: nothing passes. */
const dropEverything = new Uint8Array([0x06, 0, 0, 0, 0, 0, 0, 0]);

type Step = readonly [call: string, run: () => number];

/** The BFD network of this machine, in the namespace that the process is in. */
export function openBfdNetwork(syscalls: Syscalls): BfdNetwork {
  return {
    openReceiver: (options, onReadable) => openReceiver(syscalls, options, onReadable),
    openSender: (options) => openSender(syscalls, options),
  };
}

function openReceiver(
  syscalls: Syscalls,
  options: BfdReceiverOptions,
  onReadable: () => void,
): Result<BfdReceiver, KernelFault> {
  const six = options.family === 6;
  const opened = openUdp(syscalls, six, (set, fd) => [
    // A session with a source of its own listens there beside those that have none.
    ["SO_REUSEADDR", () => set(c.SOL_SOCKET, soReuseAddress, 1)],
    ["SO_TIMESTAMPNS", () => set(c.SOL_SOCKET, c.SO_TIMESTAMPNS, 1)],
    [
      "IP_RECVTTL",
      () => (six ? set(protocolIpv6, ipv6RecvHopLimit, 1) : set(c.IPPROTO_IP, ipRecvTtl, 1)),
    ],
    ["bind", () => syscalls.bind(fd, sockaddr(six, options.address, options.port))],
  ]);
  if (!opened.ok) return opened;
  const size = encodeInt(receiveBufferLength);
  if (syscalls.setsockopt(opened.value, c.SOL_SOCKET, c.SO_RCVBUFFORCE, size) < 0)
    syscalls.setsockopt(opened.value, c.SOL_SOCKET, c.SO_RCVBUF, size);
  return ok(new UdpReceiver(syscalls, opened.value, six, onReadable));
}

function openSender(syscalls: Syscalls, options: BfdSenderOptions): Result<BfdSender, KernelFault> {
  const six = options.family === 6;
  const { address, ttl, firstPort } = options;
  const opened = openUdp(syscalls, six, (set, fd) => [
    ["SO_ATTACH_FILTER", () => syscalls.attachFilter(fd, dropEverything)],
    ["SO_RCVBUF", () => set(c.SOL_SOCKET, c.SO_RCVBUF, 0)],
    ["SO_PRIORITY", () => set(c.SOL_SOCKET, soPriority, queueClass)],
    [
      "IP_TTL",
      () => (six ? set(protocolIpv6, ipv6UnicastHops, ttl) : set(c.IPPROTO_IP, ipTtl, ttl)),
    ],
    [
      "IP_TOS",
      () =>
        six
          ? set(protocolIpv6, ipv6TrafficClass, trafficClass)
          : set(c.IPPROTO_IP, ipTos, trafficClass),
    ],
    ["bind", () => bindToFreePort(syscalls, fd, six, address, firstPort)],
  ]);
  if (!opened.ok) return opened;
  const fd = opened.value;
  let open = true;
  let target: { readonly key: string; readonly bytes: Uint8Array } | undefined;
  return ok({
    send(payload, neighbor, port) {
      const key = `${neighbor} ${port}`;
      if (target?.key !== key) target = { key, bytes: sockaddr(six, neighbor, port) };
      for (let attempt = 0; ; attempt++) {
        const sent = open ? syscalls.sendto(fd, payload, target.bytes, c.MSG_DONTWAIT) : 0;
        if (sent >= 0) return ok(undefined);
        // An ICMP error of an earlier packet is reported by the next call, which has not sent then.
        if (attempt > 0) return syscallFailed("sendto", sent);
      }
    },
    close() {
      if (!open) return;
      open = false;
      syscalls.close(fd);
    },
  });
}

function openUdp(
  syscalls: Syscalls,
  six: boolean,
  steps: (
    set: (level: number, option: number, value: number) => number,
    fd: number,
  ) => readonly Step[],
): Result<number, KernelFault> {
  const fd = syscalls.socket(six ? c.AF_INET6 : c.AF_INET, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0);
  if (fd < 0) return syscallFailed("socket(SOCK_DGRAM)", fd);
  const set = (level: number, option: number, value: number): number =>
    syscalls.setsockopt(fd, level, option, encodeInt(value));
  const only: Step = ["IPV6_V6ONLY", () => (six ? set(protocolIpv6, ipv6V6Only, 1) : 0)];
  for (const [call, run] of [only, ...steps(set, fd)]) {
    const returned = run();
    if (returned >= 0) continue;
    syscalls.close(fd);
    return syscallFailed(call, returned);
  }
  return ok(fd);
}

/** RFC 5881 section 4: a source port of 49152 to 65535, constant for the session. */
function bindToFreePort(
  syscalls: Syscalls,
  fd: number,
  six: boolean,
  address: IpAddress | undefined,
  firstPort: number,
): number {
  let returned = 0;
  for (let i = 0; i <= portMax - portMin; i++) {
    const port = portMin + ((firstPort - portMin + i) % (portMax - portMin + 1));
    returned = syscalls.bind(fd, sockaddr(six, address, port));
    if (returned !== -addressInUse) return returned;
  }
  return returned;
}

function sockaddr(six: boolean, address: IpAddress | undefined, port: number): Uint8Array {
  if (!six) return encodeSockaddrIn(address ?? ("0.0.0.0" as IpAddress), port);
  const writer = new ByteWriter(sockaddrIn6Length, "host").u16(c.AF_INET6);
  writer
    .u8(port >> 8)
    .u8(port & 255)
    .zeros(4);
  return writer
    .bytes(ipAddressBytes(address ?? ("::" as IpAddress)))
    .zeros(4)
    .finish();
}

class UdpReceiver implements BfdReceiver {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #six: boolean;
  readonly #watched: Readable;
  readonly #ring = new Uint8Array(receiveBatchMax * slotLength);
  readonly #sources = new Uint8Array(receiveBatchMax * receiveSourceLength);
  readonly #info = new Float64Array(receiveBatchMax * receiveInfoFields);
  #drainedAtMs: number;
  #open = true;

  constructor(syscalls: Syscalls, fd: number, six: boolean, onReadable: () => void) {
    this.#syscalls = syscalls;
    this.#fd = fd;
    this.#six = six;
    this.#drainedAtMs = syscalls.monotonicMs();
    this.#watched = watchReadable(syscalls, fd, onReadable);
  }

  receive(): readonly BfdDatagram[] {
    const datagrams: BfdDatagram[] = [];
    for (let batch = 0; this.#open && batch < batchesPerTakeMax; batch++) {
      const startedAtMs = this.#syscalls.monotonicMs();
      const count = this.#syscalls.recvMany(
        this.#fd,
        this.#ring,
        slotLength,
        this.#info,
        this.#sources,
      );
      for (let slot = 0; slot < count; slot++) datagrams.push(this.#datagram(slot));
      if (count === receiveBatchMax) continue;
      if (count >= 0 || count === -errno.EAGAIN) this.#drainedAtMs = startedAtMs;
      break;
    }
    return datagrams;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watched.close();
    this.#syscalls.close(this.#fd);
  }

  #datagram(slot: number): BfdDatagram {
    const at = slot * receiveInfoFields;
    const length = this.#info[at] ?? 0;
    const ttl = this.#info[at + 4] ?? Number.NaN;
    const start = slot * slotLength;
    const source = slot * receiveSourceLength + (this.#six ? 8 : 4);
    const end = source + (this.#six ? 16 : 4);
    return {
      // A copy, because the next batch reuses the slots.
      bytes: this.#ring.slice(start, start + length),
      source: ipAddressFromBytes(this.#sources.subarray(source, end)),
      ttl: Number.isNaN(ttl) ? undefined : ttl,
      receivedAtMs: this.#plausible(this.#info[at + 2] ?? Number.NaN),
    };
  }

  /**
   * The kernel stamps with the wall clock, which may have been set while the datagram waited. It cannot
   * have come before the socket was last found empty, nor after now.
   */
  #plausible(stampedAtMs: number): number {
    const nowMs = this.#syscalls.monotonicMs();
    if (Number.isNaN(stampedAtMs)) return nowMs;
    return Math.min(Math.max(stampedAtMs, this.#drainedAtMs), nowMs);
  }
}
