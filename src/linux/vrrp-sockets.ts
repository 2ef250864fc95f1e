// The VRRP process's way to the network: raw sockets that hear and one that speaks for each port, and
// one packet socket for frames (RFC 9568 sections 5.1 and 7.2).

import { familyOf, type IpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import type {
  ReceivedPacket,
  VrrpNetwork,
  VrrpSocket,
  VrrpSocketOptions,
} from "../world/vrrp-network.ts";
import { required, syscallFailed, syscallFault } from "./ffi/errno.ts";
import { watchReadable } from "./ffi/readable.ts";
import {
  socketConstants as c,
  encodeInt,
  encodeInterfaceName,
  encodeIpMreqn,
  encodeIpv6Mreq,
  encodeSockaddrIn,
  encodeSockaddrIn6,
  encodeSockaddrLl,
} from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { ReceiveRing } from "./receive-ring.ts";

const vrrpProtocol = 112;
const authenticationHeaderProtocol = 51;
/** More than any VRRP packet of the family: headers, 255 addresses, authentication, a signature. */
const packetLengthMax = { 4: 2048, 6: 4352 } as const;
const receiveBufferLength = 1 << 20;
/** Classic BPF `ret #0`: nothing passes. */
const dropEverything = new Uint8Array([0x06, 0, 0, 0, 0, 0, 0, 0]);

type OptionStep = readonly [call: string, returned: () => number];

/** Runs the steps until one fails, which closes `fd`. */
function configure(
  syscalls: Syscalls,
  fd: number,
  steps: readonly OptionStep[],
): Result<number, KernelFault> {
  for (const [call, run] of steps) {
    const returned = run();
    if (returned >= 0) continue;
    syscalls.close(fd);
    return syscallFailed(call, returned);
  }
  return ok(fd);
}

function protocolOf(options: VrrpSocketOptions): number {
  return options.authenticationHeader === true ? authenticationHeaderProtocol : vrrpProtocol;
}

function rawSocket(syscalls: Syscalls, options: VrrpSocketOptions): Result<number, KernelFault> {
  const family = options.family === 6 ? c.AF_INET6 : c.AF_INET;
  const protocol = protocolOf(options);
  const fd = syscalls.socket(family, c.SOCK_RAW | c.SOCK_NONBLOCK, protocol);
  return fd < 0 ? syscallFailed(`socket(SOCK_RAW, ${protocol})`, fd) : ok(fd);
}

/**
 * A socket that hears one interface: its group and no other, or what comes to single addresses. An
 * IPv6 socket verifies no checksum (that is IPV6_CHECKSUM): whoever sends wrong ones must be counted.
 */
function openReceiver(
  syscalls: Syscalls,
  options: VrrpSocketOptions,
  ifindex: number,
): Result<number, KernelFault> {
  const socket = rawSocket(syscalls, options);
  if (!socket.ok) return socket;
  const fd = socket.value;
  const set = (level: number, option: number, value: Uint8Array): number =>
    syscalls.setsockopt(fd, level, option, value);
  const six = options.family === 6;
  const own: readonly OptionStep[] = six
    ? [
        ["IPV6_MULTICAST_ALL", () => set(c.IPPROTO_IPV6, c.IPV6_MULTICAST_ALL, encodeInt(0))],
        ["IPV6_RECVPKTINFO", () => set(c.IPPROTO_IPV6, c.IPV6_RECVPKTINFO, encodeInt(1))],
        ["IPV6_RECVHOPLIMIT", () => set(c.IPPROTO_IPV6, c.IPV6_RECVHOPLIMIT, encodeInt(1))],
      ]
    : // Otherwise the memberships of every other process on the host would deliver here, too.
      [["IP_MULTICAST_ALL", () => set(c.IPPROTO_IP, c.IP_MULTICAST_ALL, encodeInt(0))]];
  const opened = configure(syscalls, fd, [
    ["SO_BINDTODEVICE", () => bindToInterface(syscalls, fd, options, ifindex)],
    ...own,
    ["SO_TIMESTAMPNS", () => set(c.SOL_SOCKET, c.SO_TIMESTAMPNS, encodeInt(1))],
    ...joining(syscalls, fd, options.group, ifindex),
  ]);
  if (!opened.ok) return opened;
  // An advert lost to a full queue is a missed heartbeat. The limit of the host may refuse the size.
  const size = encodeInt(options.receiveBufferBytes ?? receiveBufferLength);
  if (set(c.SOL_SOCKET, c.SO_RCVBUFFORCE, size) < 0) set(c.SOL_SOCKET, c.SO_RCVBUF, size);
  return opened;
}

/** By name where there is one: an index of an interface that is gone is no error by itself. */
function bindToInterface(
  syscalls: Syscalls,
  fd: number,
  options: VrrpSocketOptions,
  ifindex: number,
): number {
  if (ifindex === options.ifindex)
    return syscalls.setsockopt(
      fd,
      c.SOL_SOCKET,
      c.SO_BINDTODEVICE,
      encodeInterfaceName(options.interface),
    );
  return syscalls.setsockopt(fd, c.SOL_SOCKET, c.SO_BINDTOIFINDEX, encodeInt(ifindex));
}

function joining(
  syscalls: Syscalls,
  fd: number,
  group: IpAddress | undefined,
  ifindex: number,
): readonly OptionStep[] {
  if (group === undefined) return [];
  if (familyOf(group) === 6)
    return [
      ["bind", () => syscalls.bind(fd, encodeSockaddrIn6(group, ifindex))],
      [
        "IPV6_JOIN_GROUP",
        () =>
          syscalls.setsockopt(
            fd,
            c.IPPROTO_IPV6,
            c.IPV6_JOIN_GROUP,
            encodeIpv6Mreq(group, ifindex),
          ),
      ],
    ];
  return [
    ["bind", () => syscalls.bind(fd, encodeSockaddrIn(group, 0))],
    [
      "IP_ADD_MEMBERSHIP",
      () =>
        syscalls.setsockopt(fd, c.IPPROTO_IP, c.IP_ADD_MEMBERSHIP, encodeIpMreqn(group, ifindex)),
    ],
  ];
}

/** A socket that sends with a header of our own; what would arrive at it is dropped. */
function openSender(syscalls: Syscalls, options: VrrpSocketOptions): Result<number, KernelFault> {
  const socket = rawSocket(syscalls, options);
  if (!socket.ok) return socket;
  const fd = socket.value;
  const ifindex = options.sendIfindex ?? options.ifindex;
  const set = (level: number, option: number, value: Uint8Array): number =>
    syscalls.setsockopt(fd, level, option, value);
  const { group } = options;
  const four: readonly OptionStep[] = [
    ["IP_HDRINCL", () => set(c.IPPROTO_IP, c.IP_HDRINCL, encodeInt(1))],
    ["IP_MULTICAST_LOOP", () => set(c.IPPROTO_IP, c.IP_MULTICAST_LOOP, encodeInt(0))],
    [
      "IP_MULTICAST_IF",
      () =>
        group === undefined
          ? 0
          : set(c.IPPROTO_IP, c.IP_MULTICAST_IF, encodeIpMreqn(group, ifindex)),
    ],
  ];
  const six: readonly OptionStep[] = [
    ["IPV6_HDRINCL", () => set(c.IPPROTO_IPV6, c.IPV6_HDRINCL, encodeInt(1))],
    ["IPV6_MULTICAST_LOOP", () => set(c.IPPROTO_IPV6, c.IPV6_MULTICAST_LOOP, encodeInt(0))],
    ["IPV6_MULTICAST_IF", () => set(c.IPPROTO_IPV6, c.IPV6_MULTICAST_IF, encodeInt(ifindex))],
  ];
  return configure(syscalls, fd, [
    ["SO_ATTACH_FILTER", () => syscalls.attachFilter(fd, dropEverything)],
    ["SO_RCVBUF", () => set(c.SOL_SOCKET, c.SO_RCVBUF, encodeInt(0))],
    ["SO_BINDTODEVICE", () => bindToInterface(syscalls, fd, options, ifindex)],
    ...(options.family === 6 ? six : four),
  ]);
}

/** Sends whole packets. */
class PacketSender {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #options: VrrpSocketOptions;
  readonly #targets = new Map<IpAddress, Uint8Array>();

  constructor(syscalls: Syscalls, fd: number, options: VrrpSocketOptions) {
    this.#syscalls = syscalls;
    this.#fd = fd;
    this.#options = options;
  }

  send(packet: Uint8Array, destination: IpAddress): Result<void, KernelFault> {
    // A single router may be behind another one; the group is not.
    const here = destination === this.#options.group ? c.MSG_DONTROUTE : 0;
    const target = this.#target(destination);
    const sent = this.#syscalls.sendto(this.#fd, packet, target, here | c.MSG_DONTWAIT);
    return sent < 0 ? syscallFailed("sendto", sent) : ok(undefined);
  }

  #target(destination: IpAddress): Uint8Array {
    const known = this.#targets.get(destination);
    if (known !== undefined) return known;
    const { sendIfindex, ifindex } = this.#options;
    const target =
      familyOf(destination) === 6
        ? encodeSockaddrIn6(destination, sendIfindex ?? ifindex)
        : encodeSockaddrIn(destination, 0);
    this.#targets.set(destination, target);
    return target;
  }
}

/** Hears with one socket, or with two where adverts leave from another interface. */
function openReceivers(
  syscalls: Syscalls,
  options: VrrpSocketOptions,
): Result<readonly number[], KernelFault> {
  // Multicast from a MAC address that a macvlan has reaches that macvlan only, and all others the
  // interface below.
  const { ifindex, sendIfindex = ifindex } = options;
  const fds: number[] = [];
  for (const index of new Set([ifindex, sendIfindex])) {
    const opened = openReceiver(syscalls, options, index);
    if (!opened.ok) {
      for (const fd of fds) syscalls.close(fd);
      return opened;
    }
    fds.push(opened.value);
  }
  return ok(fds);
}

function openVrrpSocket(
  syscalls: Syscalls,
  options: VrrpSocketOptions,
  onReadable: () => void,
): Result<VrrpSocket, KernelFault> {
  const receivers = openReceivers(syscalls, options);
  if (!receivers.ok) return receivers;
  const sender = openSender(syscalls, options);
  if (!sender.ok) {
    for (const fd of receivers.value) syscalls.close(fd);
    return sender;
  }
  const nextHeader = options.family === 6 ? protocolOf(options) : undefined;
  const slotLength = packetLengthMax[options.family];
  const rings = receivers.value.map((fd) => new ReceiveRing(syscalls, fd, slotLength, nextHeader));
  // Until it was bound, a socket heard every interface.
  for (const ring of rings) ring.take();
  const packets = new PacketSender(syscalls, sender.value, options);
  const watched = receivers.value.map((fd) => watchReadable(syscalls, fd, onReadable));
  let open = true;
  return ok({
    send: (packet, destination) => packets.send(packet, destination),
    receive: (): readonly ReceivedPacket[] => (open ? takeAll(rings) : []),
    close() {
      if (!open) return;
      open = false;
      for (const one of watched) one.close();
      for (const fd of [...receivers.value, sender.value]) syscalls.close(fd);
    },
  });
}

function takeAll(rings: readonly ReceiveRing[]): readonly ReceivedPacket[] {
  const [first, ...others] = rings;
  const packets = first?.take() ?? [];
  return others.length === 0 ? packets : [...packets, ...others.flatMap((ring) => ring.take())];
}

/**
 * The VRRP network of this machine. A socket belongs to the interfaces with the indexes that it was
 * opened for: when one goes, close the socket and open one for its successor. The bytes of a
 * received packet are valid until the next `receive` of the same socket.
 */
export function openVrrpNetwork(syscalls: Syscalls): VrrpNetwork {
  const protocolNone = 0;
  const frames = required(
    "socket(AF_PACKET, SOCK_RAW)",
    syscalls.socket(c.AF_PACKET, c.SOCK_RAW | c.SOCK_NONBLOCK, protocolNone),
  );
  const targets = new Map<number, Uint8Array>();
  return {
    open: (options, onReadable) => openVrrpSocket(syscalls, options, onReadable),
    sendFrame(ifindex, frame) {
      const target = targets.get(ifindex) ?? encodeSockaddrLl(ifindex);
      targets.set(ifindex, target);
      const sent = syscalls.sendto(frames, frame, target, c.MSG_DONTWAIT);
      return sent < 0 ? fail(syscallFault("sendto(AF_PACKET)", sent)) : ok(undefined);
    },
  };
}
