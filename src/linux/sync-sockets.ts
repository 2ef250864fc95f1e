// The sockets of connection synchronisation: one that sends to a multicast group, one that hears it.

import { familyOf, type IpAddress, ipAddressBytes } from "../base/address.ts";
import { ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import { syscallFailed } from "./ffi/errno.ts";
import { type Readable, watchReadable } from "./ffi/readable.ts";
import {
  socketConstants as c,
  encodeInt,
  encodeInterfaceName,
  encodeIpMreqn,
  encodeIpv6Mreq,
} from "./ffi/socket-address.ts";
import { receiveInfoFields, type Syscalls } from "./ffi/syscalls.ts";

/** in6.h */
const ipv6MulticastHops = 18;
const ipv6V6Only = 26;
const soReuseAddress = 2;

const slots = 8;
/** The longest that UDP can carry, so that nothing arrives cut. */
const slotLength = 65_536;
/** A master sends in bursts while this process may be busy with something else. */
const receiveBufferBytes = 8 << 20;

/** Where a sync daemon speaks. */
export interface SyncSocketOptions {
  readonly interface: string;
  readonly ifindex: number;
  readonly group: IpAddress;
  readonly port: number;
  readonly ttl: number;
}

type Step = readonly [call: string, run: () => number];

function address(
  family: 4 | 6,
  host: IpAddress | undefined,
  port: number,
  scope: number,
): Uint8Array {
  const bytes = new Uint8Array(family === 6 ? 28 : 16);
  bytes[0] = family === 6 ? c.AF_INET6 : c.AF_INET;
  bytes[2] = port >> 8;
  bytes[3] = port & 255;
  if (host !== undefined) bytes.set(ipAddressBytes(host), family === 6 ? 8 : 4);
  if (family === 6) new DataView(bytes.buffer).setUint32(24, scope, true);
  return bytes;
}

function openWith(
  syscalls: Syscalls,
  family: 4 | 6,
  stepsOf: (fd: number) => readonly Step[],
): Result<number, KernelFault> {
  const domain = family === 6 ? c.AF_INET6 : c.AF_INET;
  const fd = syscalls.socket(domain, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0);
  if (fd < 0) return syscallFailed("socket(SOCK_DGRAM)", fd);
  for (const [call, run] of stepsOf(fd)) {
    const returned = run();
    if (returned >= 0) continue;
    syscalls.close(fd);
    return syscallFailed(call, returned);
  }
  return ok(fd);
}

/** What a master sends with. */
export interface SyncSender {
  /** 0, or the negative errno: a datagram that the kernel does not take is lost. */
  send(datagram: Uint8Array): number;
  close(): void;
}

/** Opens the sending side. It does not hear itself. */
export function openSyncSender(
  syscalls: Syscalls,
  options: SyncSocketOptions,
): Result<SyncSender, KernelFault> {
  const { group, ifindex, port, ttl } = options;
  const family = familyOf(group);
  const opened = openWith(syscalls, family, (fd) => {
    const set = (level: number, option: number, value: Uint8Array): number =>
      syscalls.setsockopt(fd, level, option, value);
    const device = encodeInterfaceName(options.interface);
    const inFamily: readonly Step[] =
      family === 6
        ? [
            [
              "IPV6_MULTICAST_IF",
              () => set(c.IPPROTO_IPV6, c.IPV6_MULTICAST_IF, encodeInt(ifindex)),
            ],
            ["IPV6_MULTICAST_HOPS", () => set(c.IPPROTO_IPV6, ipv6MulticastHops, encodeInt(ttl))],
            ["IPV6_MULTICAST_LOOP", () => set(c.IPPROTO_IPV6, c.IPV6_MULTICAST_LOOP, encodeInt(0))],
          ]
        : [
            [
              "IP_MULTICAST_IF",
              () => set(c.IPPROTO_IP, c.IP_MULTICAST_IF, encodeIpMreqn(group, ifindex)),
            ],
            ["IP_MULTICAST_TTL", () => set(c.IPPROTO_IP, c.IP_MULTICAST_TTL, encodeInt(ttl))],
            ["IP_MULTICAST_LOOP", () => set(c.IPPROTO_IP, c.IP_MULTICAST_LOOP, encodeInt(0))],
          ];
    return [
      ["SO_BINDTODEVICE", () => set(c.SOL_SOCKET, c.SO_BINDTODEVICE, device)],
      ...inFamily,
      ["connect", () => syscalls.connect(fd, address(family, group, port, ifindex))],
    ];
  });
  if (!opened.ok) return opened;
  const fd = opened.value;
  return ok({
    send(datagram) {
      const returned = syscalls.sendto(fd, datagram, null, c.MSG_DONTWAIT | c.MSG_NOSIGNAL);
      return Math.min(0, returned);
    },
    close: () => {
      syscalls.close(fd);
    },
  });
}

/** What a backup hears with. */
export interface SyncListener {
  close(): void;
}

function receiveAll(
  syscalls: Syscalls,
  fd: number,
  ring: Uint8Array,
  onDatagram: (datagram: Uint8Array) => void,
): void {
  const info = new Float64Array(slots * receiveInfoFields);
  for (;;) {
    const count = syscalls.recvMany(fd, ring, slotLength, info, null);
    for (let slot = 0; slot < count; slot++) {
      const start = slot * slotLength;
      onDatagram(ring.subarray(start, start + (info[slot * receiveInfoFields] ?? 0)));
    }
    if (count < slots) return;
  }
}

/** Opens the hearing side: `onDatagram` gets a view that lives until it returns. */
export function openSyncListener(
  syscalls: Syscalls,
  options: SyncSocketOptions,
  onDatagram: (datagram: Uint8Array) => void,
): Result<SyncListener, KernelFault> {
  const { group, ifindex, port } = options;
  const family = familyOf(group);
  const opened = openWith(syscalls, family, (fd) => {
    const set = (level: number, option: number, value: Uint8Array): number =>
      syscalls.setsockopt(fd, level, option, value);
    const device = encodeInterfaceName(options.interface);
    const six = family === 6;
    return [
      ["SO_REUSEADDR", () => set(c.SOL_SOCKET, soReuseAddress, encodeInt(1))],
      ["SO_BINDTODEVICE", () => set(c.SOL_SOCKET, c.SO_BINDTODEVICE, device)],
      // Where the process may not go beyond the system's limit, it takes what it gets.
      [
        "SO_RCVBUF",
        () =>
          Math.max(0, set(c.SOL_SOCKET, c.SO_RCVBUFFORCE, encodeInt(receiveBufferBytes))) ||
          Math.max(0, set(c.SOL_SOCKET, c.SO_RCVBUF, encodeInt(receiveBufferBytes))),
      ],
      ["IPV6_V6ONLY", () => (six ? set(c.IPPROTO_IPV6, ipv6V6Only, encodeInt(1)) : 0)],
      ["bind", () => syscalls.bind(fd, address(family, group, port, ifindex))],
      [
        "joining the group",
        () =>
          six
            ? set(c.IPPROTO_IPV6, c.IPV6_JOIN_GROUP, encodeIpv6Mreq(group, ifindex))
            : set(c.IPPROTO_IP, c.IP_ADD_MEMBERSHIP, encodeIpMreqn(group, ifindex)),
      ],
    ];
  });
  if (!opened.ok) return opened;
  const fd = opened.value;
  const ring = new Uint8Array(slots * slotLength);
  const watched: Readable = watchReadable(syscalls, fd, () =>
    receiveAll(syscalls, fd, ring, onDatagram),
  );
  watched.keepAlive(false);
  return ok({
    close() {
      watched.close();
      syscalls.close(fd);
    },
  });
}
