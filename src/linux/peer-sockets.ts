// UDP sockets that hear other Keelson routers.

import { type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import { ByteWriter } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import type {
  PeerDatagram,
  PeerNetwork,
  PeerSocket,
  PeerSocketOptions,
} from "../world/peer-network.ts";
import { syscallFailed } from "./ffi/errno.ts";
import { watchReadable } from "./ffi/readable.ts";
import {
  socketConstants as c,
  encodeInt,
  encodeInterfaceName,
  encodeIpMreqn,
} from "./ffi/socket-address.ts";
import { receiveInfoFields, type Syscalls } from "./ffi/syscalls.ts";

/** in.h, in6.h. */
const ipMinTtl = 21;
const ipv6MinHopCount = 73;
const ipv6JoinGroup = 20;
const ipv6V6Only = 26;
const ipv6MulticastAll = 29;
const protocolIpv6 = 41;
const soReuseAddress = 2;

const hopsOfTheSameLink = 255;
const slots = 16;
const slotLength = 256;
/** What the addon keeps of each sender; `struct sockaddr_in6` is the longest. */
const sourceLength = 32;
const sockaddrIn6Length = 28;
const alreadyJoined = 98;

/** Opens a socket that hears the port on one interface, in one family. */
function openSocket(syscalls: Syscalls, options: PeerSocketOptions): Result<number, KernelFault> {
  const six = options.family === 6;
  const fd = syscalls.socket(six ? c.AF_INET6 : c.AF_INET, c.SOCK_DGRAM | c.SOCK_NONBLOCK, 0);
  if (fd < 0) return syscallFailed("socket(SOCK_DGRAM)", fd);
  const level = six ? protocolIpv6 : c.IPPROTO_IP;
  const set = (at: number, option: number, value: Uint8Array): number =>
    syscalls.setsockopt(fd, at, option, value);
  const steps: readonly (readonly [string, () => number])[] = [
    ["SO_REUSEADDR", () => set(c.SOL_SOCKET, soReuseAddress, encodeInt(1))],
    [
      "SO_BINDTODEVICE",
      () => set(c.SOL_SOCKET, c.SO_BINDTODEVICE, encodeInterfaceName(options.interface)),
    ],
    ["IPV6_V6ONLY", () => (six ? set(level, ipv6V6Only, encodeInt(1)) : 0)],
    ["IP_MINTTL", () => set(level, six ? ipv6MinHopCount : ipMinTtl, encodeInt(hopsOfTheSameLink))],
    [
      "IP_MULTICAST_ALL",
      () => set(level, six ? ipv6MulticastAll : c.IP_MULTICAST_ALL, encodeInt(0)),
    ],
    ["bind", () => syscalls.bind(fd, anyAddress(options))],
  ];
  for (const [call, run] of steps) {
    const returned = run();
    if (returned >= 0) continue;
    syscalls.close(fd);
    return syscallFailed(call, returned);
  }
  return ok(fd);
}

function anyAddress({ family, port }: PeerSocketOptions): Uint8Array {
  const bytes = new Uint8Array(family === 6 ? sockaddrIn6Length : 16);
  bytes[0] = family === 6 ? c.AF_INET6 : c.AF_INET;
  bytes[2] = port >> 8;
  bytes[3] = port & 255;
  return bytes;
}

class UdpPeerSocket implements PeerSocket {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #options: PeerSocketOptions;
  readonly #watched: { close(): void };
  readonly #ring = new Uint8Array(slots * slotLength);
  readonly #sources = new Uint8Array(slots * sourceLength);
  readonly #info = new Float64Array(slots * receiveInfoFields);
  readonly #joined = new Set<IpAddress>();
  #open = true;

  constructor(syscalls: Syscalls, fd: number, options: PeerSocketOptions, onReadable: () => void) {
    this.#syscalls = syscalls;
    this.#fd = fd;
    this.#options = options;
    this.#watched = watchReadable(syscalls, fd, onReadable);
  }

  join(group: IpAddress): Result<void, KernelFault> {
    if (this.#joined.has(group)) return ok(undefined);
    const { ifindex, family } = this.#options;
    const joined =
      family === 6
        ? this.#set(protocolIpv6, ipv6JoinGroup, ipv6Membership(group, ifindex))
        : this.#set(c.IPPROTO_IP, c.IP_ADD_MEMBERSHIP, encodeIpMreqn(group, ifindex));
    if (joined < 0 && joined !== -alreadyJoined) return syscallFailed("IP_ADD_MEMBERSHIP", joined);
    this.#joined.add(group);
    return ok(undefined);
  }

  receive(): readonly PeerDatagram[] {
    const datagrams: PeerDatagram[] = [];
    if (!this.#open) return datagrams;
    for (;;) {
      const count = this.#syscalls.recvMany(
        this.#fd,
        this.#ring,
        slotLength,
        this.#info,
        this.#sources,
      );
      for (let slot = 0; slot < count; slot++) datagrams.push(this.#datagram(slot));
      if (count < slots) return datagrams;
    }
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watched.close();
    this.#syscalls.close(this.#fd);
  }

  #set(level: number, option: number, value: Uint8Array): number {
    return this.#syscalls.setsockopt(this.#fd, level, option, value);
  }

  #datagram(slot: number): PeerDatagram {
    const length = this.#info[slot * receiveInfoFields] ?? 0;
    const at = slot * sourceLength;
    const source =
      this.#options.family === 6
        ? this.#sources.slice(at + 8, at + 24)
        : this.#sources.slice(at + 4, at + 8);
    const start = slot * slotLength;
    return {
      bytes: this.#ring.slice(start, start + length),
      source: ipAddressFromBytes(source),
    };
  }
}

/** `struct ipv6_mreq`. */
function ipv6Membership(group: IpAddress, ifindex: number): Uint8Array {
  return new ByteWriter(20, "host").bytes(ipAddressBytes(group)).i32(ifindex).finish();
}

/** The way to other Keelson routers on this machine's links. */
export function openPeerNetwork(syscalls: Syscalls): PeerNetwork {
  return {
    open(options, onReadable) {
      const socket = openSocket(syscalls, options);
      if (!socket.ok) return socket;
      return ok(new UdpPeerSocket(syscalls, socket.value, options, onReadable));
    },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}
