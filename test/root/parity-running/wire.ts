// What left the hosts, read from one recording of the whole switch.

import { readFileSync } from "node:fs";
import { ipAddressFromBytes } from "../../../src/base/address.ts";
import { toHex } from "../../../src/base/bytes.ts";
import type { Host } from "../../../src/lab/host.ts";
import type { LabProcess } from "../../../src/lab/lab-process.ts";
import { waitFor } from "../../../src/lab/waiting.ts";

const PATH = "/run/parity.pcap";
const FILTER = "arp or vrrp or ip proto 51 or ip6 proto 112 or (icmp6 and ip6[40] = 136)";
const PCAP_HEADER_LENGTH = 24;
const RECORD_HEADER_LENGTH = 16;
const COOKED_LENGTH = 20;

/** One packet that a host sent. */
export interface Packet {
  readonly port: string;
  readonly atMs: number;
  readonly kind: "advert" | "announcement" | "arp-probe";
  /** Everything that must be equal. */
  readonly text: string;
}

/** A recording of all ports. */
export class Recording {
  readonly #theSwitch: Host;
  readonly #process: LabProcess;
  readonly #ports: ReadonlyMap<number, string>;

  private constructor(theSwitch: Host, process: LabProcess, ports: ReadonlyMap<number, string>) {
    this.#theSwitch = theSwitch;
    this.#process = process;
    this.#ports = ports;
  }

  static async start(theSwitch: Host): Promise<Recording> {
    const links = await theSwitch.shell("ip -o link");
    const ports = new Map(
      [...links.matchAll(/^(\d+): ([^:@]+)/gm)].map(([, index, name]) => [
        Number(index),
        name ?? "",
      ]),
    );
    const how = [
      "--immediate-mode",
      "-U",
      "-Z",
      "root",
      "--time-stamp-precision=micro",
      "-s",
      "2000",
      "-B",
      "4096",
    ];
    const what = ["-i", "any", "-y", "LINUX_SLL2", "-Q", "in", "-w", PATH, FILTER];
    const process = await theSwitch.start(["tcpdump", ...how, ...what]);
    const listening = await waitFor(() => process.output.includes("listening on") || undefined, {
      timeoutMs: 20_000,
      everyMs: 10,
    });
    if (listening === undefined) throw new Error(`tcpdump: ${process.output}`);
    return new Recording(theSwitch, process, ports);
  }

  /** Everything so far. */
  packets(): readonly Packet[] {
    const bytes = readFileSync(this.#theSwitch.outside(PATH));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const packets: Packet[] = [];
    for (let at = PCAP_HEADER_LENGTH; at + RECORD_HEADER_LENGTH <= bytes.length; ) {
      const atMs = view.getUint32(at, true) * 1000 + view.getUint32(at + 4, true) / 1000;
      const length = view.getUint32(at + 8, true);
      const from = at + RECORD_HEADER_LENGTH;
      at = from + length;
      if (at > bytes.length) break;
      const port = this.#ports.get(view.getUint32(from + 4)) ?? "";
      if (!port.includes("-")) continue;
      const mac = toHex(bytes.subarray(from + 12, from + 18));
      const read = readPacket(view.getUint16(from), bytes.subarray(from + COOKED_LENGTH, at));
      if (read !== undefined)
        packets.push({ port, atMs, kind: read.kind, text: `from ${mac}: ${read.text}` });
    }
    return packets;
  }

  async end(): Promise<void> {
    await this.#process.stop();
  }
}

function readPacket(
  etherType: number,
  bytes: Uint8Array,
): { readonly kind: Packet["kind"]; readonly text: string } | undefined {
  if (etherType === 0x0806) return readArp(bytes);
  if (etherType === 0x86dd && bytes[6] === 58) return readNeighbour(bytes);
  if (etherType === 0x0800) return { kind: "advert", text: toHex(withoutChances(bytes)) };
  return etherType === 0x86dd ? { kind: "advert", text: toHex(withoutFlow(bytes)) } : undefined;
}

function readArp(bytes: Uint8Array): ReturnType<typeof readPacket> {
  const sender = ipAddressFromBytes(bytes.slice(14, 18));
  const target = ipAddressFromBytes(bytes.slice(24, 28));
  const operation = bytes[7];
  if (sender === target)
    return { kind: "announcement", text: `${sender} ${toHex(bytes.subarray(0, 28))}` };
  return sender === "0.0.0.0" && operation === 1
    ? { kind: "arp-probe", text: `who has ${target}` }
    : undefined;
}

/** Unsolicited advertisements alone: answers are the kernel's. */
function readNeighbour(bytes: Uint8Array): ReturnType<typeof readPacket> {
  const flags = bytes[44] ?? 0;
  if ((flags & 0x40) !== 0) return undefined;
  const target = ipAddressFromBytes(bytes.slice(48, 64));
  return { kind: "announcement", text: `${target} ${toHex(withoutFlow(bytes))}` };
}

/** Identification, header checksum, sequence number and digest differ by nature. */
function withoutChances(packet: Uint8Array): Uint8Array {
  const bytes = packet.slice();
  bytes.fill(0, 4, 6);
  bytes.fill(0, 10, 12);
  if (bytes[9] === 51) bytes.fill(0, 28, 44);
  return bytes;
}

/** The flow label is the kernel's choice. */
function withoutFlow(packet: Uint8Array): Uint8Array {
  const bytes = packet.slice();
  bytes[1] = (bytes[1] ?? 0) & 0xf0;
  bytes.fill(0, 2, 4);
  return bytes;
}
