// Golden packets: frames through BPF_PROG_TEST_RUN of both front ends, verdict and every byte. The
// datagrams of DR and NAT are those that the kernel's ip_vs sent on, captured behind it; checksums are
// computed anew by the test. Routes and neighbours are invented: no packet leaves.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import { ok } from "../../src/base/result.ts";
import { openXdpEngine, type XdpEngine } from "../../src/linux/xdp/engine.ts";
import { removeXdpEngine } from "../../src/linux/xdp/remove.ts";
import type { Destination } from "../../src/model/balancer-table.ts";
import { internetChecksum } from "../../src/wire/checksum.ts";
import {
  decodeDestinationRecord,
  encodeDestinationRecord,
  hopStatus,
} from "../../src/wire/maps/destination-record.ts";
import { encodeIndex } from "../../src/wire/maps/fields.ts";
import { decodePressure } from "../../src/wire/maps/small-records.ts";
import type { LinkFact } from "../../src/world/kernel.ts";
import type { RoutingKernel } from "../../src/world/routing.ts";
import { apply, bpf, destination, service, syscalls } from "./xdp-lab.ts";

const ifindex = 1;
const ourMac = "020000000001";
const routerMac = "0200000000fe";
const client = "0a010002";
const virtual = "0a010064";
const connectionsMax = 64;

type Front = "xdp" | "tc";
const fronts: readonly Front[] = ["xdp", "tc"];
const verdicts: Readonly<Record<Front, Readonly<Record<number, string>>>> = {
  xdp: { 1: "drop", 2: "pass", 3: "send", 4: "send" },
  tc: { 2: "drop", 4294967295: "pass", 7: "send" },
};

function hex16(value: number): string {
  return value.toString(16).padStart(4, "0");
}

/** A frame from the router to us: IPv4 with a right header checksum, TTL 64. */
function frame(protocol: number, source: string, target: string, payload: string): Uint8Array {
  const length = hex16(20 + payload.length / 2);
  const header = `4500${length}000040004${"0"}${protocol.toString(16).padStart(2, "0")}0000${source}${target}`;
  const check = internetChecksum(fromHex(header));
  const ip = `${header.slice(0, 20)}${hex16(check)}${header.slice(24)}`;
  return fromHex(`${ourMac}${routerMac}0800${ip}${payload}`);
}

/** A TCP segment without a payload, or UDP with five bytes, with a right checksum. */
function segment(
  protocol: 6 | 17,
  ends: {
    readonly source: string;
    readonly sourcePort: number;
    readonly target: string;
    readonly targetPort: number;
  },
  flags = 0x02,
): Uint8Array {
  const ports = hex16(ends.sourcePort) + hex16(ends.targetPort);
  const plain =
    protocol === 6
      ? `${ports}000000010000000250${flags.toString(16).padStart(2, "0")}20000000${"0000"}`
      : `${ports}000d000068656c6c6f`;
  const pseudo = `${ends.source}${ends.target}00${protocol.toString(16).padStart(2, "0")}${hex16(plain.length / 2)}`;
  const sum = hex16(
    internetChecksum(fromHex(pseudo + plain + (plain.length % 4 === 0 ? "" : "00"))),
  );
  const at = protocol === 6 ? 32 : 12;
  return frame(protocol, ends.source, ends.target, plain.slice(0, at) + sum + plain.slice(at + 4));
}

/** Both checksums of a frame, computed anew: 0 when they are right. */
function checksumsOf(bytes: Uint8Array): readonly [number, number] {
  const ip = bytes.subarray(14, 34);
  const l4 = bytes.subarray(34, 14 + ((bytes[16] ?? 0) << 8) + (bytes[17] ?? 0));
  const pseudo = new Uint8Array([
    ...bytes.subarray(26, 34),
    0,
    bytes[23] ?? 0,
    l4.length >> 8,
    l4.length & 255,
  ]);
  const whole = new Uint8Array([...pseudo, ...l4, ...(l4.length % 2 === 1 ? [0] : [])]);
  return [internetChecksum(ip), internetChecksum(whole)];
}

describe("golden packets", { skip: process.getuid?.() === 0 ? false : "needs root" }, () => {
  const pinDirectory = `/sys/fs/bpf/kt${process.pid}golden`;
  let engine: XdpEngine;

  const inventedRoutes: RoutingKernel = {
    route: () =>
      ok({ interfaceIndex: ifindex, local: false, preferredSource: "10.2.0.1" as IpAddress }),
    neighbours: () =>
      ok(
        [11, 12, 13].map((host) => ({
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

  const lo: LinkFact = {
    index: ifindex,
    name: "lo",
    up: true,
    carrier: true,
    mtu: 1500,
    mac: fromHex(ourMac),
    type: 1,
  };

  /** A new engine on new maps. */
  async function openFresh(): Promise<void> {
    await engine?.close();
    removeXdpEngine({ bpf, syscalls, pinDirectory, links: [] });
    const opened = openXdpEngine({
      bpf,
      syscalls,
      links: { links: () => ok([lo]) },
      routing: inventedRoutes,
      pinDirectory,
      attach: "tc",
      interfaces: [],
      connectionsMax,
    });
    assert.ok(opened.ok, opened.ok ? "" : opened.fault.text);
    engine = opened.value;
  }

  before(openFresh);

  after(async () => {
    await engine?.close();
    removeXdpEngine({ bpf, syscalls, pinDirectory, links: [] });
  });

  function send(front: Front, bytes: Uint8Array): { verdict: string; out: Uint8Array } {
    const out = new Uint8Array(bytes.length + 64);
    const context = new Uint8Array(front === "xdp" ? 24 : 192);
    const view = new DataView(context.buffer);
    if (front === "xdp") view.setUint32(4, bytes.length, true);
    view.setUint32(front === "xdp" ? 12 : 40, ifindex, true);
    const numbers = new Float64Array([1, 0, 0, 0]);
    const fd = front === "xdp" ? engine.balancer.xdp.fd : engine.balancer.tc.fd;
    assert.equal(bpf.bpfRun(fd, bytes, out, context, null, numbers), 0);
    const verdict = verdicts[front][numbers[0] ?? 0] ?? `verdict ${numbers[0]}`;
    return { verdict, out: out.slice(0, numbers[2]) };
  }

  /** No XDP program hangs anywhere here, so the engine would leave the sending to tc. */
  function letXdpSend(): void {
    const { destinations } = engine.balancer.maps;
    for (const [slot, bytes] of destinations.values(64).entries()) {
      const record = decodeDestinationRecord(bytes);
      const [first, second] = record.hops.map((hop) =>
        hop.status === hopStatus.readyForTc ? { ...hop, status: hopStatus.ready } : hop,
      );
      assert.ok(first && second);
      destinations.update(
        encodeIndex(slot),
        encodeDestinationRecord({ ...record, hops: [first, second] }),
      );
    }
  }

  /** Sets up one service, sends frames by one front end, and takes the service away. */
  async function withService(
    port: number,
    protocol: "TCP" | "UDP",
    destinations: readonly Destination[],
    scene: () => void | Promise<void>,
  ): Promise<void> {
    const made = service(port, destinations, { protocol, address: "10.1.0.100" });
    await apply(engine, { kind: "add-service", service: made });
    await engine.maintain();
    letXdpSend();
    await scene();
    await apply(engine, { kind: "remove-service", key: made.key });
  }

  for (const [n, front] of fronts.entries()) {
    const clientPort = 0x4e20 + n;

    test(`${front}: DR sends what ip_vs sent, to the real server's MAC`, async () => {
      const sent = fromHex(
        `${ourMac}${routerMac}080045b800217a0f40004011ab9d${client}${virtual}4f551388000d148668656c6c6f`,
      );
      await withService(
        5000,
        "UDP",
        [destination("10.2.0.11", { port: 5000, forwarding: "DR" })],
        () => {
          const { verdict, out } = send(front, sent);
          assert.equal(verdict, "send");
          assert.equal(
            toHex(out),
            `02000000000b${ourMac}080045b800217a0f40003f11ac9d${client}${virtual}4f551388000d148668656c6c6f`,
          );
        },
      );
    });

    for (const protocol of [6, 17] as const) {
      const name = protocol === 6 ? "TCP" : "UDP";
      test(`${front}: NAT rewrites ${name} in both directions with right checksums`, async () => {
        const real = destination("10.2.0.12", { port: 5001 });
        await withService(5000 + n, name, [real], () => {
          const there = {
            source: client,
            sourcePort: clientPort,
            target: virtual,
            targetPort: 5000 + n,
          };
          const forward = send(front, segment(protocol, there));
          assert.equal(forward.verdict, "send");
          const moved = segment(protocol, { ...there, target: "0a02000c", targetPort: 5001 });
          assert.equal(toHex(forward.out.subarray(0, 14)), `02000000000c${ourMac}0800`);
          assert.deepEqual(forward.out.subarray(34), moved.subarray(34));
          assert.equal(forward.out[22], 63);
          assert.deepEqual(checksumsOf(forward.out), [0, 0]);

          const back = {
            source: "0a02000c",
            sourcePort: 5001,
            target: client,
            targetPort: clientPort,
          };
          const reply = send(front, segment(protocol, back, 0x12));
          assert.equal(reply.verdict, "send");
          const seen = segment(protocol, { ...back, source: virtual, sourcePort: 5000 + n }, 0x12);
          assert.equal(toHex(reply.out.subarray(0, 14)), `${routerMac}${ourMac}0800`);
          assert.deepEqual(reply.out.subarray(34), seen.subarray(34));
          assert.deepEqual(checksumsOf(reply.out), [0, 0]);
        });
      });
    }

    /** An ICMP error about a packet of ours, from a router on the way to the real server. */
    function errorAbout(what: string, rest: string, about: Uint8Array): Uint8Array {
      const quoted = toHex(about.subarray(14));
      const sum = internetChecksum(fromHex(`${what}0000${rest}${quoted}`));
      return frame(1, "0a0200fe", "0a020001", `${what}${hex16(sum)}${rest}${quoted}`);
    }

    /** An ICMP error to the client, from the virtual address, about what the client has sent. */
    function assertTold(out: Uint8Array, what: string, rest: string, sent: Uint8Array): void {
      const text = toHex(out);
      assert.equal(out.length, 70);
      assert.equal(text.slice(0, 28), `${routerMac}${ourMac}0800`);
      assert.equal(text.slice(46, 48), "01");
      assert.equal(text.slice(52, 68), virtual + client);
      assert.equal(text.slice(68, 72) + text.slice(76, 84), what + rest);
      assert.equal(internetChecksum(out.subarray(14, 34)), 0);
      assert.equal(internetChecksum(out.subarray(34)), 0);
      const quoted = toHex(out.subarray(42));
      const asSent = toHex(sent.subarray(14, 42));
      // Addresses, ports, and what the client knows its packet by; its TTL is one lower there.
      assert.equal(quoted.slice(24), asSent.slice(24));
      assert.equal(internetChecksum(out.subarray(42, 62)), 0);
    }

    for (const tunnel of [
      { type: "ipip", checksum: "none" },
      { type: "gue", port: 6080, checksum: "full" },
      { type: "gre", checksum: "full" },
    ] as const) {
      test(`${front}: a router in a tunnel by ${tunnel.type} reaches the client, and its MTU is kept`, async () => {
        const port = 5300 + n;
        const real = destination("10.2.0.11", { port, forwarding: "TUN", tunnel });
        await withService(port, "TCP", [real], () => {
          const ends = {
            source: client,
            sourcePort: clientPort,
            target: virtual,
            targetPort: port,
          };
          const sent = segment(6, ends);
          const { out: wrapped } = send(front, sent);
          const overhead = wrapped.length - sent.length;
          const unreachable = send(front, errorAbout("0301", "00000000", wrapped));
          assert.equal(unreachable.verdict, "send");
          assertTold(unreachable.out, "0301", "00000000", sent);
          const small = send(front, errorAbout("0304", "00000190", wrapped));
          assertTold(small.out, "0304", `0000${hex16(400 - overhead)}`, sent);
          // From now on what is larger than that is answered here.
          const fits = frame(
            6,
            client,
            virtual,
            toHex(segment(6, ends, 0x10).subarray(34)) + "00".repeat(360 - overhead),
          );
          assert.equal(send(front, fits).out.length, 14 + 400);
          const large = frame(
            6,
            client,
            virtual,
            toHex(segment(6, ends, 0x10).subarray(34)) + "00".repeat(361 - overhead),
          );
          const answer = send(front, large).out;
          assert.equal(toHex(answer.subarray(34, 36)), "0304");
          assert.equal(toHex(answer.subarray(40, 42)), hex16(400 - overhead));
        });
      });
    }

    for (const protocol of [6, 17] as const) {
      const name = protocol === 6 ? "TCP" : "UDP";
      test(`${front}: FULLNAT replaces both ends of ${name}, and errors on the way reach the client`, async () => {
        const port = 5400 + n;
        const fullNat = { sources: ["10.2.0.1" as IpAddress], tellsClient: "nothing" } as const;
        const real = destination("10.2.0.11", { port: 5001, forwarding: "FULLNAT", fullNat });
        await withService(port, name, [real], () => {
          const ends = {
            source: client,
            sourcePort: clientPort,
            target: virtual,
            targetPort: port,
          };
          const sent = segment(protocol, ends);
          const there = send(front, sent);
          assert.equal(there.verdict, "send");
          const borrowedPort = ((there.out[34] ?? 0) << 8) | (there.out[35] ?? 0);
          assert.ok(borrowedPort >= 1024);
          const from = { source: "0a020001", sourcePort: borrowedPort };
          const moved = segment(protocol, { ...from, target: "0a02000b", targetPort: 5001 });
          assert.deepEqual(there.out.subarray(26), moved.subarray(26));
          assert.deepEqual(checksumsOf(there.out), [0, 0]);
          const back = {
            source: "0a02000b",
            sourcePort: 5001,
            target: "0a020001",
            targetPort: borrowedPort,
          };
          const reply = send(front, segment(protocol, back, 0x12));
          assert.equal(reply.verdict, "send");
          const seen = segment(
            protocol,
            { source: virtual, sourcePort: port, target: client, targetPort: clientPort },
            0x12,
          );
          assert.deepEqual(reply.out.subarray(26), seen.subarray(26));
          assert.deepEqual(checksumsOf(reply.out), [0, 0]);
          // Nobody else's packet to the director's own address is touched.
          const strange = segment(protocol, { ...back, sourcePort: 5002 }, 0x12);
          assert.equal(send(front, strange).verdict, "pass");
          const told = send(front, errorAbout("0304", "00000500", there.out));
          assert.equal(told.verdict, "send");
          const rest = protocol === 6 ? sent : undefined;
          if (rest !== undefined) assertTold(told.out, "0304", "00000500", rest);
          assert.equal(toHex(told.out.subarray(54, 66)), toHex(sent.subarray(26, 38)));
        });
      });
    }

    test(`${front}: a UDP checksum of zero stays zero`, async () => {
      await withService(5002 + n, "UDP", [destination("10.2.0.12", { port: 5001 })], () => {
        const bytes = segment(17, {
          source: client,
          sourcePort: 700,
          target: virtual,
          targetPort: 5002 + n,
        });
        bytes.set([0, 0], 40);
        const { out } = send(front, bytes);
        assert.equal(toHex(out.subarray(40, 42)), "0000");
      });
    });

    test(`${front}: what is nobody's, in pieces or odd is left to the kernel, unchanged`, async () => {
      const dr = destination("10.2.0.11", { port: 5004 + n, forwarding: "DR" });
      await withService(5004 + n, "UDP", [dr], () => {
        const at = { source: client, sourcePort: 9, target: virtual, targetPort: 5004 + n };
        const otherPort = segment(17, { ...at, targetPort: 22 });
        const otherHost = segment(17, { ...at, target: "0a010063" });
        const laterPiece = segment(17, { ...at, source: "0a010003" });
        laterPiece.set([0, 7], 20);
        const notForUs = segment(17, { ...at, sourcePort: 10 });
        notForUs.set([2, 0, 0, 0, 0, 0x77], 0);
        const arp = fromHex(`ffffffffffff${routerMac}0806${"00".repeat(46)}`);
        const short = fromHex(`${ourMac}${routerMac}080045000014`);
        const notSyn = segment(6, { ...at, targetPort: 5004 + n }, 0x10);
        for (const bytes of [otherPort, otherHost, laterPiece, notForUs, arp, notSyn]) {
          const { verdict, out } = send(front, bytes);
          assert.equal(verdict, "pass");
          assert.deepEqual(out, bytes);
        }
        if (front === "xdp") assert.equal(send(front, short).verdict, "pass");
        assert.equal(
          engine.connectionRecords().some(({ key }) => key.clientPort === 10),
          false,
        );
      });
      const events = engine.events();
      assert.ok(events.fragment > n && events["not-for-us"] > n);
    });

    for (const protocol of [6, 17] as const) {
      const name = protocol === 6 ? "TCP" : "UDP";
      test(`${front}: a ${name} client whom nobody can serve is told: port unreachable`, async () => {
        const drained = destination("10.2.0.11", { weight: 0 });
        await withService(5008 + n, name, [drained], () => {
          const sent = segment(protocol, {
            source: client,
            sourcePort: 33,
            target: virtual,
            targetPort: 5008 + n,
          });
          const { verdict, out } = send(front, sent);
          assert.equal(verdict, "send");
          assert.equal(toHex(out.subarray(0, 14)), `${routerMac}${ourMac}0800`);
          assert.equal(toHex(out.subarray(23, 24)), "01");
          assert.equal(toHex(out.subarray(26, 34)), virtual + client);
          assert.equal(toHex(out.subarray(34, 36)), "0303");
          assert.equal(out.length, protocol === 6 ? 80 : 70);
          assert.equal((out[16] ?? 0) * 256 + (out[17] ?? 0), out.length - 14);
          assert.equal(internetChecksum(out.subarray(14, 34)), 0);
          assert.equal(internetChecksum(out.subarray(34)), 0);
          // The quotation: the client's IP header and ports.
          assert.deepEqual(out.subarray(42, 66), sent.subarray(14, 38));
          // A sender that completes the quoted checksum leaves the answer's right.
          const at = protocol === 6 ? 78 : 68;
          const whole = internetChecksum(out.subarray(62));
          out.set([whole >> 8, whole & 255], at);
          assert.equal(internetChecksum(out.subarray(34)), 0);
        });
      });
    }

    test(`${front}: every truncation of a packet is left alone or sent on, never more`, async () => {
      await withService(5006 + n, "TCP", [destination("10.2.0.11", { port: 80 })], () => {
        const whole = segment(6, {
          source: client,
          sourcePort: 20,
          target: virtual,
          targetPort: 5006 + n,
        });
        // A test run of tc refuses what has no whole IPv4 header.
        for (let length = front === "xdp" ? 15 : 34; length < whole.length; length++) {
          const { verdict, out } = send(front, whole.slice(0, length));
          assert.equal(verdict, "pass", `${length} bytes`);
          assert.deepEqual(out, whole.slice(0, length));
        }
      });
    });
  }

  test("a tunnel to or for IPv6 is refused with the reason", async () => {
    const tunnel = { type: "ipip", checksum: "none" } as const;
    for (const [address, server] of [
      ["10.1.0.100", "fd00:2::11"],
      ["fd00:1::100", "fd00:2::11"],
      ["fd00:1::100", "10.2.0.11"],
    ] as const) {
      const real = destination(server, { port: 5030, forwarding: "TUN", tunnel });
      const made = service(5030, [real], { protocol: "TCP", address });
      const done = await engine.apply({ kind: "add-service", service: made });
      assert.ok(!done.ok);
      assert.equal(done.fault.kind, "not-supported");
      assert.match(done.fault.text, /TUN carries IPv4 in IPv4/);
    }
  });

  test("a full table drops no connection and still balances, by the client's address", async () => {
    const real = [11, 12].map((host) =>
      destination(`10.2.0.${host}`, { port: 5010, forwarding: "DR" }),
    );
    await withService(5010, "UDP", real, () => {
      const from = (port: number): Uint8Array =>
        segment(17, { source: client, sourcePort: port, target: virtual, targetPort: 5010 });
      const first = new Map<number, string>();
      for (let port = 1000; port < 1400; port++) {
        const { verdict, out } = send("xdp", from(port));
        assert.equal(verdict, "send");
        first.set(port, toHex(out.subarray(0, 6)));
      }
      assert.ok(engine.connectionRecords().length <= connectionsMax);
      assert.ok(engine.events()["table-full"] > 200);
      for (const [port, mac] of first)
        assert.equal(toHex(send("xdp", from(port)).out.subarray(0, 6)), mac, `port ${port}`);
      assert.equal(new Set(first.values()).size, 2);
    });
  });

  test("a flood of SYNs leaves no trace beyond its share, and a real client still gets through", async () => {
    await openFresh();
    const real = [11, 12].map((host) =>
      destination(`10.2.0.${host}`, { port: 5020, forwarding: "DR" }),
    );
    await withService(5020, "TCP", real, () => {
      const at = (
        port: number,
      ): { source: string; sourcePort: number; target: string; targetPort: number } => ({
        source: client,
        sourcePort: port,
        target: virtual,
        targetPort: 5020,
      });
      for (let port = 1000; port < 1200; port++)
        assert.equal(send("xdp", segment(6, at(port))).verdict, "send");
      const bytes = engine.balancer.maps.pressure.lookup(encodeIndex(0));
      assert.ok(bytes);
      assert.equal(decodePressure(bytes).halfOpen, connectionsMax / 2);
      assert.equal(engine.connectionRecords().length, connectionsMax / 2);
      const syn = send("xdp", segment(6, at(3000)));
      const ack = send("xdp", segment(6, at(3000), 0x10));
      assert.equal(ack.verdict, "send");
      assert.equal(toHex(ack.out.subarray(0, 6)), toHex(syn.out.subarray(0, 6)));
      const known = engine.connectionRecords().find(({ key }) => key.clientPort === 3000);
      assert.equal(known?.state, 1, "ESTABLISHED");
    });
  });
});
