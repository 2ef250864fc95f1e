// Streams about ways to a real server that change the whole packet: tunnels of every kind.

import { ipv4FromNumber } from "../../src/base/address.ts";
import type { TunnelSettings } from "../../src/model/virtual-server.ts";
import { icmpErrorFrame, packetOf, portsOf, tcpFrame, udpFrame } from "./frames.ts";
import { modelUnderTest } from "./model-under-test.ts";
import type { Stream, StreamStep } from "./stream.ts";
import { addDestination, addService, keyOf } from "./tables.ts";

const tunnels: readonly TunnelSettings[] = [
  { type: "ipip", checksum: "none" },
  { type: "gue", port: 6080, checksum: "none" },
  { type: "gue", port: 6080, checksum: "full" },
  { type: "gue", port: 6080, checksum: "remote" },
  { type: "gre", checksum: "none" },
  { type: "gre", checksum: "full" },
];

function frame(bytes: Uint8Array): StreamStep {
  return { kind: "frame", frame: bytes };
}

/** A UDP datagram whose sender has left the checksum out. */
function withoutChecksum(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.fill(0, 40, 42);
  return copy;
}

/** An IPv4 frame with another type of service, and "do not fragment", its header checksum right. */
function marked(bytes: Uint8Array, tos: number): Uint8Array {
  const copy = bytes.slice();
  copy[15] = tos;
  copy[20] = 0x40;
  copy.fill(0, 24, 26);
  let sum = 0;
  for (let at = 14; at < 34; at += 2) sum += ((copy[at] ?? 0) << 8) | (copy[at + 1] ?? 0);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
  copy[24] = sum >> 8;
  copy[25] = sum & 255;
  return copy;
}

function tunnelStream(tunnel: TunnelSettings, number: number): Stream {
  const virtual = `10.1.0.${220 + number}`;
  const client = `10.1.0.9:${9220 + number}`;
  const [tcp, udp] = [keyOf("TCP", `${virtual}:80`), keyOf("UDP", `${virtual}:80`)];
  const operations = [udp, tcp].flatMap((key) => [
    addService(key, "rr"),
    addDestination(key, "10.2.0.11:80", { forwarding: "TUN", tunnel }),
    addDestination(key, "10.2.0.12:80", { forwarding: "TUN", tunnel }),
  ]);
  const steps: readonly StreamStep[] = operations.map((operation) => ({
    kind: "apply",
    operation,
  }));
  const payload = (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
  const quoted = tcpFrame(`${virtual}:80`, client, "PA");
  return {
    name: `TUN by ${Object.values(tunnel).join(" ")}`,
    virtual,
    removal: false,
    steps: [
      ...steps,
      frame(tcpFrame(client, `${virtual}:80`, "S")),
      frame(tcpFrame(client, `${virtual}:80`, "A")),
      frame(tcpFrame(client, `${virtual}:80`, "PA", { payload: payload(333) })),
      frame(marked(tcpFrame(client, `${virtual}:80`, "PA", { payload: payload(64) }), 0xb8)),
      frame(marked(tcpFrame(client, `${virtual}:80`, "PA", { payload: payload(65) }), 0x03)),
      frame(tcpFrame(client, `${virtual}:80`, "FA", { ttl: 2 })),
      frame(udpFrame(client, `${virtual}:80`, { payload: payload(5) })),
      frame(udpFrame("10.1.0.8:53", `${virtual}:80`, { payload: payload(1000) })),
      frame(withoutChecksum(udpFrame(client, `${virtual}:80`, { payload: payload(129) }))),
      frame(icmpErrorFrame("10.1.0.1", virtual, { type: 3, code: 4, rest: 1400 }, quoted)),
      // What does not fit, and what has come too far, goes back.
      frame(udpFrame(client, `${virtual}:80`, { payload: payload(1472) })),
      frame(udpFrame(client, `${virtual}:80`, { ttl: 1 })),
    ],
  };
}

/** Clients whose real servers see this director, which answers them by its own key. */
function fullNatStream(): Stream {
  const virtual = "10.1.0.230";
  const client = "10.1.0.9:9230";
  const [tcp, udp] = [keyOf("TCP", `${virtual}:80`), keyOf("UDP", `${virtual}:80`)];
  const operations = [udp, tcp].flatMap((key) => [
    addService(key, "rr"),
    addDestination(key, "10.2.0.11:8080", { forwarding: "FULLNAT" }),
    addDestination(key, "10.2.0.12:8080", { forwarding: "FULLNAT" }),
  ]);
  const steps: StreamStep[] = operations.map((operation) => ({ kind: "apply", operation }));
  // What stands for a client is known from what the model makes of its first packet.
  const model = modelUnderTest();
  for (const operation of operations) void model.apply(operation);
  const play = (bytes: Uint8Array): void => {
    steps.push(frame(bytes));
  };
  const seen = (bytes: Uint8Array): readonly [string, string] => {
    const outcome = model.handle(bytes);
    if (outcome instanceof Promise || outcome.kind !== "forward") throw new Error("not forwarded");
    const packet = packetOf(outcome.frame);
    const [source, target] = portsOf(packet);
    const text = (address: number, port: number): string => `${ipv4FromNumber(address)}:${port}`;
    return [text(packet.source, source), text(packet.destination, target)];
  };
  for (const from of [client, "10.1.0.8:9231", "10.1.0.7:9232"]) {
    const syn = tcpFrame(from, `${virtual}:80`, "S");
    const [borrowed, server] = seen(syn);
    play(syn);
    play(tcpFrame(server, borrowed, "SA"));
    play(tcpFrame(from, `${virtual}:80`, "A"));
    play(tcpFrame(from, `${virtual}:80`, "PA", { payload: Uint8Array.of(1, 2, 3) }));
    play(tcpFrame(server, borrowed, "PA", { payload: Uint8Array.of(4, 5, 6, 7) }));
    play(tcpFrame(server, borrowed, "FA"));
    play(tcpFrame(from, `${virtual}:80`, "FA"));
    const datagram = udpFrame(from, `${virtual}:80`);
    const [other, udpServer] = seen(datagram);
    play(datagram);
    play(udpFrame(udpServer, other));
    // Nobody's answers, and the client's own address means nothing here.
    play(udpFrame(udpServer, "10.2.0.1:999"));
    play(tcpFrame(server, from, "SA"));
  }
  return { name: "FULLNAT", virtual, removal: false, steps };
}

/** One stream for each kind of tunnel, and one for FULLNAT. */
export function forwardingStreams(): readonly Stream[] {
  return [...tunnels.map(tunnelStream), fullNatStream()];
}
