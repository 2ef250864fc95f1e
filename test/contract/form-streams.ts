// Streams about packets of other forms than TCP and UDP in a plain IP header: ICMP errors in every
// direction, pieces of packets, both address families.

import { present } from "../../src/base/assert.ts";
import { addToChecksum, finishChecksum } from "../../src/wire/checksum.ts";
import { icmpErrorFrame, tcpFrame, udpFrame } from "./frames.ts";
import type { Stream, StreamStep } from "./stream.ts";
import { addDestination, addService, keyOf } from "./tables.ts";

const families = {
  4: { bits: "IPv4", unreachable: { type: 3, code: 1 }, tooBig: { type: 3, code: 4 } },
  6: { bits: "IPv6", unreachable: { type: 1, code: 3 }, tooBig: { type: 2, code: 0 } },
} as const;

function endpointOf(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A conversation, and what routers on both sides and the real server itself say of it. */
function errors(family: 4 | 6, forwarding: "NAT" | "DR", number: number): Stream {
  const { bits, unreachable, tooBig } = families[family];
  const [front, back] = family === 4 ? ["10.1.0.", "10.2.0."] : ["fd00:1::", "fd00:2::"];
  const virtual = `${front}${number}`;
  const server = `${back}11`;
  const clientHost = `${front}9`;
  const client = endpointOf(clientHost, 9000 + number);
  const [at, atServer] = [
    endpointOf(virtual, 80),
    endpointOf(server, forwarding === "NAT" ? 8080 : 80),
  ];
  const frames: Uint8Array[] = [
    tcpFrame(client, at, "S"),
    ...(forwarding === "NAT" ? [tcpFrame(atServer, client, "SA")] : []),
    tcpFrame(client, at, "A"),
    udpFrame(client, at),
  ];
  for (const make of [(from: string, to: string) => tcpFrame(from, to, "PA"), udpFrame]) {
    // About what the virtual address sent: the real server's, whoever says it.
    for (const teller of [`${front}1`, clientHost])
      frames.push(icmpErrorFrame(teller, virtual, unreachable, make(at, client)));
    frames.push(icmpErrorFrame(`${front}1`, virtual, { ...tooBig, rest: 1400 }, make(at, client)));
    // About what went to the real server: the client's, with the address that it knows.
    frames.push(icmpErrorFrame(server, clientHost, unreachable, make(client, atServer)));
    // About nobody's connection.
    const stranger = endpointOf(clientHost, 7);
    frames.push(icmpErrorFrame(`${front}1`, virtual, unreachable, make(at, stranger)));
  }
  const operations = (["UDP", "TCP"] as const).flatMap((protocol) => [
    addService(keyOf(protocol, at), "rr"),
    addDestination(keyOf(protocol, at), atServer, { forwarding }),
  ]);
  const steps: readonly StreamStep[] = [
    ...operations.map((operation) => ({ kind: "apply", operation }) as const),
    ...frames.map((frame) => ({ kind: "frame", frame }) as const),
  ];
  return { name: `ICMP errors about ${forwarding} by ${bits}`, virtual, removal: false, steps };
}

/** An IPv4 packet as two pieces, the first with `firstLength` bytes behind the IP header. */
function piecesOf(frame: Uint8Array, firstLength: number): readonly Uint8Array[] {
  const [headers, payload] = [frame.slice(0, 34), frame.subarray(34)];
  const piece = (bytes: Uint8Array, fragmentWord: number): Uint8Array => {
    const made = Uint8Array.of(...headers, ...bytes);
    const view = new DataView(made.buffer);
    view.setUint16(16, made.length - 14);
    view.setUint16(20, fragmentWord);
    view.setUint16(24, 0);
    view.setUint16(24, finishChecksum(addToChecksum(0, made, 14, 34)));
    return made;
  };
  return [
    piece(payload.subarray(0, firstLength), 0x2000),
    piece(payload.subarray(firstLength), firstLength / 8),
  ];
}

/** Datagrams in two pieces in each direction, and a later piece that comes alone. */
function pieces(forwarding: "NAT" | "DR", number: number): Stream {
  const virtual = `10.1.0.${number}`;
  const [client, at, server] = [`10.1.0.9:${9000 + number}`, `${virtual}:80`, "10.2.0.12:8080"];
  const payload = Uint8Array.from({ length: 100 }, (_, i) => i);
  const key = keyOf("UDP", at);
  const [alone] = piecesOf(udpFrame("10.1.0.7:5", at, { payload }), 40).slice(1);
  const frames = [
    ...piecesOf(udpFrame(client, at, { payload }), 48),
    ...(forwarding === "NAT" ? piecesOf(udpFrame(server, client, { payload }), 56) : []),
    present(alone, "the later piece"),
    udpFrame(client, at),
    ...piecesOf(udpFrame(client, at, { payload }), 8),
  ];
  const steps: readonly StreamStep[] = [
    { kind: "apply", operation: addService(key, "rr") },
    {
      kind: "apply",
      operation: addDestination(key, forwarding === "NAT" ? server : "10.2.0.12:80", {
        forwarding,
      }),
    },
    ...frames.map((frame) => ({ kind: "frame", frame }) as const),
  ];
  return { name: `pieces of packets by ${forwarding}`, virtual, removal: false, steps };
}

/** All of them; every one has a virtual address that no other stream has. */
export function formStreams(): readonly Stream[] {
  return [
    errors(4, "NAT", 240),
    errors(4, "DR", 241),
    errors(6, "NAT", 240),
    errors(6, "DR", 241),
    pieces("NAT", 242),
    pieces("DR", 243),
  ];
}
