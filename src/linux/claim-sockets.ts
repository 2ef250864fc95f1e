// Packet sockets that see ARP and neighbour advertisements of a link.

import { familyOf, type IpAddress, ipAddressBytes } from "../base/address.ts";
import { ByteWriter } from "../base/bytes.ts";
import { ok, type Result } from "../base/result.ts";
import { decodeArpPacket, encodeArpPacket } from "../wire/arp.ts";
import { addToChecksum, finishChecksum } from "../wire/checksum.ts";
import {
  decodeEthernetFrame,
  ETHERNET_BROADCAST,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV6,
  encodeEthernetFrame,
} from "../wire/ethernet.ts";
import { encodeIpPacket, pseudoHeaderSum } from "../wire/ip-packet.ts";
import {
  decodeNeighbourAdvertisement,
  IP_PROTOCOL_ICMPV6,
} from "../wire/neighbour-advertisement.ts";
import type { AddressClaim, ClaimNetwork, ClaimSocket } from "../world/claim-network.ts";
import type { AddressKernel, KernelFault } from "../world/kernel.ts";
import { errno, syscallFailed } from "./ffi/errno.ts";
import { watchReadable } from "./ffi/readable.ts";
import { socketConstants as c, encodeSockaddrLl } from "./ffi/socket-address.ts";
import type { Syscalls } from "./ffi/syscalls.ts";
import { ReceiveRing } from "./receive-ring.ts";

const everyProtocol = 0x0003;
const frameBytesMax = 256;
const unspecified4 = "0.0.0.0" as IpAddress;
const typeSolicitation = 135;
const optionSourceLinkAddress = 1;

/** Classic BPF, an instruction a row: code, jump if true, jump if false, value. */
const arpOrAdvertisement: readonly (readonly [number, number, number, number])[] = [
  [0x28, 0, 0, 12],
  [0x15, 5, 0, ETHERTYPE_ARP],
  [0x15, 0, 5, ETHERTYPE_IPV6],
  [0x30, 0, 0, 20],
  [0x15, 0, 3, IP_PROTOCOL_ICMPV6],
  [0x30, 0, 0, 54],
  [0x15, 0, 1, 136],
  [0x06, 0, 0, frameBytesMax],
  [0x06, 0, 0, 0],
];

function filterBytes(): Uint8Array {
  const writer = new ByteWriter(arpOrAdvertisement.length * 8, "host");
  for (const [code, yes, no, value] of arpOrAdvertisement)
    writer.u16(code).u8(yes).u8(no).u32(value);
  return writer.finish();
}

/** `struct sockaddr_ll` of every protocol on one interface. */
function bindAddress(ifindex: number): Uint8Array {
  const bytes = encodeSockaddrLl(ifindex);
  bytes[2] = everyProtocol >> 8;
  bytes[3] = everyProtocol & 255;
  return bytes;
}

/** The claim in a frame; undefined where it is none. */
function claimIn(bytes: Uint8Array): AddressClaim | undefined {
  const frame = decodeEthernetFrame(bytes);
  if (!frame.ok) return undefined;
  if (frame.value.type === ETHERTYPE_ARP) {
    const arp = decodeArpPacket(frame.value.payload);
    if (!arp.ok || arp.value.senderAddress === unspecified4) return undefined;
    return { address: arp.value.senderAddress, mac: arp.value.senderHardware };
  }
  const advertisement = decodeNeighbourAdvertisement(frame.value.payload);
  if (!advertisement.ok) return undefined;
  const { target, targetHardware } = advertisement.value;
  return { address: target, mac: targetHardware ?? frame.value.source };
}

/** "Who has it?", from nobody. */
function arpProbe(mac: Uint8Array, address: IpAddress): Uint8Array {
  const payload = encodeArpPacket({
    operation: "request",
    senderHardware: mac,
    senderAddress: unspecified4,
    targetHardware: new Uint8Array(6),
    targetAddress: address,
  });
  return encodeEthernetFrame({
    destination: ETHERNET_BROADCAST,
    source: mac,
    type: ETHERTYPE_ARP,
    payload,
  });
}

/**
 * "Who has it?", from a link-local address. A question from nobody would be answered to all nodes, and
 * whoever asks in the middle of a take-over would send every client back to the former MASTER.
 */
function solicitation(mac: Uint8Array, own: IpAddress, address: IpAddress): Uint8Array {
  const target = ipAddressBytes(address);
  const last = [...target.subarray(13)].map((byte) => byte.toString(16).padStart(2, "0"));
  const [high = "00", middle = "00", low = "00"] = last;
  const destination =
    `ff02::1:ff${high}:${Number.parseInt(middle + low, 16).toString(16)}` as IpAddress;
  const payload = new ByteWriter(32)
    .u8(typeSolicitation)
    .u8(0)
    .u16(0)
    .u32(0)
    .bytes(target)
    .u8(optionSourceLinkAddress)
    .u8(1)
    .bytes(mac)
    .finish();
  const sum = pseudoHeaderSum(own, destination, IP_PROTOCOL_ICMPV6, payload.length);
  const checksum = finishChecksum(addToChecksum(sum, payload, 0, payload.length));
  payload[2] = checksum >> 8;
  payload[3] = checksum & 255;
  return encodeEthernetFrame({
    destination: Uint8Array.of(0x33, 0x33, 0xff, ...target.subarray(13)),
    source: mac,
    type: ETHERTYPE_IPV6,
    payload: encodeIpPacket({
      source: own,
      destination,
      hopLimit: 255,
      trafficClass: 0,
      protocol: IP_PROTOCOL_ICMPV6,
      label: 0,
      payload,
    }),
  });
}

/** The address that neighbours answer to; undefined where the interface has none (yet). */
function linkLocalOf(kernel: AddressKernel, interfaceName: string): IpAddress | undefined {
  const addresses = kernel.addresses();
  if (!addresses.ok) return undefined;
  return addresses.value.find(
    ({ address, interface: name }) => name === interfaceName && address.startsWith("fe80:"),
  )?.address;
}

/** Listens on this machine's links. */
export function openClaimNetwork(syscalls: Syscalls, kernel: AddressKernel): ClaimNetwork {
  return {
    open(interfaceName, onClaim): Result<ClaimSocket, KernelFault> {
      const links = kernel.links();
      if (!links.ok) return links;
      const link = links.value.find(({ name }) => name === interfaceName);
      if (link === undefined) return syscallFailed("if_nametoindex", -errno.ENODEV);
      const fd = syscalls.socket(c.AF_PACKET, c.SOCK_RAW | c.SOCK_NONBLOCK, 0);
      if (fd < 0) return syscallFailed("socket(AF_PACKET)", fd);
      const steps = [
        syscalls.attachFilter(fd, filterBytes()),
        syscalls.bind(fd, bindAddress(link.index)),
      ];
      const failed = steps.find((returned) => returned < 0);
      if (failed !== undefined) {
        syscalls.close(fd);
        return syscallFailed("bind(AF_PACKET)", failed);
      }
      const own = link.mac.join();
      const ring = new ReceiveRing(syscalls, fd, frameBytesMax);
      const watched = watchReadable(syscalls, fd, () => {
        for (const { bytes } of ring.take()) {
          const claim = claimIn(bytes);
          if (claim !== undefined && claim.mac.join() !== own)
            onClaim({ address: claim.address, mac: claim.mac.slice() });
        }
      });
      watched.keepAlive(false);
      const target = encodeSockaddrLl(link.index);
      let linkLocal: IpAddress | undefined;
      const frameOf = (address: IpAddress): Uint8Array | undefined => {
        if (familyOf(address) === 4) return arpProbe(link.mac, address);
        linkLocal ??= linkLocalOf(kernel, interfaceName);
        return linkLocal === undefined ? undefined : solicitation(link.mac, linkLocal, address);
      };
      return ok({
        probe(address) {
          const frame = frameOf(address);
          if (frame !== undefined) syscalls.sendto(fd, frame, target, c.MSG_DONTWAIT);
        },
        isAlive: () => syscalls.ifNameToIndex(interfaceName) === link.index,
        close() {
          watched.close();
          syscalls.close(fd);
        },
      });
    },
  };
}
