// Asks for an address again and again, and prints when an answer came: `arp MS MAC`, `ping MS` or
// `na MS MAC`, monotonic milliseconds. Packets go to one host's MAC address, so that it is known who
// answers.
// Usage: vip-prober INTERFACE OWN-ADDRESS ADDRESS MAC-OF-HOST EVERY-MS

import { familyOf, type IpAddress, ipAddressBytes, ipv4Number } from "../../src/base/address.ts";
import { ByteWriter } from "../../src/base/bytes.ts";
import { watchReadable } from "../../src/linux/ffi/readable.ts";
import { encodeSockaddrLl } from "../../src/linux/ffi/socket-address.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { decodeArpPacket, encodeArpPacket } from "../../src/wire/arp.ts";
import { addToChecksum, finishChecksum } from "../../src/wire/checksum.ts";
import {
  decodeEthernetFrame,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  encodeEthernetFrame,
  printMac,
} from "../../src/wire/ethernet.ts";
import { pseudoHeaderSum } from "../../src/wire/ip-packet.ts";
import { encodeIpv4Packet } from "../../src/wire/ipv4.ts";
import { encodeIpv6Packet } from "../../src/wire/ipv6.ts";

const [name = "", own = "", target = "", host = "", every = "5"] = process.argv.slice(2);
const source = own as IpAddress;
const address = target as IpAddress;
const destination = Uint8Array.from(host.split(":").map((octet) => Number.parseInt(octet, 16)));
const packetSocket = 17;
const allProtocols = 0x0300;
const syscalls = loadSyscalls();
const index = syscalls.ifNameToIndex(name);
const fd = syscalls.socket(packetSocket, 3 | 0o4000, allProtocols);
const link = encodeSockaddrLl(index);
const bound = link.slice();
new DataView(bound.buffer).setUint16(2, allProtocols, true);
if (syscalls.bind(fd, bound) < 0) throw new Error("cannot bind");
/** A MAC address of its own, which no kernel answers for. */
const mac = Uint8Array.of(2, 0, 0, 0, 0xaa, 1);

function send(etherType: number, payload: Uint8Array): void {
  const frame = encodeEthernetFrame({ destination, source: mac, type: etherType, payload });
  syscalls.sendto(fd, frame, link, 0);
}

/** An echo request of 8 bytes and nothing else. */
function echo(): Uint8Array {
  const payload = new ByteWriter(8).u8(8).u8(0).u16(0xf7fe).u16(1).u16(0).finish();
  const ends = { source: ipv4Number(source), destination: ipv4Number(address) };
  return encodeIpv4Packet({ tos: 0, identification: 0, ttl: 64, protocol: 1, ...ends, payload });
}

function solicitation(): Uint8Array {
  const message = (checksum: number): Uint8Array =>
    new ByteWriter(32)
      .u8(135)
      .u8(0)
      .u16(checksum)
      .zeros(4)
      .bytes(ipAddressBytes(address))
      .u8(1)
      .u8(1)
      .bytes(mac)
      .finish();
  const ends = { source, destination: address };
  const length = 32;
  const sum = addToChecksum(pseudoHeaderSum(source, address, 58, length), message(0), 0, length);
  const payload = message(finishChecksum(sum));
  const header = { trafficClass: 0, flowLabel: 0, hopLimit: 255, nextHeader: 58 };
  return encodeIpv6Packet({ ...header, ...ends, payload });
}

function ask(): void {
  if (familyOf(address) === 6) {
    send(ETHERTYPE_IPV6, solicitation());
    return;
  }
  const request = {
    operation: "request",
    senderHardware: mac,
    senderAddress: source,
    targetHardware: new Uint8Array(6),
    targetAddress: address,
  } as const;
  send(ETHERTYPE_ARP, encodeArpPacket(request));
  send(ETHERTYPE_IPV4, echo());
}

const buffer = new Uint8Array(2048);
const from = ipAddressBytes(address);

function hear(bytes: Uint8Array): void {
  const frame = decodeEthernetFrame(bytes);
  if (!frame.ok) return;
  const { type: etherType, payload } = frame.value;
  const now = (): string => syscalls.monotonicMs().toFixed(2);
  const sender = printMac(frame.value.source);
  // Another host may answer what this one has passed on.
  if (sender !== host) return;
  if (etherType === ETHERTYPE_ARP) {
    const arp = decodeArpPacket(payload);
    if (arp.ok && arp.value.operation === "reply" && arp.value.senderAddress === address)
      process.stdout.write(`arp ${now()} ${sender}\n`);
  } else if (etherType === ETHERTYPE_IPV4) {
    const isReply = payload[9] === 1 && payload[20] === 0;
    if (isReply && from.every((byte, i) => payload[12 + i] === byte))
      process.stdout.write(`ping ${now()}\n`);
  } else if (etherType === ETHERTYPE_IPV6) {
    const isAdvertisement = payload[6] === 58 && payload[40] === 136;
    if (isAdvertisement && from.every((byte, i) => payload[48 + i] === byte))
      process.stdout.write(`na ${now()} ${sender}\n`);
  }
}

watchReadable(syscalls, fd, () => {
  for (;;) {
    const length = syscalls.recvfrom(fd, buffer, 0, null);
    if (length < 0) return;
    hear(buffer.subarray(0, length));
  }
});
setInterval(ask, Number(every));
