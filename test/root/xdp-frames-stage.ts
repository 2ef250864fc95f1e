// A director whose frames are played through BPF_PROG_TEST_RUN: real maps and programs, invented routes
// and neighbours; no packet leaves.

import type { IpAddress } from "../../src/base/address.ts";
import { fromHex } from "../../src/base/bytes.ts";
import { ok } from "../../src/base/result.ts";
import { openXdpEngine, type XdpEngine } from "../../src/linux/xdp/engine.ts";
import { removeXdpEngine } from "../../src/linux/xdp/remove.ts";
import { internetChecksum } from "../../src/wire/checksum.ts";
import type { LinkFact } from "../../src/world/kernel.ts";
import type { RoutingKernel } from "../../src/world/routing.ts";
import { bpf, syscalls } from "./xdp-lab.ts";

const ifindex = 1;
const ourMac = "020000000001";
const routerMac = "0200000000fe";
const serverHosts = [11, 12, 13];

export const virtualAddress = "10.1.0.100";
export const tcpFlags = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

const lo: LinkFact = {
  index: ifindex,
  name: "lo",
  up: true,
  carrier: true,
  mtu: 1500,
  mac: fromHex(ourMac),
  type: 1,
};

const inventedRoutes: RoutingKernel = {
  route: () => ok({ interfaceIndex: ifindex, local: false }),
  neighbours: () =>
    ok(
      serverHosts.map((host) => ({
        interfaceIndex: ifindex,
        address: `10.2.0.${host}` as IpAddress,
        mac: new Uint8Array([2, 0, 0, 0, 0, host]),
        state: "permanent" as const,
      })),
    ),
  keepResolved: () => ok({ managed: true }),
  watch: () => {},
  close: () => {},
};

/** One packet of TCP or UDP without a payload. */
export interface Packet {
  readonly protocol?: 6 | 17;
  readonly source: string;
  readonly sourcePort: number;
  readonly target?: string;
  readonly targetPort?: number;
  /** Of TCP; SYN when absent. */
  readonly flags?: number;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function addressHex(address: string): string {
  return address
    .split(".")
    .map((part) => hex(Number(part), 2))
    .join("");
}

/** The packet in a frame from the router to the director, with right checksums. */
export function frameOf(packet: Packet): Uint8Array {
  const { protocol = 6, target = virtualAddress, targetPort = 80, flags = tcpFlags.syn } = packet;
  const ports = hex(packet.sourcePort, 4) + hex(targetPort, 4);
  const plain =
    protocol === 6
      ? `${ports}000000010000000250${hex(flags, 2)}200000000000`
      : `${ports}0008${"0000"}`;
  const addresses = addressHex(packet.source) + addressHex(target);
  const pseudo = `${addresses}00${hex(protocol, 2)}${hex(plain.length / 2, 4)}`;
  const sum = hex(internetChecksum(fromHex(pseudo + plain)), 4);
  const at = protocol === 6 ? 32 : 12;
  const header = `4500${hex(20 + plain.length / 2, 4)}0000400040${hex(protocol, 2)}0000${addresses}`;
  const check = hex(internetChecksum(fromHex(header)), 4);
  const ip = header.slice(0, 20) + check + header.slice(24);
  return fromHex(`${ourMac}${routerMac}0800${ip}${plain.slice(0, at)}${sum}${plain.slice(at + 4)}`);
}

/** What became of a frame: `to` is the last byte of the MAC address that it was sent to. */
export interface Outcome {
  readonly verdict: "drop" | "pass" | "send";
  readonly to: number;
  readonly frame: Uint8Array;
}

const verdicts: Readonly<Record<number, Outcome["verdict"]>> = {
  2: "drop",
  7: "send",
  4294967295: "pass",
};

export class FrameStage {
  readonly pinDirectory: string;
  readonly #connectionsMax: number;
  readonly #links: readonly LinkFact[];
  #engine: XdpEngine | undefined;

  constructor(name: string, connectionsMax = 1024, furtherLinks: readonly LinkFact[] = []) {
    this.pinDirectory = `/sys/fs/bpf/kt${process.pid}${name}`;
    this.#connectionsMax = connectionsMax;
    this.#links = [lo, ...furtherLinks];
  }

  get engine(): XdpEngine {
    if (this.#engine === undefined) throw new Error("the stage is not open");
    return this.#engine;
  }

  /** Opens an engine: on new maps, or on those that are pinned. */
  async open(fresh = true): Promise<XdpEngine> {
    await this.#engine?.close();
    if (fresh) removeXdpEngine({ bpf, syscalls, pinDirectory: this.pinDirectory, links: [] });
    const opened = openXdpEngine({
      bpf,
      syscalls,
      links: { links: () => ok([...this.#links]) },
      routing: inventedRoutes,
      pinDirectory: this.pinDirectory,
      attach: "tc",
      interfaces: ["nowhere"],
      connectionsMax: this.#connectionsMax,
    });
    if (!opened.ok) throw new Error(opened.fault.text);
    this.#engine = opened.value;
    return opened.value;
  }

  /** Plays one packet through the tc program. */
  play(packet: Packet): Outcome {
    const frame = frameOf(packet);
    // The interface's index in struct __sk_buff.
    const context = new Uint8Array(192);
    const view = new DataView(context.buffer);
    view.setUint32(36, ifindex, true);
    view.setUint32(40, ifindex, true);
    const into = new Uint8Array(frame.length + 256);
    const numbers = new Float64Array([1, 0, 0, 0]);
    const program = this.engine.balancer.tc.fd;
    const returned = bpf.bpfRun(program, frame, into, context, null, numbers);
    if (returned < 0) throw new Error(`BPF_PROG_TEST_RUN: ${returned}`);
    const out = into.slice(0, numbers[2] ?? 0);
    const verdict = verdicts[numbers[0] ?? 0];
    if (verdict === undefined) throw new Error(`verdict ${numbers[0]}`);
    return { verdict, to: out[5] ?? 0, frame: out };
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
    removeXdpEngine({ bpf, syscalls, pinDirectory: this.pinDirectory, links: [] });
  }
}
