// A stream is a recorded story: changes of the table and frames, in order. Any data plane can play
// it; what comes out is a transcript of text lines, so that two data planes can be compared.

import type { FrameContext } from "../../src/balancer/arrival.ts";
import { toHex } from "../../src/base/bytes.ts";
import type { ServiceStatistics } from "../../src/model/balancer-table.ts";
import { endpointName, virtualServerName } from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { ipPacketOf, portsOf } from "./frames.ts";

/** One event of a stream. */
export type StreamStep =
  | { readonly kind: "apply"; readonly operation: BalancerOperation }
  | { readonly kind: "frame"; readonly frame: Uint8Array; readonly context?: FrameContext }
  /** Time passes; a data plane on the kernel's clock cannot play a stream that has this. */
  | { readonly kind: "wait"; readonly milliseconds: number };

export interface Stream {
  readonly name: string;
  /** The address of its virtual service, which no other stream has. */
  readonly virtual: string;
  /** A destination is removed and added again in its course. */
  readonly removal: boolean;
  readonly steps: readonly StreamStep[];
}

/** What a data plane did with a frame. `frame` is compared from its IP header on. */
export type FrameOutcome =
  | { readonly kind: "pass" }
  | { readonly kind: "drop" }
  /** Answered with an ICMP error, which a data plane in the kernel may leave to the kernel. */
  | { readonly kind: "reply"; readonly frame: Uint8Array }
  | { readonly kind: "forward"; readonly frame: Uint8Array; readonly nextHop: string };

/** One connection as listings show it; templates with port 0. */
export interface ConnectionLine {
  readonly protocol: string;
  readonly client: string;
  readonly virtual: string;
  readonly destination: string;
  readonly state: string;
}

/** A data plane that plays streams. */
export interface EngineUnderTest {
  readonly name: string;
  apply(operation: BalancerOperation): void | Promise<void>;
  handle(frame: Uint8Array, context?: FrameContext): FrameOutcome | Promise<FrameOutcome>;
  wait(milliseconds: number): void | Promise<void>;
  statistics(): readonly ServiceStatistics[] | Promise<readonly ServiceStatistics[]>;
  connections(): readonly ConnectionLine[] | Promise<readonly ConnectionLine[]>;
  close(): void | Promise<void>;
}

/** What came of a stream. */
export interface Transcript {
  /** One line a frame: what was done, the next hop, the packet in hexadecimal. */
  readonly frames: readonly string[];
  readonly counters: readonly string[];
  readonly connections: readonly string[];
}

/** Plays a stream to its end. */
export async function play(engine: EngineUnderTest, stream: Stream): Promise<Transcript> {
  const frames: string[] = [];
  for (const step of stream.steps) {
    switch (step.kind) {
      case "apply":
        await engine.apply(step.operation);
        break;
      case "wait":
        await engine.wait(step.milliseconds);
        break;
      case "frame":
        frames.push(describeOutcome(step.frame, await engine.handle(step.frame, step.context)));
        break;
    }
  }
  const counters = (await engine.statistics())
    .filter(({ key }) => key.kind === "address" && key.address === stream.virtual)
    .flatMap(describeCounters);
  const connections = (await engine.connections())
    .filter((line) => isAt(line, stream.virtual))
    .map((line) => Object.values(line).join(" "))
    .toSorted();
  return { frames, counters, connections };
}

/** Whether a connection is one of the virtual address `virtual`. */
export function isAt(line: ConnectionLine, virtual: string): boolean {
  return line.virtual.startsWith(virtual.includes(":") ? `[${virtual}]:` : `${virtual}:`);
}

/** One line of a transcript. */
export function describeOutcome(frame: Uint8Array, outcome: FrameOutcome): string {
  const asked = describePacket(frame);
  if (outcome.kind === "pass" || outcome.kind === "drop") return `${asked}: ${outcome.kind}`;
  // An answer of our own is compared by what it says, not by its identification and padding.
  if (outcome.kind === "reply") return `${asked}: refused`;
  return `${asked}: to ${outcome.nextHop} ${toHex(outcome.frame.subarray(14))}`;
}

/** A packet in a few words: protocol, ends, TCP's flags or SCTP's first chunk. */
export function describePacket(frame: Uint8Array): string {
  const six = frame[12] === 0x86;
  // A frame that is cut off, and one with options, is known by its bytes.
  const plain = six ? frame.length >= 54 : frame[14] === 0x45 && frame.length >= 42;
  if (!plain || (!six && frame[23] === 6 && frame.length < 54)) return toHex(frame);
  const { source, destination, protocol, payload } = ipPacketOf(frame);
  const name = protocolNames[protocol];
  if (name === undefined) return toHex(frame);
  const ends = `${name} ${source} > ${destination}`;
  if (protocol === 1 || protocol === 58) return ends;
  const [from, to] = portsOf({ payload });
  const says =
    protocol === 6 ? ` flags ${payload[13]}` : protocol === 132 ? ` chunk ${payload[12]}` : "";
  return `${ends} ports ${from} ${to}${says}`;
}

const protocolNames: Readonly<Record<number, string>> = {
  1: "ICMP",
  6: "TCP",
  17: "UDP",
  58: "ICMPv6",
  132: "SCTP",
};

/** The lines of one service. */
export function describeCounters(service: ServiceStatistics): readonly string[] {
  const text = (counters: ServiceStatistics["counters"]): string =>
    `conns ${counters.connections} in ${counters.inPackets}/${counters.inBytes} out ${counters.outPackets}/${counters.outBytes}`;
  return [
    `${virtualServerName(service.key)}: ${text(service.counters)}`,
    ...service.destinations.map(
      (entry) =>
        `  ${endpointName(entry.address, entry.port)}: active ${entry.activeConnections} inactive ${entry.inactiveConnections} ${text(entry.counters)}`,
    ),
  ];
}
