import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endpoint,
  icmpErrorFrame,
  ip,
  packetOf,
  portsOf,
  tcpFrame,
  udpFrame,
} from "../../test/contract/frames.ts";
import { transportChecksum } from "../../test/contract/invariants.ts";
import { connectionLine } from "../../test/contract/model-under-test.ts";
import {
  addDestination,
  addService,
  changeDestination,
  keyOf,
  removeDestination,
} from "../../test/contract/tables.ts";
import { ipv4FromNumber } from "../base/address.ts";
import { toHex } from "../base/bytes.ts";
import type { BalancerSettings } from "../model/balancer-settings.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import { internetChecksum } from "../wire/checksum.ts";
import { decodeIcmpMessage } from "../wire/icmp.ts";
import { Balancer } from "./balancer.ts";

const virtual = "10.1.0.100:80";
const key = keyOf("TCP", virtual);
const client = "10.1.0.2:40000";
const server = "10.2.0.11:8080";
const startMs = 5_000_000;

function balancerWith(
  operations: readonly BalancerOperation[],
  settings: Partial<BalancerSettings> = {},
): Balancer {
  const balancer = new Balancer(settings);
  for (const operation of operations) assert.ok(balancer.configure(operation).ok);
  return balancer;
}

const natTable = [addService(key, "rr"), addDestination(key, server)];
const drTable = [addService(key, "rr"), addDestination(key, "10.2.0.11:80", { forwarding: "DR" })];

/** Plays flags of the client and, after `<`, of the server; gives the state after each. */
function states(balancer: Balancer, words: readonly string[], atMs = startMs): readonly string[] {
  return words.map((word) => {
    const frame = word.startsWith("<")
      ? tcpFrame(server, client, word.slice(1))
      : tcpFrame(client, virtual, word);
    balancer.handlePacket(frame, atMs);
    return balancer.connections()[0]?.state ?? "none";
  });
}

function loads(balancer: Balancer): readonly (readonly [number, number])[] {
  const [service] = balancer.statistics();
  return (service?.destinations ?? []).map((d) => [d.activeConnections, d.inactiveConnections]);
}

test("a NAT connection goes through the states that both sides' packets make", () => {
  const balancer = balancerWith(natTable);
  assert.deepEqual(states(balancer, ["S", "<SA", "A", "FA", "<FA", "A"]), [
    "SYN_RECV",
    "SYN_RECV",
    "ESTABLISHED",
    "CLOSE_WAIT",
    "TIME_WAIT",
    "TIME_WAIT",
  ]);
});

test("in direct routing the client's FIN means FIN_WAIT: the server's side is never seen", () => {
  const balancer = balancerWith(drTable);
  assert.deepEqual(states(balancer, ["S", "A", "FA"]), ["SYN_RECV", "ESTABLISHED", "FIN_WAIT"]);
});

test("a server that resets the first packet leaves the connection in CLOSE", () => {
  assert.deepEqual(states(balancerWith(natTable), ["S", "<RA"]), ["SYN_RECV", "CLOSE"]);
});

test("half-open and established connections are active, closing ones inactive", () => {
  const balancer = balancerWith(natTable);
  states(balancer, ["S"]);
  assert.deepEqual(loads(balancer), [[1, 0]]);
  states(balancer, ["<SA", "A", "FA"]);
  assert.deepEqual(loads(balancer), [[0, 1]]);
});

test("a connection lives for the timeout of its state after its last packet", () => {
  const balancer = balancerWith(natTable);
  states(balancer, ["S", "<SA", "A"]);
  balancer.expire(startMs + 899_999);
  assert.equal(balancer.connections().length, 1);
  states(balancer, ["A"], startMs + 899_999);
  balancer.expire(startMs + 899_999 + 899_999);
  assert.equal(balancer.connections().length, 1);
  balancer.expire(startMs + 899_999 + 900_000);
  assert.equal(balancer.connections().length, 0);
  assert.deepEqual(loads(balancer), [[0, 0]]);
});

test("a reset connection is forgotten after 10 seconds although it had 900 before", () => {
  const balancer = balancerWith(natTable);
  states(balancer, ["S", "<SA", "A", "R"]);
  assert.equal(balancer.expire(startMs + 9_999), 0);
  assert.equal(balancer.expire(startMs + 10_000), 1);
});

test("a packet after the end of its connection is a stranger even before the sweep", () => {
  const balancer = balancerWith(natTable);
  states(balancer, ["S", "<SA", "A", "R"]);
  const late = balancer.handlePacket(tcpFrame(client, virtual, "A"), startMs + 10_500);
  assert.equal(late.kind, "pass");
});

test("NAT rewrites addresses, ports and checksums of both directions, and nothing else", () => {
  const balancer = balancerWith(natTable);
  const payload = new TextEncoder().encode("hello");
  const request = balancer.handlePacket(tcpFrame(client, virtual, "S", { payload }), startMs);
  assert.ok(request.kind === "forward");
  assert.equal(request.nextHop, "10.2.0.11");
  assert.equal(request.via, "route");
  assert.deepEqual(ends(request.frame), [client, server]);
  assert.equal(transportChecksum(request.frame), 0);
  const reply = balancer.handlePacket(tcpFrame(server, client, "SA", { payload }), startMs);
  assert.ok(reply.kind === "forward");
  assert.deepEqual(ends(reply.frame), [virtual, client]);
  assert.equal(transportChecksum(reply.frame), 0);
  assert.equal(reply.toward, "client");
});

test("direct routing changes nothing but the TTL", () => {
  const balancer = balancerWith(drTable);
  const frame = tcpFrame(client, virtual, "S");
  const verdict = balancer.handlePacket(frame, startMs);
  assert.ok(verdict.kind === "forward");
  assert.equal(verdict.via, "link");
  const [before, after] = [packetOf(frame), packetOf(verdict.frame)];
  assert.deepEqual({ ...after, ttl: 64 }, before);
  assert.equal(after.ttl, 63);
  assert.equal(internetChecksum(verdict.frame.subarray(14, 34)), 0);
});

test("a partial checksum stays the plain sum of the pseudo-header", () => {
  const balancer = balancerWith(natTable);
  const frame = tcpFrame(client, virtual, "S");
  const sumOf = (from: readonly number[], to: readonly number[]): number =>
    [...from, ...to].reduce((sum, word) => sum + word, 0) + 6 + 20;
  const set = (sum: number): number => {
    const folded = (sum & 0xffff) + (sum >>> 16);
    frame[50] = folded >> 8;
    frame[51] = folded & 255;
    return folded;
  };
  set(sumOf([0x0a01, 0x0002], [0x0a01, 0x0064]));
  const verdict = balancer.handlePacket(frame, startMs, { checksum: "partial" });
  assert.ok(verdict.kind === "forward");
  const got = ((verdict.frame[50] ?? 0) << 8) | (verdict.frame[51] ?? 0);
  assert.equal(got, set(sumOf([0x0a01, 0x0002], [0x0a02, 0x000b])));
});

test("a UDP packet without a checksum gets none", () => {
  const udpKey = keyOf("UDP", virtual);
  const balancer = balancerWith([addService(udpKey, "rr"), addDestination(udpKey, server)]);
  const frame = udpFrame(client, virtual);
  frame.set([0, 0], 40);
  const verdict = balancer.handlePacket(frame, startMs);
  assert.ok(verdict.kind === "forward");
  assert.deepEqual([...verdict.frame.subarray(40, 42)], [0, 0]);
});

test("without a destination the client is told so by an ICMP port unreachable", () => {
  const balancer = balancerWith([addService(key, "rr")]);
  const frame = tcpFrame(client, virtual, "S");
  const verdict = balancer.handlePacket(frame, startMs);
  assert.ok(verdict.kind === "reply");
  const answer = packetOf(verdict.frame);
  assert.equal(ipv4FromNumber(answer.source), "10.1.0.100");
  assert.equal(internetChecksum(answer.payload), 0);
  const message = decodeIcmpMessage(answer.payload);
  assert.ok(message.ok);
  assert.deepEqual([message.value.type, message.value.code], [3, 3]);
  assert.equal(toHex(message.value.payload), toHex(frame.subarray(14)));
  assert.deepEqual(verdict.frame.subarray(0, 6), frame.subarray(6, 12), "back to its sender");
});

test("a packet whose TTL is used up is answered, not forwarded", () => {
  const balancer = balancerWith(natTable);
  const verdict = balancer.handlePacket(tcpFrame(client, virtual, "S", { ttl: 1 }), startMs);
  assert.ok(verdict.kind === "reply" && verdict.reason === "ttl-expired");
});

test("what is not balanced passes: other ports, other protocols, strays, source port 20", () => {
  const balancer = balancerWith(natTable);
  for (const frame of [
    tcpFrame(client, "10.1.0.100:81", "S"),
    tcpFrame(client, virtual, "A"),
    tcpFrame(client, virtual, "R"),
    tcpFrame("10.1.0.2:20", virtual, "S"),
    udpFrame(client, virtual),
    tcpFrame(server, client, "SA"),
    new Uint8Array(10),
    tcpFrame(client, virtual, "S").subarray(0, 40),
  ])
    assert.equal(balancer.handlePacket(frame, startMs).kind, "pass");
  assert.deepEqual(balancer.connections(), []);
});

test("packets of a removed server are dropped in silence, and flow again once it is back", () => {
  const balancer = balancerWith(natTable);
  states(balancer, ["S", "<SA", "A"]);
  balancer.configure(removeDestination(key, server));
  const segment = tcpFrame(client, virtual, "PA");
  assert.deepEqual(balancer.handlePacket(segment, startMs), {
    kind: "drop",
    reason: "destination-removed",
  });
  balancer.configure(addDestination(key, server));
  assert.equal(balancer.handlePacket(segment, startMs).kind, "forward");
  assert.deepEqual(loads(balancer), [[1, 0]], "its counts came back with it");
});

test("with expire_nodest_conn a new SYN leaves the removed server at once", () => {
  const settings = { expireNodestConnections: true };
  const balancer = balancerWith([...natTable, addDestination(key, "10.2.0.12:8080")], settings);
  states(balancer, ["S", "<SA", "A"]);
  const chosen = balancer.connections()[0]?.destination.address ?? ip("0.0.0.0");
  balancer.configure({ kind: "remove-destination", key, address: chosen, port: 8080 });
  const verdict = balancer.handlePacket(tcpFrame(client, virtual, "S"), startMs);
  assert.ok(verdict.kind === "forward");
  assert.notEqual(verdict.nextHop, chosen);
});

test("a SYN on a closed connection is a new one, unless reuse is switched off", () => {
  const two = [...natTable, addDestination(key, "10.2.0.12:8080")];
  const closed = ["S", "A", "R"];
  const reusing = balancerWith(two);
  states(reusing, closed);
  const before = reusing.connections()[0]?.destination.address;
  states(reusing, ["S"]);
  assert.notEqual(reusing.connections()[0]?.destination.address, before);
  assert.equal(reusing.connections().length, 1);
  const sticky = balancerWith(two, { connectionReuseMode: 0 });
  states(sticky, closed);
  const standing = sticky.connections()[0]?.destination.address;
  states(sticky, ["S"]);
  assert.equal(sticky.connections()[0]?.destination.address, standing);
});

test("an ICMP error from the client's side reaches the real server in its own words", () => {
  const balancer = balancerWith(natTable);
  states(balancer, ["S", "<SA", "A"]);
  const reply = balancer.handlePacket(tcpFrame(server, client, "PA"), startMs);
  assert.ok(reply.kind === "forward");
  const needed = { type: 3, code: 4, rest: 1400 };
  const error = icmpErrorFrame("10.9.9.9", "10.1.0.100", needed, reply.frame);
  const verdict = balancer.handlePacket(error, startMs);
  assert.ok(verdict.kind === "forward");
  const message = quotation(verdict.frame);
  assert.equal(verdict.nextHop, "10.2.0.11");
  assert.equal(message.rest, 1400);
  assert.deepEqual(message.ends, ["10.9.9.9", "10.2.0.11", server, client]);
});

test("an ICMP error from the real server's side reaches the client in the virtual address's name", () => {
  const balancer = balancerWith(natTable);
  const sent = balancer.handlePacket(tcpFrame(client, virtual, "S"), startMs);
  assert.ok(sent.kind === "forward");
  const error = icmpErrorFrame("10.2.0.11", "10.1.0.2", { type: 3, code: 3 }, sent.frame);
  const verdict = balancer.handlePacket(error, startMs);
  assert.ok(verdict.kind === "forward");
  assert.deepEqual(quotation(verdict.frame).ends, ["10.1.0.100", "10.1.0.2", client, virtual]);
});

test("a template outlives its timeout by minutes while connections hold it", () => {
  const persistent = { persistenceTimeoutS: 50, persistencePrefixLength: 32 };
  const balancer = balancerWith([addService(key, "rr", persistent), addDestination(key, server)]);
  states(balancer, ["S", "<SA", "A"]);
  const templates = (): number => balancer.connections().filter((c) => c.template).length;
  balancer.expire(startMs + 51_000);
  assert.equal(templates(), 1, "the connection holds it");
  const endMs = startMs + 901_000;
  balancer.expire(endMs);
  assert.equal(balancer.connections().filter((c) => !c.template).length, 0);
  balancer.expire(endMs + 61_000);
  assert.equal(templates(), 0);
});

test("an established connection assures its template", () => {
  const persistent = { persistenceTimeoutS: 50, persistencePrefixLength: 32 };
  const balancer = balancerWith([addService(key, "rr", persistent), addDestination(key, server)]);
  assert.deepEqual(states(balancer, ["S", "<SA", "A"]), ["NONE", "NONE", "ASSURED"]);
});

test("a service for any port keeps a client's ports together in one template", () => {
  const anyPort = keyOf("UDP", "10.1.0.100:0");
  const persistent = { persistenceTimeoutS: 90, persistencePrefixLength: 32 };
  const balancer = balancerWith([
    addService(anyPort, "rr", persistent),
    addDestination(anyPort, "10.2.0.12:0"),
    addDestination(anyPort, "10.2.0.13:0"),
  ]);
  for (const port of [7000, 7001])
    balancer.handlePacket(udpFrame(client, `10.1.0.100:${port}`), startMs);
  assert.deepEqual(balancer.connections().map(connectionLine), [
    {
      protocol: "UDP",
      client: "10.1.0.2:0",
      virtual: "10.1.0.100:0",
      destination: "10.2.0.13:0",
      state: "NONE",
    },
    ...[7000, 7001].map((port) => ({
      protocol: "UDP",
      client,
      virtual: `10.1.0.100:${port}`,
      destination: `10.2.0.13:${port}`,
      state: "UDP",
    })),
  ]);
});

test("a firewall mark's template is for all addresses and protocols", () => {
  const marked = { kind: "fwmark", fwmark: 7, family: 4 } as const;
  const persistent = { persistenceTimeoutS: 120, persistencePrefixLength: 32 };
  const balancer = balancerWith([
    addService(marked, "rr", persistent),
    addDestination(marked, "10.2.0.11:0", { forwarding: "DR" }),
    addDestination(marked, "10.2.0.12:0", { forwarding: "DR" }),
  ]);
  const frames = [udpFrame(client, "10.1.0.101:6000"), tcpFrame(client, "10.1.0.102:6001", "S")];
  for (const frame of frames) {
    const verdict = balancer.handlePacket(frame, startMs, { mark: 7 });
    assert.ok(verdict.kind === "forward");
    assert.equal(verdict.nextHop, "10.2.0.12");
  }
  const [template] = balancer.connections().map(connectionLine);
  assert.equal(template?.protocol, "IP");
  assert.equal(template?.virtual, "0.0.0.7:0");
  assert.equal(balancer.handlePacket(frames[0] ?? new Uint8Array(0), startMs).kind, "forward");
});

test("one-packet scheduling asks the scheduler for each datagram and remembers none", () => {
  const udpKey = keyOf("UDP", virtual);
  const balancer = balancerWith([
    addService(udpKey, "rr", { onePacket: true }),
    addDestination(udpKey, "10.2.0.11:80", { forwarding: "DR" }),
    addDestination(udpKey, "10.2.0.12:80", { forwarding: "DR" }),
  ]);
  const hops = [1, 2, 3, 4].map(() => {
    const verdict = balancer.handlePacket(udpFrame(client, virtual), startMs);
    return verdict.kind === "forward" ? verdict.nextHop : verdict.kind;
  });
  assert.deepEqual(hops, ["10.2.0.12", "10.2.0.11", "10.2.0.12", "10.2.0.11"]);
  assert.deepEqual(balancer.connections(), []);
  assert.equal(balancer.statistics()[0]?.counters.connections, 4);
});

test("a server at its threshold opens again when a quarter of it has ended", () => {
  const limited = addDestination(key, server, { upperThreshold: 4 });
  const balancer = balancerWith([addService(key, "rr"), limited]);
  const open = (port: number, atMs: number): string =>
    balancer.handlePacket(tcpFrame(`10.1.0.2:${port}`, virtual, "S"), atMs).kind;
  const end = (port: number): void => {
    balancer.handlePacket(tcpFrame(`10.2.0.11:8080`, `10.1.0.2:${port}`, "RA"), startMs);
  };
  for (const port of [1001, 1002, 1003, 1004]) assert.equal(open(port, startMs), "forward");
  assert.equal(open(1005, startMs), "reply");
  end(1001);
  balancer.expire(startMs + 10_000);
  assert.equal(open(1006, startMs + 10_000), "reply", "three of four is not below three quarters");
  end(1002);
  balancer.expire(startMs + 21_000);
  assert.equal(open(1007, startMs + 21_000), "forward");
});

test("two services may share a real server: each client hears the address it spoke to", () => {
  const other = keyOf("TCP", "10.1.0.101:80");
  const balancer = balancerWith([
    ...natTable,
    addService(other, "rr"),
    addDestination(other, server),
  ]);
  const source = (from: string): string => {
    const verdict = balancer.handlePacket(tcpFrame(server, from, "SA"), startMs);
    return verdict.kind === "forward" ? (ends(verdict.frame)[0] ?? "") : verdict.kind;
  };
  balancer.handlePacket(tcpFrame("10.1.0.2:1000", "10.1.0.100:80", "S"), startMs);
  balancer.handlePacket(tcpFrame("10.1.0.2:1001", "10.1.0.101:80", "S"), startMs);
  assert.equal(source("10.1.0.2:1000"), "10.1.0.100:80");
  assert.equal(source("10.1.0.2:1001"), "10.1.0.101:80");
});

test("the table reads back as it was configured, in the order of addition", () => {
  const second = addDestination(key, "10.2.0.12:8080", { weight: 7, upperThreshold: 9 });
  const balancer = balancerWith([...natTable, second]);
  balancer.configure(changeDestination(key, server, { weight: 3 }));
  const [service] = balancer.table().services;
  assert.deepEqual(
    service?.destinations.map((d) => [d.address, d.weight, d.upperThreshold]),
    [
      ["10.2.0.11", 3, 0],
      ["10.2.0.12", 7, 9],
    ],
  );
});

test("unknown services and destinations are refused with their names", () => {
  const balancer = balancerWith(natTable);
  const texts = [
    balancer.configure({ kind: "remove-service", key: keyOf("UDP", virtual) }),
    balancer.configure(removeDestination(key, "10.2.0.77:8080")),
  ].map((result) => (result.ok ? "accepted" : result.fault.text));
  assert.deepEqual(texts, [
    "no service UDP 10.1.0.100:80",
    "no destination 10.2.0.77 port 8080 in TCP 10.1.0.100:80",
  ]);
});

test("no bytes make it throw", () => {
  const balancer = balancerWith(natTable);
  const frame = tcpFrame(client, virtual, "S", { payload: new Uint8Array(12) });
  const error = icmpErrorFrame("10.9.9.9", "10.1.0.100", { type: 3, code: 4 }, frame);
  for (const whole of [frame, error]) {
    for (let length = 0; length <= whole.length; length++)
      balancer.handlePacket(whole.subarray(0, length), startMs);
    for (let at = 12; at < whole.length; at++) {
      const bent = whole.slice();
      bent[at] = (bent[at] ?? 0) ^ 0xff;
      balancer.handlePacket(bent, startMs);
    }
  }
});

function ends(frame: Uint8Array): readonly string[] {
  const packet = packetOf(frame);
  const [source, destination] = portsOf(packet);
  return [
    `${ipv4FromNumber(packet.source)}:${source}`,
    `${ipv4FromNumber(packet.destination)}:${destination}`,
  ];
}

/** Outer addresses, then the ends of the quoted packet; checks every checksum that is whole. */
function quotation(frame: Uint8Array): { readonly rest: number; readonly ends: readonly string[] } {
  const packet = packetOf(frame);
  assert.equal(internetChecksum(packet.payload), 0, "the ICMP checksum is right");
  const message = decodeIcmpMessage(packet.payload);
  assert.ok(message.ok);
  const quoted = message.value.payload;
  assert.equal(internetChecksum(quoted.subarray(0, 20)), 0, "the quoted IP checksum is right");
  const view = new DataView(quoted.buffer, quoted.byteOffset, quoted.byteLength);
  const outer = [ipv4FromNumber(packet.source), ipv4FromNumber(packet.destination)];
  const inner = [
    `${ipv4FromNumber(view.getUint32(12))}:${view.getUint16(20)}`,
    `${ipv4FromNumber(view.getUint32(16))}:${view.getUint16(22)}`,
  ];
  for (const end of inner) assert.ok(endpoint(end).port > 0);
  return { rest: message.value.rest, ends: [...outer, ...inner] };
}
