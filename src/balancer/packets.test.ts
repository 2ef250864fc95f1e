// Packets of all shapes: IPv6 with extension headers, IPv4 options, fragments, SCTP, ICMP of both
// families, and the settings that decide about strangers.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endpoint,
  icmpErrorFrame,
  ip,
  ipFrame,
  ipPacketOf,
  portsOf,
  sctpFrame,
  tcpFrame,
  udpFrame,
} from "../../test/contract/frames.ts";
import { transportChecksum } from "../../test/contract/invariants.ts";
import { addDestination, addService, keyOf } from "../../test/contract/tables.ts";
import type { BalancerSettings } from "../model/balancer-settings.ts";
import type { TransportProtocol, VirtualServerKey } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import { addToChecksum, finishChecksum, internetChecksum } from "../wire/checksum.ts";
import { pseudoHeaderSum } from "../wire/ip-packet.ts";
import { Balancer } from "./balancer.ts";
import type { Verdict } from "./verdict.ts";

const nowMs = 1_000_000;
const four = { client: "10.1.0.2:4000", virtual: "10.1.0.100:80", server: "10.2.0.11:8080" };
const six = {
  client: "[fd00:1::2]:4000",
  virtual: "[fd00:1::100]:80",
  server: "[fd00:2::11]:8080",
};

function balancer(
  operations: readonly BalancerOperation[],
  settings: Partial<BalancerSettings> = {},
): Balancer {
  const made = new Balancer(settings);
  for (const operation of operations) assert.ok(made.configure(operation).ok);
  return made;
}

function natTable(protocol: TransportProtocol, ends: typeof four): readonly BalancerOperation[] {
  const key = keyOf(protocol, ends.virtual);
  return [addService(key, "rr"), addDestination(key, ends.server)];
}

function forwarded(verdict: Verdict): Extract<Verdict, { readonly kind: "forward" }> {
  assert.ok(verdict.kind === "forward", verdict.kind);
  return verdict;
}

function endsOf(frame: Uint8Array): readonly string[] {
  const packet = ipPacketOf(frame);
  const [from, to] = portsOf(packet);
  return [`${packet.source} ${from}`, `${packet.destination} ${to}`];
}

function endText(text: string): string {
  const { address, port } = endpoint(text);
  return `${address} ${port}`;
}

for (const [family, ends] of [
  ["IPv4", four],
  ["IPv6", six],
] as const) {
  test(`${family}: NAT rewrites both ways with right checksums, for TCP, UDP and SCTP`, () => {
    const exchanges = {
      TCP: [tcpFrame(ends.client, ends.virtual, "S"), tcpFrame(ends.server, ends.client, "SA")],
      UDP: [udpFrame(ends.client, ends.virtual), udpFrame(ends.server, ends.client)],
      SCTP: [sctpFrame(ends.client, ends.virtual, [1]), sctpFrame(ends.server, ends.client, [2])],
    } as const;
    for (const protocol of ["TCP", "UDP", "SCTP"] as const) {
      const one = balancer(natTable(protocol, ends));
      const [request, reply] = exchanges[protocol];
      const out = forwarded(one.handlePacket(request, nowMs)).frame;
      assert.deepEqual(endsOf(out), [endText(ends.client), endText(ends.server)]);
      assert.equal(transportChecksum(out), 0, protocol);
      const back = forwarded(one.handlePacket(reply, nowMs)).frame;
      assert.deepEqual(endsOf(back), [endText(ends.virtual), endText(ends.client)]);
      assert.equal(transportChecksum(back), 0, protocol);
    }
  });
}

test("IPv6: without a destination the client hears port unreachable, with a right checksum", () => {
  const one = balancer([addService(keyOf("TCP", six.virtual), "rr")]);
  const verdict = one.handlePacket(tcpFrame(six.client, six.virtual, "S"), nowMs);
  assert.ok(verdict.kind === "reply");
  const { source, destination, protocol, payload } = ipPacketOf(verdict.frame);
  assert.deepEqual([source, destination, protocol], ["fd00:1::100", "fd00:1::2", 58]);
  assert.deepEqual([payload[0], payload[1]], [1, 4]);
  const pseudo = pseudoHeaderSum(source, destination, 58, payload.length);
  assert.equal(finishChecksum(addToChecksum(pseudo, payload, 0, payload.length)), 0);
});

test("IPv6: packet too big from the network reaches the real server in its own words", () => {
  const one = balancer(natTable("TCP", six));
  one.handlePacket(tcpFrame(six.client, six.virtual, "S"), nowMs);
  const fromVirtual = tcpFrame(six.virtual, six.client, "PA");
  const tooBig = { type: 2, code: 0, rest: 1280 };
  const error = icmpErrorFrame("fd00:9::9", "fd00:1::100", tooBig, fromVirtual);
  const { frame, nextHop } = forwarded(one.handlePacket(error, nowMs));
  assert.equal(nextHop, "fd00:2::11");
  const { source, destination, payload } = ipPacketOf(frame);
  assert.deepEqual([source, destination], ["fd00:9::9", "fd00:2::11"]);
  const pseudo = pseudoHeaderSum(source, destination, 58, payload.length);
  assert.equal(finishChecksum(addToChecksum(pseudo, payload, 0, payload.length)), 0);
  const quoted = ipFrameOf(payload.subarray(8));
  assert.deepEqual([quoted.source, quoted.port], ["fd00:2::11", 8080]);
});

test("IPv6: an error of the real server's side reaches the client in the virtual address's name", () => {
  const one = balancer(natTable("UDP", six));
  const sent = forwarded(one.handlePacket(udpFrame(six.client, six.virtual), nowMs)).frame;
  const error = icmpErrorFrame("fd00:2::11", "fd00:1::2", { type: 1, code: 4 }, sent);
  const { frame, toward } = forwarded(one.handlePacket(error, nowMs));
  assert.equal(toward, "client");
  assert.equal(ipPacketOf(frame).source, "fd00:1::100");
});

/** Source and source port of a quoted IPv6 packet. */
function ipFrameOf(quoted: Uint8Array): { readonly source: string; readonly port: number } {
  const whole = new Uint8Array(14 + quoted.length);
  whole.set(quoted, 14);
  whole.set([0x86, 0xdd], 12);
  const view = new DataView(whole.buffer);
  view.setUint16(18, quoted.length - 40);
  const { source, payload } = ipPacketOf(whole);
  return { source, port: portsOf({ payload })[0] };
}

test("IPv6: extension headers are passed over, and stay", () => {
  const one = balancer(natTable("UDP", six));
  const plain = ipPacketOf(udpFrame(six.client, six.virtual));
  // Hop-by-hop options and destination options of 8 bytes each, all padding.
  const headers = [60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0];
  const { source, destination } = plain;
  const frame = ipFrame(
    { source, destination },
    0,
    Uint8Array.from([...headers, ...plain.payload]),
    64,
  );
  const out = ipPacketOf(forwarded(one.handlePacket(frame, nowMs)).frame);
  assert.equal(out.destination, "fd00:2::11");
  assert.deepEqual([...out.payload.subarray(0, 16)], headers);
  assert.equal(portsOf({ payload: out.payload.subarray(16) })[1], 8080);
});

test("IPv4: options stay where they are", () => {
  const one = balancer(natTable("UDP", four));
  const frame = udpFrame(four.client, four.virtual);
  const header = Uint8Array.from([...frame.subarray(14, 34), 1, 1, 1, 0]);
  header[0] = 0x46;
  header[3] = (header[3] ?? 0) + 4;
  header.set([0, 0], 10);
  const sum = internetChecksum(header);
  header.set([sum >> 8, sum & 255], 10);
  const optioned = Uint8Array.from([...frame.subarray(0, 14), ...header, ...frame.subarray(34)]);
  const out = forwarded(one.handlePacket(optioned, nowMs)).frame;
  assert.deepEqual([...out.subarray(34, 38)], [1, 1, 1, 0]);
  assert.equal(internetChecksum(out.subarray(14, 38)), 0);
  assert.deepEqual([...out.subarray(30, 34)], [10, 2, 0, 11]);
});

/** A packet of 24 bytes behind UDP's header in two pieces. */
function pieces(from: string, to: string): readonly [Uint8Array, Uint8Array] {
  const whole = udpFrame(from, to, { payload: new Uint8Array(24).fill(7) });
  const cut = (start: number, end: number, word: number): Uint8Array => {
    const frame = Uint8Array.from([
      ...whole.subarray(0, 34),
      ...whole.subarray(34 + start, 34 + end),
    ]);
    frame.set([word >> 8, word & 255], 20);
    frame.set([0, 20 + end - start], 16);
    frame.set([0, 0], 24);
    const sum = internetChecksum(frame.subarray(14, 34));
    frame.set([sum >> 8, sum & 255], 24);
    return frame;
  };
  return [cut(0, 16, 0x2000), cut(16, 32, 2)];
}

test("fragments follow the first one, in both directions; without it they are the machine's", () => {
  const one = balancer(natTable("UDP", four));
  for (const [from, to, target] of [
    [four.client, four.virtual, "10.2.0.11"],
    [four.server, four.client, "10.1.0.2"],
  ] as const) {
    const [first, second] = pieces(from, to);
    assert.equal(one.handlePacket(second, nowMs).kind, "pass");
    assert.equal(forwarded(one.handlePacket(first, nowMs)).nextHop, target);
    const later = forwarded(one.handlePacket(second, nowMs));
    assert.equal(later.nextHop, target);
    assert.equal(internetChecksum(later.frame.subarray(14, 34)), 0);
    assert.deepEqual(later.frame.subarray(34), second.subarray(34), "its data is no port");
  }
  const [, second] = pieces(four.client, four.virtual);
  assert.equal(one.handlePacket(second, nowMs + 30_000).kind, "pass", "nobody waits for ever");
});

test("damage of an SCTP packet stays visible; a piece of one cannot change its port", () => {
  const one = balancer(natTable("SCTP", four));
  const damaged = sctpFrame(four.client, four.virtual, [1], { payload: new Uint8Array(8) });
  damaged[damaged.length - 1] = 9;
  assert.notEqual(transportChecksum(forwarded(one.handlePacket(damaged, nowMs)).frame), 0);
  const piece = sctpFrame(four.client, four.virtual, [1]);
  piece[20] = 0x20;
  const verdict = one.handlePacket(piece, nowMs);
  assert.deepEqual(verdict, { kind: "drop", reason: "not-rewritable" });
});

test("an association goes through its states, and counts as active only while it is established", () => {
  const one = balancer(natTable("SCTP", four));
  const states: string[] = [];
  for (const [from, to, chunk] of [
    [four.client, four.virtual, 1],
    [four.server, four.client, 2],
    [four.client, four.virtual, 10],
    [four.server, four.client, 11],
    [four.client, four.virtual, 0],
    [four.client, four.virtual, 7],
    [four.server, four.client, 8],
    [four.client, four.virtual, 14],
  ] as const) {
    one.handlePacket(sctpFrame(from, to, [chunk]), nowMs);
    const [load] = one.statistics()[0]?.destinations ?? [];
    states.push(`${one.connections()[0]?.state} ${load?.activeConnections}`);
  }
  assert.deepEqual(states, [
    "INIT1 0",
    "C-SENT 0",
    "C-REPLIED 0",
    "ESTABLISHED 1",
    "ESTABLISHED 1",
    "S-RECEIVED 0",
    "S-ACK-SENT 0",
    "CLOSED 0",
  ]);
});

test("an association begins with INIT; with sloppy_sctp with anything but ABORT", () => {
  const open = (chunk: number, settings: Partial<BalancerSettings>): string =>
    balancer(natTable("SCTP", four), settings).handlePacket(
      sctpFrame(four.client, four.virtual, [chunk]),
      nowMs,
    ).kind;
  assert.deepEqual([open(1, {}), open(0, {}), open(6, {})], ["forward", "pass", "pass"]);
  const sloppy = { sloppySctp: true };
  assert.deepEqual([open(0, sloppy), open(6, sloppy)], ["forward", "pass"]);
});

test("sloppy_tcp lets any segment but RST begin a connection", () => {
  const open = (flags: string): string =>
    balancer(natTable("TCP", four), { sloppyTcp: true }).handlePacket(
      tcpFrame(four.client, four.virtual, flags),
      nowMs,
    ).kind;
  assert.deepEqual([open("A"), open("PA"), open("RA")], ["forward", "forward", "pass"]);
});

test("nat_icmp_send answers a real server's stray packet, but not one for the director itself", () => {
  const stray = tcpFrame(four.server, four.client, "A");
  const reset = tcpFrame(four.server, four.client, "R");
  const answer = (frame: Uint8Array, settings: Partial<BalancerSettings>, local: boolean): string =>
    balancer(natTable("TCP", four), settings).handlePacket(frame, nowMs, { local }).kind;
  const natIcmpSend = true;
  assert.equal(answer(stray, {}, false), "pass");
  assert.equal(answer(stray, { natIcmpSend }, false), "reply");
  assert.equal(answer(reset, { natIcmpSend }, false), "pass");
  assert.equal(answer(stray, { natIcmpSend }, true), "pass");
});

test("schedule_icmp makes a connection from an error about a packet that nobody remembers", () => {
  const error = icmpErrorFrame(
    "10.9.9.9",
    "10.1.0.100",
    { type: 3, code: 4, rest: 1400 },
    tcpFrame(four.virtual, four.client, "PA"),
  );
  assert.equal(balancer(natTable("TCP", four)).handlePacket(error, nowMs).kind, "pass");
  const one = balancer(natTable("TCP", four), { scheduleIcmp: true });
  assert.equal(forwarded(one.handlePacket(error, nowMs)).nextHop, "10.2.0.11");
  assert.equal(one.connections()[0]?.clientPort, 4000);
});

test("cache_bypass sends a marked packet without a server where it was going", () => {
  const marked: VirtualServerKey = { kind: "fwmark", fwmark: 7, family: 4 };
  const frame = tcpFrame(four.client, "10.7.0.7:80", "S");
  const handle = (cacheBypass: boolean, local: boolean): Verdict =>
    balancer([addService(marked, "rr")], { cacheBypass }).handlePacket(frame, nowMs, {
      mark: 7,
      local,
    });
  const verdict = forwarded(handle(true, false));
  assert.deepEqual([verdict.nextHop, verdict.via], ["10.7.0.7", "route"]);
  assert.equal(handle(false, false).kind, "reply");
  assert.equal(handle(true, true).kind, "reply", "the director's own address is no way on");
});

test("a director that takes in another's connections balances nothing when it is told so", () => {
  const one = balancer(natTable("TCP", four), { backupOnly: true });
  const syn = tcpFrame(four.client, four.virtual, "S");
  one.setBackup(true);
  assert.equal(one.handlePacket(syn, nowMs).kind, "pass");
  one.setBackup(false);
  assert.equal(one.handlePacket(syn, nowMs).kind, "forward");
});

test("marks are apart by family, and a mark's template has its number as its address", () => {
  const service = { persistenceTimeoutS: 60, persistencePrefixLength: 128 };
  const marked: VirtualServerKey = { kind: "fwmark", fwmark: 7, family: 6 };
  const one = balancer([
    addService(marked, "rr", service),
    addDestination(marked, "[fd00:2::11]:0", { forwarding: "DR" }),
  ]);
  const syn = tcpFrame(six.client, six.virtual, "S");
  assert.equal(one.handlePacket(syn, nowMs).kind, "pass");
  assert.equal(forwarded(one.handlePacket(syn, nowMs, { mark: 7 })).nextHop, "fd00:2::11");
  assert.equal(one.connections()[0]?.virtualAddress, "0:7::");
});

test("echo requests, AH and ESP are the machine's own", () => {
  const one = balancer([...natTable("TCP", four), ...natTable("TCP", six)]);
  const about = tcpFrame(four.client, four.virtual, "S");
  const echo = icmpErrorFrame("10.1.0.2", "10.1.0.100", { type: 8, code: 0 }, about);
  const echo6 = icmpErrorFrame(
    "fd00:1::2",
    "fd00:1::100",
    { type: 128, code: 0 },
    tcpFrame(six.client, six.virtual, "S"),
  );
  const ends = { source: ip("10.1.0.2"), destination: ip("10.1.0.100") };
  const tunnels = [50, 51].map((protocol) => ipFrame(ends, protocol, new Uint8Array(40), 64));
  for (const frame of [echo, echo6, ...tunnels])
    assert.equal(one.handlePacket(frame, nowMs).kind, "pass");
});

test("zeroed counters begin again; connections and loads stay", () => {
  const one = balancer(natTable("TCP", four));
  one.handlePacket(tcpFrame(four.client, four.virtual, "S"), nowMs);
  assert.ok(one.zero(keyOf("TCP", four.virtual)).ok);
  const [service] = one.statistics();
  assert.deepEqual(service?.counters.inPackets, 0);
  assert.deepEqual(service?.destinations[0]?.activeConnections, 1);
  assert.equal(one.zero(keyOf("UDP", four.virtual)).ok, false);
});

test("a listing tells states and whole seconds, templates included", () => {
  const key = keyOf("TCP", four.virtual);
  const one = balancer([
    addService(key, "rr", { persistenceTimeoutS: 300 }),
    addDestination(key, four.server),
  ]);
  one.handlePacket(tcpFrame(four.client, four.virtual, "S"), nowMs);
  const rows = [...one.connectionEntries(nowMs + 1500)].map(({ state, expiresInS, template }) => [
    state,
    expiresInS,
    template,
  ]);
  assert.deepEqual(rows, [
    ["NONE", 298, true],
    ["SYN_RECV", 58, false],
  ]);
});
