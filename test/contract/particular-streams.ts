// Short streams about one matter each, written by hand. They are played after the recorded ones, on
// the same data plane, so each has a virtual address of its own too.

import type { BalancerOperation } from "../../src/plan/operation.ts";
import { icmpErrorFrame, tcpFrame, udpFrame } from "./frames.ts";
import type { Stream, StreamStep } from "./stream.ts";
import { addDestination, addService, changeDestination, keyOf } from "./tables.ts";

/** Every stream has a client of its own: connections of the streams before it live on. */
function clientOf(virtual: string): string {
  return `10.1.0.9:9${virtual.slice(-3)}`;
}

const persistent = { persistenceTimeoutS: 300, persistencePrefixLength: 32 };

function stream(
  name: string,
  virtual: string,
  steps: readonly (BalancerOperation | Uint8Array)[],
): Stream {
  const asStep = (step: BalancerOperation | Uint8Array): StreamStep =>
    step instanceof Uint8Array
      ? { kind: "frame", frame: step }
      : { kind: "apply", operation: step };
  return { name, virtual, removal: false, steps: steps.map(asStep) };
}

function anyPort(): Stream {
  const virtual = "10.1.0.201";
  const client = clientOf(virtual);
  const key = keyOf("UDP", `${virtual}:0`);
  return stream("a persistent service for any port", virtual, [
    addService(key, "rr", persistent),
    addDestination(key, "10.2.0.11:0"),
    addDestination(key, "10.2.0.12:0"),
    ...[7000, 7001, 7002, 7003, 7004].map((port) => udpFrame(client, `${virtual}:${port}`)),
    udpFrame("10.2.0.12:7001", client),
    ...[7000, 7003].map((port) => udpFrame("10.1.0.8:9001", `${virtual}:${port}`)),
    udpFrame("10.2.0.11:7003", "10.1.0.8:9001"),
  ]);
}

function onePacket(): Stream {
  const virtual = "10.1.0.202";
  const client = clientOf(virtual);
  const key = keyOf("UDP", `${virtual}:80`);
  const datagrams = Array.from({ length: 7 }, () => udpFrame(client, `${virtual}:80`));
  return stream("one-packet scheduling", virtual, [
    addService(key, "wrr", { onePacket: true }),
    addDestination(key, "10.2.0.11:80", { forwarding: "DR", weight: 1 }),
    addDestination(key, "10.2.0.12:80", { forwarding: "DR", weight: 2 }),
    ...datagrams,
  ]);
}

function pathMtu(forwarding: "NAT" | "DR", virtual: string): Stream {
  const client = clientOf(virtual);
  const key = keyOf("TCP", `${virtual}:80`);
  const port = forwarding === "NAT" ? 8080 : 80;
  const fromVirtual = tcpFrame(`${virtual}:80`, client, "PA");
  const needed = { type: 3, code: 4, rest: 1400 };
  return stream(`ICMP errors from the network by ${forwarding}`, virtual, [
    addService(key, "rr"),
    addDestination(key, `10.2.0.11:${port}`, { forwarding }),
    tcpFrame(client, `${virtual}:80`, "S"),
    icmpErrorFrame("10.1.0.8", virtual, needed, fromVirtual),
    icmpErrorFrame("10.1.0.9", virtual, { type: 11, code: 0 }, fromVirtual),
    // About a connection that nobody has, and not an error at all: both are the director's own.
    icmpErrorFrame("10.1.0.8", virtual, needed, tcpFrame(`${virtual}:80`, "10.1.0.9:1", "PA")),
    icmpErrorFrame("10.1.0.8", virtual, { type: 8, code: 0 }, fromVirtual),
    // The quoted packet does not come from the address that is told.
    icmpErrorFrame("10.1.0.8", virtual, needed, tcpFrame("10.1.0.77:80", client, "PA")),
  ]);
}

function strangers(): Stream {
  const virtual = "10.1.0.205";
  const client = clientOf(virtual);
  const key = keyOf("TCP", `${virtual}:80`);
  return stream("packets that are nobody's", virtual, [
    addService(key, "wlc"),
    addDestination(key, "10.2.0.11:8080"),
    ...["A", "FA", "R", "RA", "."].map((flags) => tcpFrame(client, `${virtual}:80`, flags)),
    tcpFrame(client, `${virtual}:81`, "S"),
    udpFrame(client, `${virtual}:80`),
    tcpFrame("10.1.0.9:20", `${virtual}:80`, "S"),
    tcpFrame("10.2.0.11:8080", client, "A"),
    tcpFrame("10.2.0.11:8081", client, "A"),
    tcpFrame(client, `${virtual}:80`, "S").slice(0, 14 + 20 + 10),
  ]);
}

/** A drained server keeps its connections; a SYN on one that is over goes elsewhere. */
function draining(): Stream {
  const virtual = "10.1.0.206";
  const client = clientOf(virtual);
  const key = keyOf("TCP", `${virtual}:80`);
  const toVirtual = (flags: string): Uint8Array => tcpFrame(client, `${virtual}:80`, flags);
  return stream("a drained server, and a port that is used again", virtual, [
    addService(key, "rr"),
    addDestination(key, "10.2.0.11:8080"),
    toVirtual("S"),
    tcpFrame("10.2.0.11:8080", client, "SA"),
    toVirtual("A"),
    addDestination(key, "10.2.0.12:8080"),
    changeDestination(key, "10.2.0.11:8080", { weight: 0 }),
    toVirtual("PA"),
    toVirtual("S"),
    toVirtual("PA"),
    toVirtual("R"),
    toVirtual("S"),
    tcpFrame("10.2.0.12:8080", client, "SA"),
    toVirtual("A"),
  ]);
}

function sharedServer(): Stream {
  const virtual = "10.1.0.207";
  const [web, other] = [keyOf("TCP", `${virtual}:80`), keyOf("TCP", `${virtual}:81`)];
  return stream("two services with one real server", virtual, [
    addService(web, "rr"),
    addDestination(web, "10.2.0.13:8080"),
    addService(other, "rr"),
    addDestination(other, "10.2.0.13:8080"),
    tcpFrame("10.1.0.9:9007", `${virtual}:80`, "S"),
    tcpFrame("10.1.0.9:9008", `${virtual}:81`, "S"),
    tcpFrame("10.2.0.13:8080", "10.1.0.9:9008", "SA"),
    tcpFrame("10.2.0.13:8080", "10.1.0.9:9007", "SA"),
    tcpFrame("10.2.0.13:8080", "10.1.0.9:9009", "SA"),
  ]);
}

/** Services of one persistence group: a client's server at one of them is its server at the other. */
function persistenceGroup(): Stream {
  const virtual = "10.1.0.208";
  const [web, secure] = [keyOf("TCP", `${virtual}:80`), keyOf("TCP", `${virtual}:443`)];
  const shared = { ...persistent, persistenceGroup: 9 };
  const opening = (client: number, port: number): Uint8Array =>
    tcpFrame(`10.1.0.${client}:${9300 + port}`, `${virtual}:${port}`, "S");
  return stream("two services of one persistence group", virtual, [
    addService(secure, "rr", shared),
    addService(web, "rr", shared),
    ...["10.2.0.11:80", "10.2.0.12:80", "10.2.0.13:80"].map((at) => addDestination(web, at)),
    ...["10.2.0.11:443", "10.2.0.12:443"].map((at) => addDestination(secure, at)),
    // The scheduler of each is asked once for three clients, and .8's server is not behind 443.
    opening(8, 80),
    opening(9, 80),
    opening(9, 443),
    opening(7, 443),
    opening(7, 80),
    opening(8, 443),
    tcpFrame("10.1.0.8:9901", `${virtual}:80`, "S"),
    changeDestination(web, "10.2.0.12:80", { weight: 0 }),
    tcpFrame("10.1.0.9:9902", `${virtual}:80`, "S"),
    tcpFrame("10.1.0.6:9903", `${virtual}:80`, "S"),
  ]);
}

/** Each datagram is scheduled alone, but a client's template leads them all to one server. */
function onePacketWithPersistence(): Stream {
  const virtual = "10.1.0.209";
  const key = keyOf("UDP", `${virtual}:80`);
  return stream("one-packet scheduling of persistent clients", virtual, [
    addService(key, "rr", { ...persistent, onePacket: true }),
    addDestination(key, "10.2.0.11:80", { forwarding: "DR" }),
    addDestination(key, "10.2.0.12:80", { forwarding: "DR" }),
    ...[9, 9, 8, 8, 9].map((client) => udpFrame(`10.1.0.${client}:9400`, `${virtual}:80`)),
  ]);
}

/** A persistent service for any port keeps the port that was asked for, whatever a server's is. */
function anyPortWithServerPort(): Stream {
  const virtual = "10.1.0.210";
  const key = keyOf("UDP", `${virtual}:0`);
  return stream("a service for any port with servers that have one", virtual, [
    addService(key, "rr", persistent),
    addDestination(key, "10.2.0.11:8080"),
    ...[7000, 7001, 7002, 7003, 7004].map((port) =>
      udpFrame("10.1.0.9:9500", `${virtual}:${port}`),
    ),
  ]);
}

/** Streams about what the recorded ones do not meet. */
export function particularStreams(): readonly Stream[] {
  return [
    anyPort(),
    onePacket(),
    pathMtu("NAT", "10.1.0.203"),
    pathMtu("DR", "10.1.0.204"),
    strangers(),
    draining(),
    sharedServer(),
    persistenceGroup(),
    onePacketWithPersistence(),
    anyPortWithServerPort(),
  ];
}
