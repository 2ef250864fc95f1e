// The VRRP process's way to the network: two raw sockets an instance (one hears the group, one
// speaks) and one packet socket for frames. RFC 9568 5.1.1; IPv4 only.

import type { IpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import type { VrrpNetwork, VrrpSocket, VrrpSocketOptions } from "../world/vrrp-network.ts";
import { errno, required, syscallFailed, syscallFault } from "./ffi/errno.ts";
import { watchReadable } from "./ffi/readable.ts";
import {
  socketConstants as c,
  encodeInt,
  encodeInterfaceName,
  encodeIpMreqn,
  encodeSockaddrIn,
  encodeSockaddrLl,
} from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { ReceiveRing } from "./receive-ring.ts";

const vrrpProtocol = 112;
/** More than any IPv4 VRRP packet: 60 of header, 8, 255 addresses, 8 of authentication. */
const packetLengthMax = 2048;
const receiveBufferLength = 1 << 20;
/** Classic BPF `ret #0`: nothing passes. */
const dropEverything = new Uint8Array([0x06, 0, 0, 0, 0, 0, 0, 0]);

type Link = VrrpSocketOptions & { readonly group: IpAddress };

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

function rawSocket(syscalls: Syscalls): Result<number, KernelFault> {
  const fd = syscalls.socket(c.AF_INET, c.SOCK_RAW | c.SOCK_NONBLOCK, vrrpProtocol);
  return fd < 0 ? syscallFailed("socket(AF_INET, SOCK_RAW, 112)", fd) : ok(fd);
}

/** A socket that hears the group on one interface, and neither unicast nor other groups. */
function openReceiver(syscalls: Syscalls, link: Link): Result<number, KernelFault> {
  const socket = rawSocket(syscalls);
  if (!socket.ok) return socket;
  const fd = socket.value;
  const set = (level: number, option: number, value: Uint8Array): number =>
    syscalls.setsockopt(fd, level, option, value);
  const opened = configure(syscalls, fd, [
    [
      "SO_BINDTODEVICE",
      () => set(c.SOL_SOCKET, c.SO_BINDTODEVICE, encodeInterfaceName(link.interface)),
    ],
    // Otherwise the memberships of every other process on the host would deliver here, too.
    ["IP_MULTICAST_ALL", () => set(c.IPPROTO_IP, c.IP_MULTICAST_ALL, encodeInt(0))],
    ["SO_TIMESTAMPNS", () => set(c.SOL_SOCKET, c.SO_TIMESTAMPNS, encodeInt(1))],
    ["bind", () => syscalls.bind(fd, encodeSockaddrIn(link.group, 0))],
    [
      "IP_ADD_MEMBERSHIP",
      () => set(c.IPPROTO_IP, c.IP_ADD_MEMBERSHIP, encodeIpMreqn(link.group, link.ifindex)),
    ],
  ]);
  if (!opened.ok) return opened;
  // An advert lost to a full queue is a missed heartbeat. The limit of the host may refuse the size.
  if (set(c.SOL_SOCKET, c.SO_RCVBUFFORCE, encodeInt(receiveBufferLength)) < 0)
    set(c.SOL_SOCKET, c.SO_RCVBUF, encodeInt(receiveBufferLength));
  return opened;
}

/** A socket that sends with a header of our own; what would arrive at it is dropped. */
function openSender(syscalls: Syscalls, link: Link): Result<number, KernelFault> {
  const socket = rawSocket(syscalls);
  if (!socket.ok) return socket;
  const fd = socket.value;
  const set = (level: number, option: number, value: Uint8Array): number =>
    syscalls.setsockopt(fd, level, option, value);
  return configure(syscalls, fd, [
    ["SO_ATTACH_FILTER", () => syscalls.attachFilter(fd, dropEverything)],
    ["SO_RCVBUF", () => set(c.SOL_SOCKET, c.SO_RCVBUF, encodeInt(0))],
    [
      "SO_BINDTODEVICE",
      () => set(c.SOL_SOCKET, c.SO_BINDTODEVICE, encodeInterfaceName(link.interface)),
    ],
    ["IP_HDRINCL", () => set(c.IPPROTO_IP, c.IP_HDRINCL, encodeInt(1))],
    [
      "IP_MULTICAST_IF",
      () => set(c.IPPROTO_IP, c.IP_MULTICAST_IF, encodeIpMreqn(link.group, link.ifindex)),
    ],
    ["IP_MULTICAST_LOOP", () => set(c.IPPROTO_IP, c.IP_MULTICAST_LOOP, encodeInt(0))],
  ]);
}

/** Sends whole packets to the group. */
class AdvertSender {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #target: Uint8Array;

  constructor(syscalls: Syscalls, fd: number, group: IpAddress) {
    this.#syscalls = syscalls;
    this.#fd = fd;
    this.#target = encodeSockaddrIn(group, 0);
  }

  send(packet: Uint8Array): Result<void, KernelFault> {
    const sent = this.#syscalls.sendto(
      this.#fd,
      packet,
      this.#target,
      c.MSG_DONTROUTE | c.MSG_DONTWAIT,
    );
    return sent < 0 ? syscallFailed("sendto", sent) : ok(undefined);
  }
}

function openVrrpSocket(
  syscalls: Syscalls,
  options: VrrpSocketOptions,
  onReadable: () => void,
): Result<VrrpSocket, KernelFault> {
  const { group } = options;
  if (options.family !== 4 || group === undefined)
    return syscallFailed("socket", errno.EAFNOSUPPORT);
  const link = { ...options, group };
  const receiver = openReceiver(syscalls, link);
  if (!receiver.ok) return receiver;
  const sender = openSender(syscalls, link);
  if (!sender.ok) {
    syscalls.close(receiver.value);
    return sender;
  }
  const ring = new ReceiveRing(syscalls, receiver.value, packetLengthMax);
  // Until it was bound, the socket heard every interface.
  ring.take();
  const adverts = new AdvertSender(syscalls, sender.value, link.group);
  const watched = watchReadable(syscalls, receiver.value, onReadable);
  let open = true;
  return ok({
    send: (packet) => adverts.send(packet),
    receive: () => (open ? ring.take() : []),
    close() {
      if (!open) return;
      open = false;
      watched.close();
      syscalls.close(receiver.value);
      syscalls.close(sender.value);
    },
  });
}

/**
 * The VRRP network of this machine. A socket belongs to the interface with the index that it was
 * opened for: when that interface goes, close the socket and open one for its successor. The bytes
 * of a received packet are valid until the next `receive` of the same socket.
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
