// The balancer against the real kernel: sequences of choices recorded from Linux 6.1's ip_vs, real
// servers A, B, C added in that order, one letter a new connection, `-` for a refused one.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Destination, SchedulerFlag } from "../../src/model/balancer-table.ts";
import type { SchedulerName, TransportProtocol } from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { packetOf, tcpFrame, udpFrame } from "./frames.ts";
import { modelUnderTest } from "./model-under-test.ts";
import {
  addDestination,
  addService,
  changeDestination,
  keyOf,
  removeDestination,
} from "./tables.ts";

const virtual = "10.1.0.100:5000";
const names = ["A", "B", "C"];

/** A balancer with some of the servers A, B and C. */
class Bench {
  readonly engine: ReturnType<typeof modelUnderTest>;
  readonly key: ReturnType<typeof keyOf>;
  readonly protocol: TransportProtocol;
  #port: number;

  constructor(
    protocol: TransportProtocol,
    service: BalancerOperation,
    settings: Parameters<typeof modelUnderTest>[0] = {},
    firstPort = 20000,
  ) {
    this.protocol = protocol;
    this.key = keyOf(protocol, virtual);
    this.engine = modelUnderTest(settings);
    this.#port = firstPort;
    this.engine.apply(service);
  }

  static of(
    protocol: TransportProtocol,
    scheduler: SchedulerName,
    weights: readonly number[],
    firstPort = 20000,
  ): Bench {
    const bench = new Bench(
      protocol,
      addService(keyOf(protocol, virtual), scheduler),
      {},
      firstPort,
    );
    for (const [i, weight] of weights.entries()) bench.add(names[i] ?? "", { weight });
    return bench;
  }

  add(name: string, more: Partial<Destination> = {}): void {
    this.engine.apply(addDestination(this.key, at(name), more));
  }

  change(name: string, more: Partial<Destination>): void {
    this.engine.apply(changeDestination(this.key, at(name), more));
  }

  remove(name: string): void {
    this.engine.apply(removeDestination(this.key, at(name)));
  }

  /** Opens connections, each from the next port of the client; TCP ones stay established. */
  open(count: number, client = "10.1.0.2"): string {
    let sequence = "";
    for (let i = 0; i < count; i++) sequence += this.#openOne(`${client}:${this.#port++}`);
    return sequence;
  }

  #openOne(client: string): string {
    const tcp = this.protocol === "TCP";
    const first = tcp ? tcpFrame(client, virtual, "S") : udpFrame(client, virtual);
    const verdict = this.engine.balancer.handlePacket(first, 1_000_000);
    if (verdict.kind !== "forward") return "-";
    if (tcp) {
      this.engine.handle(tcpFrame(`${verdict.nextHop}:5000`, client, "SA"));
      this.engine.handle(tcpFrame(client, virtual, "A"));
    }
    assert.equal(packetOf(verdict.frame).ttl, 63);
    return names[Number(verdict.nextHop.slice(-1)) - 1] ?? "?";
  }
}

function at(name: string): string {
  return `10.2.0.1${names.indexOf(name) + 1}:5000`;
}

const recorded: readonly [TransportProtocol, SchedulerName, readonly number[], string][] = [
  ["UDP", "rr", [1, 2, 3], "CBACBACBACBACBACBACBACBA"],
  ["UDP", "rr", [1, 1, 1], "CBACBACBACBACBACBACBACBA"],
  ["UDP", "rr", [1, 0, 1], "CACACACACACACACACACACACA"],
  ["UDP", "wrr", [1, 2, 3], "CBACCBCBACCBCBACCBCBACCB"],
  ["UDP", "wrr", [1, 1, 1], "CBACBACBACBACBACBACBACBA"],
  ["UDP", "wrr", [4, 2, 6], "CBACCACBACCACBACCACBACCA"],
  ["UDP", "wrr", [5, 3, 2], "CBAAABACBACBAAABACBACBAA"],
  ["UDP", "lc", [1, 2, 3], "CBACBACBACBACBACBACBACBA"],
  ["UDP", "wlc", [1, 2, 3], "CBACBCCBACBCCBACBCCBACBC"],
  ["UDP", "sed", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["UDP", "nq", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["UDP", "fo", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["UDP", "ovf", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["UDP", "dh", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["UDP", "sh", [1, 2, 3], "BBBBBBBBBBBBBBBBBBBBBBBB"],
  ["UDP", "mh", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["UDP", "lblc", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["UDP", "lblcr", [1, 2, 3], "CCCCCCCCCCCCCCCCCCCCCCCC"],
  ["TCP", "rr", [1, 2, 3], "CBACBACBACBACBACBA"],
  ["TCP", "lc", [1, 2, 3], "CBACBACBACBA"],
  ["TCP", "wlc", [1, 2, 3], "CBACBCCBACBCCBACBC"],
  ["TCP", "sed", [1, 2, 3], "CBCCBACBCCBACBCCBA"],
  ["TCP", "sed", [1, 1, 1], "CBACBACBACBACBACBA"],
  ["TCP", "nq", [1, 2, 3], "CBACCBCBCCBACBCCBA"],
  ["TCP", "ovf", [1, 2, 3], "CCCCBBBAA---"],
  ["TCP", "ovf", [10, 5, 2], "AAAAAAAAAAABBB"],
];

for (const [protocol, scheduler, weights, sequence] of recorded) {
  test(`${scheduler} over ${protocol} with weights ${weights.join("/")} chooses as the kernel did`, () => {
    assert.equal(Bench.of(protocol, scheduler, weights).open(sequence.length), sequence);
  });
}

// What each client port found, recorded with the weights 1, 2 and 3; a letter stands at weight 0.
const hashed: readonly {
  readonly scheduler: SchedulerName;
  readonly flags: readonly SchedulerFlag[];
  readonly drained?: string;
  readonly firstPort: number;
  readonly sequence: string;
}[] = [
  {
    scheduler: "sh",
    flags: [2],
    firstPort: 20432,
    sequence: "BABACACBCCCCBCBCCBCBCBABACBCBACACBCCCCBCBCBBCBCBABACBCBCCACBCCCC",
  },
  {
    scheduler: "mh",
    flags: [2],
    firstPort: 20496,
    sequence: "BACCCCBCBBBCBCCBCBCCCBACACAABBCCCBCCCCCCCCBACBCCBCBACCAABBABABAC",
  },
  {
    scheduler: "sh",
    flags: [1, 2],
    drained: "C",
    firstPort: 20080,
    sequence: "BBBBABABBBBBBABABBBBBBABABBBBBBABABBBBBBABABBBBB",
  },
  {
    scheduler: "mh",
    flags: [1, 2],
    drained: "C",
    firstPort: 20128,
    sequence: "BBBBABBBBBABAABBBBBBBAABABBBBBBBBBBBBBBABBBAABBA",
  },
  {
    scheduler: "mh",
    flags: [2],
    drained: "C",
    firstPort: 20176,
    sequence: "AB-A-ABB------BABBB-B--A",
  },
];

for (const { scheduler, flags, drained, firstPort, sequence } of hashed) {
  const after = drained === undefined ? "" : ` after ${drained} was drained`;
  test(`${scheduler} with flags ${flags.join(" and ")}${after} finds what the kernel found`, () => {
    const service = addService(keyOf("UDP", virtual), scheduler, { schedulerFlags: flags });
    const bench = new Bench("UDP", service, {}, firstPort);
    for (const [i, name] of names.entries()) bench.add(name, { weight: i + 1 });
    if (drained !== undefined) bench.change(drained, { weight: 0 });
    assert.equal(bench.open(sequence.length), sequence);
  });
}

test("wrr goes on from the head of the list after an edit", () => {
  const bench = Bench.of("UDP", "wrr", [1, 2, 3]);
  assert.equal(bench.open(7), "CBACCBC");
  bench.change("A", { weight: 4 });
  assert.equal(bench.open(20), "CBAACACBACBAACACBACB");
});

test("rr keeps its place when a server goes, and a returned one stands first", () => {
  const bench = Bench.of("UDP", "rr", [1, 1, 1]);
  assert.equal(bench.open(4), "CBAC");
  bench.remove("B");
  assert.equal(bench.open(6), "ACACAC");
  bench.add("B");
  assert.equal(bench.open(8), "ABCABCAB");
});

test("a server takes exactly its upper threshold, and a raised threshold opens it again", () => {
  const bench = new Bench("UDP", addService(keyOf("UDP", virtual), "rr"));
  bench.add("A", { upperThreshold: 4 });
  bench.add("B");
  assert.equal(bench.open(20), "BABABABABBBBBBBBBBBB");
  bench.change("A", { upperThreshold: 6 });
  assert.equal(bench.open(8), "ABABBBBB");
});

test("when every server is at its threshold, clients are refused", () => {
  const bench = new Bench("UDP", addService(keyOf("UDP", virtual), "wlc"));
  bench.add("A", { upperThreshold: 2 });
  assert.equal(bench.open(4), "AA--");
});

test("sh with all clients spreads them as the kernel's hash does", () => {
  // The kernel's table for 1/2/3 has 64, 128 and 64 places when C, at weight 0, keeps one a turn.
  const bench = Bench.of("UDP", "sh", [1, 2, 0]);
  const clients = Array.from({ length: 250 }, (_, i) => `10.1.${i}.2`);
  const choices = clients.map((client) => bench.open(1, client));
  assert.ok(choices.includes("A") && choices.includes("B") && choices.includes("-"));
  assert.ok(!choices.includes("C"), "a drained server gets nothing, and nobody stands in");
});

test("persistent clients of one network share a server, also once it is drained", () => {
  const service = addService(keyOf("UDP", virtual), "rr", {
    persistenceTimeoutS: 60,
    persistencePrefixLength: 24,
  });
  const bench = new Bench("UDP", service, {}, 20248);
  bench.add("A");
  bench.add("B");
  assert.equal(bench.open(4), "BBBB");
  assert.equal(bench.open(4, "10.1.0.3"), "BBBB");
  bench.change("B", { weight: 0 });
  assert.equal(bench.open(4), "BBBB");
  bench.engine.balancer.set({ expireQuiescentTemplates: true });
  assert.equal(bench.open(4), "AAAA");
  const templates = bench.engine.balancer
    .connections()
    .filter((connection) => connection.template)
    .map(
      (t) => `${t.clientAddress}:0 ${t.virtualPort} ${t.destination.address}:${t.destinationPort}`,
    );
  assert.deepEqual(templates, [
    "10.1.0.0:0 65535 10.2.0.12:65535",
    "10.1.0.0:0 5000 10.2.0.11:5000",
  ]);
});
