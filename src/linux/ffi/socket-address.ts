// Socket addresses and option values as the bytes that the kernel expects. Lengths and families
// are in host order, ports and addresses in network order.

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import { ByteWriter } from "../../base/bytes.ts";

/** Constants of socket.h, in.h, if_ether.h and friends, under their own names. */
export const socketConstants = {
  AF_UNIX: 1,
  AF_INET: 2,
  AF_INET6: 10,
  AF_NETLINK: 16,
  AF_PACKET: 17,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOCK_NONBLOCK: 0o4000,
  SOL_SOCKET: 1,
  SO_RCVBUF: 8,
  SO_PEERCRED: 17,
  SO_RCVTIMEO: 20,
  SO_BINDTODEVICE: 25,
  SO_RCVBUFFORCE: 33,
  SO_TIMESTAMPNS: 35,
  SO_BINDTOIFINDEX: 62,
  SOL_NETLINK: 270,
  NETLINK_ADD_MEMBERSHIP: 1,
  NETLINK_CAP_ACK: 10,
  NETLINK_EXT_ACK: 11,
  NETLINK_GET_STRICT_CHK: 12,
  IPPROTO_IP: 0,
  IP_HDRINCL: 3,
  IP_MULTICAST_IF: 32,
  IP_MULTICAST_TTL: 33,
  IP_MULTICAST_LOOP: 34,
  IP_ADD_MEMBERSHIP: 35,
  IP_MULTICAST_ALL: 49,
  IPPROTO_IPV6: 41,
  IPV6_MULTICAST_IF: 17,
  IPV6_MULTICAST_LOOP: 19,
  IPV6_JOIN_GROUP: 20,
  IPV6_MULTICAST_ALL: 29,
  IPV6_HDRINCL: 36,
  IPV6_RECVPKTINFO: 49,
  IPV6_RECVHOPLIMIT: 51,
  MSG_DONTROUTE: 4,
  MSG_TRUNC: 0x20,
  MSG_DONTWAIT: 0x40,
  MSG_NOSIGNAL: 0x4000,
} as const;

/** An `int` option value. */
export function encodeInt(value: number): Uint8Array {
  return new ByteWriter(4, "host").i32(value).finish();
}

/** A `struct timeval` of whole milliseconds. */
export function encodeTimeval(milliseconds: number): Uint8Array {
  const seconds = Math.floor(milliseconds / 1000);
  const microseconds = (milliseconds - seconds * 1000) * 1000;
  return new ByteWriter(16, "host").u64(BigInt(seconds)).u64(BigInt(microseconds)).finish();
}

/** The name of an interface with its terminating NUL. */
export function encodeInterfaceName(name: string): Uint8Array {
  return new TextEncoder().encode(`${name}\0`);
}

/** `struct sockaddr_in`. */
export function encodeSockaddrIn(address: IpAddress, port: number): Uint8Array {
  return new Uint8Array([
    socketConstants.AF_INET,
    0,
    port >> 8,
    port & 255,
    ...ipAddressBytes(address),
    ...new Uint8Array(8),
  ]);
}

/** `struct sockaddr_in6`; raw sockets want no port. `scopeId` is the interface of link-local addresses. */
export function encodeSockaddrIn6(address: IpAddress, scopeId: number): Uint8Array {
  const writer = new ByteWriter(28, "host").u16(socketConstants.AF_INET6).zeros(6);
  return writer.bytes(ipAddressBytes(address)).u32(scopeId).finish();
}

/** `struct ipv6_mreq`: a group and an interface. */
export function encodeIpv6Mreq(group: IpAddress, interfaceIndex: number): Uint8Array {
  return new ByteWriter(20, "host").bytes(ipAddressBytes(group)).i32(interfaceIndex).finish();
}

/** `struct ip_mreqn`: a group, the local address left to the kernel, an interface. */
export function encodeIpMreqn(group: IpAddress, interfaceIndex: number): Uint8Array {
  const writer = new ByteWriter(12, "host").bytes(ipAddressBytes(group)).zeros(4);
  return writer.i32(interfaceIndex).finish();
}

/** `struct sockaddr_ll` for sending whole frames out of an interface. */
export function encodeSockaddrLl(interfaceIndex: number): Uint8Array {
  const writer = new ByteWriter(20, "host").u16(socketConstants.AF_PACKET).u16(0);
  return writer.i32(interfaceIndex).zeros(12).finish();
}

/** `struct sockaddr_nl`; port id 0 is the kernel as target, and "choose one" when binding. */
export function encodeSockaddrNl(): Uint8Array {
  return new ByteWriter(12, "host").u16(socketConstants.AF_NETLINK).zeros(10).finish();
}

/** `struct sockaddr_un`; a leading `@` means the abstract name space, as systemd writes it. */
export function encodeSockaddrUn(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  const abstract = path.startsWith("@");
  if (abstract) name[0] = 0;
  const writer = new ByteWriter(2 + name.length + (abstract ? 0 : 1), "host");
  writer.u16(socketConstants.AF_UNIX).bytes(name);
  if (!abstract) writer.u8(0);
  return writer.finish();
}
