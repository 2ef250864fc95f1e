// A stream is a recorded story: changes of the table and frames, in order. Any data plane can play
// it; what comes out is a transcript of text lines, so that two data planes can be compared.

import { ipv4FromNumber } from "../../src/base/address.ts";
import { toHex } from "../../src/base/bytes.ts";
import type { ServiceStatistics } from "../../src/model/balancer-table.ts";
import { endpointName, virtualServerName } from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { packetOf, portsOf } from "./frames.ts";

/** One event of a stream. */
export type StreamStep =
  | { readonly kind: "apply"; readonly operation: BalancerOperation }
  | { readonly kind: "frame"; readonly frame: Uint8Array }
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
  handle(frame: Uint8Array): FrameOutcome | Promise<FrameOutcome>;
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
        frames.push(describeOutcome(step.frame, await engine.handle(step.frame)));
        break;
    }
  }
  const counters = (await engine.statistics())
    .filter(({ key }) => key.kind === "address" && key.address === stream.virtual)
    .flatMap(describeCounters);
  const connections = (await engine.connections())
    .filter((line) => line.virtual.startsWith(`${stream.virtual}:`))
    .map((line) => Object.values(line).join(" "))
    .toSorted();
  return { frames, counters, connections };
}

function describeOutcome(frame: Uint8Array, outcome: FrameOutcome): string {
  const asked = describePacket(frame);
  if (outcome.kind === "pass" || outcome.kind === "drop") return `${asked}: ${outcome.kind}`;
  // An answer of our own is compared by what it says, not by its identification and padding.
  if (outcome.kind === "reply") return `${asked}: refused`;
  return `${asked}: to ${outcome.nextHop} ${toHex(outcome.frame.subarray(14))}`;
}

function describePacket(frame: Uint8Array): string {
  // A frame that is cut off is known by its bytes.
  if (frame.length < 54 && frame[23] === 6) return toHex(frame);
  const packet = packetOf(frame);
  const ends = `${ipv4FromNumber(packet.source)} > ${ipv4FromNumber(packet.destination)}`;
  if (packet.protocol === 1) return `ICMP ${ends}`;
  const [source, target] = portsOf(packet);
  const flags = packet.protocol === 6 ? ` flags ${packet.payload[13] ?? 0}` : "";
  return `${packet.protocol === 6 ? "TCP" : "UDP"} ${ends} ports ${source} ${target}${flags}`;
}

function describeCounters(service: ServiceStatistics): readonly string[] {
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
