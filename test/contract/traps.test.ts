// What surprises who rebuilds IPVS, each as one test on the model. Those that are about the output of
// ipvsadm, about ldirectord and about the copying of connections are tested where those are.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import type { Destination, Service } from "../../src/model/balancer-table.ts";
import type { SchedulerName, TransportProtocol } from "../../src/model/virtual-server.ts";
import { ipPacketOf, tcpFrame, udpFrame } from "./frames.ts";
import { modelUnderTest } from "./model-under-test.ts";
import {
  addDestination,
  addService,
  changeDestination,
  keyOf,
  removeDestination,
} from "./tables.ts";

const virtual = "10.1.0.100:80";
const client = "10.1.0.2";

/** One service with servers A, B and C at 10.2.0.11 to .13, added in this order. */
class Director {
  readonly engine: ReturnType<typeof modelUnderTest>;
  readonly key: ReturnType<typeof keyOf>;
  #port = 20_000;

  constructor(
    scheduler: SchedulerName,
    weights: readonly number[],
    more: {
      readonly protocol?: TransportProtocol;
      readonly service?: Partial<Service>;
      readonly destination?: Partial<Destination>;
      readonly settings?: Partial<BalancerSettings>;
    } = {},
  ) {
    this.engine = modelUnderTest(more.settings);
    this.key = keyOf(more.protocol ?? "TCP", virtual);
    this.engine.apply(addService(this.key, scheduler, more.service));
    for (const [i, weight] of weights.entries())
      this.engine.apply(addDestination(this.key, at(i), { weight, ...more.destination }));
  }

  /** Servers that get new connections, a letter each; `-` for a refusal. Each client port is new. */
  open(count: number, from = client): string {
    return Array.from({ length: count }, () => this.say(`${from}:${this.#port++}`, "S")).join("");
  }

  /** The letter of the server that gets a client's packet; `-` refused, `.` dropped, `p` passed. */
  say(from: string, flags: string): string {
    const frame =
      this.key.kind === "address" && this.key.protocol === "UDP"
        ? udpFrame(from, virtual)
        : tcpFrame(from, virtual, flags);
    const outcome = this.engine.handle(frame);
    if (outcome instanceof Promise) throw new Error("the model is at once");
    if (outcome.kind === "forward") return "ABC"[Number(outcome.nextHop.slice(-1)) - 1] ?? "?";
    return { reply: "-", drop: ".", pass: "p" }[outcome.kind];
  }

  get loads(): readonly (readonly [number, number])[] {
    const [service] = this.engine.balancer.statistics();
    return (service?.destinations ?? []).map((d) => [d.activeConnections, d.inactiveConnections]);
  }

  get states(): readonly string[] {
    return this.engine.balancer.connections().map((connection) => connection.state);
  }
}

function at(index: number): string {
  return `10.2.0.1${index + 1}:80`;
}

test("the destination that was added last stands first, and decides ties", () => {
  for (const scheduler of ["rr", "wrr", "lc", "wlc", "sed", "nq"] as const)
    assert.equal(new Director(scheduler, [1, 1, 1]).open(3), "CBA", scheduler);
});

test("the order of addition decides the tables of hashing schedulers", () => {
  const clients = Array.from({ length: 2000 }, (_, i) => `10.8.${i >> 8}.${i & 255}`);
  const letters = (order: readonly number[], scheduler: SchedulerName): string => {
    const director = new Director(scheduler, []);
    for (const i of order) director.engine.apply(addDestination(director.key, at(i)));
    return clients.map((one) => director.open(1, one)).join("");
  };
  for (const scheduler of ["sh", "mh"] as const)
    assert.notEqual(letters([0, 1, 2], scheduler), letters([2, 1, 0], scheduler), scheduler);
});

test("a destination that is deleted and added again has its connections and counters, and stands first", () => {
  const director = new Director("rr", [1, 1, 1]);
  assert.equal(director.open(4), "CBAC");
  const before = director.engine.balancer.statistics()[0]?.destinations.at(-1);
  director.engine.apply(removeDestination(director.key, at(2)));
  assert.equal(director.loads.length, 2);
  director.engine.apply(addDestination(director.key, at(2)));
  assert.deepEqual(director.engine.balancer.statistics()[0]?.destinations.at(-1), before);
  assert.deepEqual(director.loads.at(-1), [2, 0]);
});

test("a service that is deleted and made again finds its destinations' connections, not their counters", () => {
  const director = new Director("wlc", [1]);
  director.open(3);
  director.engine.apply({ kind: "remove-service", key: director.key });
  director.engine.apply(addService(director.key, "wlc"));
  director.engine.apply(addDestination(director.key, at(0)));
  assert.deepEqual(director.loads, [[3, 0]]);
  const [service] = director.engine.balancer.statistics();
  assert.equal(service?.destinations[0]?.counters.connections, 0);
});

test("a deleted destination without connections is forgotten after two minutes", () => {
  const director = new Director("rr", [1]);
  director.open(1);
  director.engine.apply(removeDestination(director.key, at(0)));
  director.engine.wait(61_000);
  director.engine.wait(121_000);
  director.engine.apply(addDestination(director.key, at(0)));
  const [service] = director.engine.balancer.statistics();
  assert.equal(service?.destinations[0]?.counters.connections, 0);
});

test("a half-open connection counts as active, for a minute", () => {
  const director = new Director("rr", [1]);
  director.say(`${client}:1`, "S");
  assert.deepEqual(director.loads, [[1, 0]]);
  director.engine.wait(59_000);
  assert.deepEqual(director.loads, [[1, 0]]);
  director.engine.wait(2_000);
  assert.deepEqual(director.loads, [[0, 0]]);
});

test("ovf gives each server one connection more than its weight", () => {
  assert.equal(new Director("ovf", [1, 2, 3]).open(12), "CCCCBBBAA---");
});

test("dh has no fallback, and weights are nothing to it but 0 or not", () => {
  const heavy = new Director("dh", [1, 1, 100]);
  const choice = heavy.open(1);
  assert.equal(new Director("dh", [1, 1, 1]).open(1), choice);
  heavy.engine.apply(changeDestination(heavy.key, at("ABC".indexOf(choice)), { weight: 0 }));
  assert.equal(heavy.open(3), "---");
});

test("mh keeps its table when a server is drained: its clients are refused, no other moves", () => {
  const director = new Director("mh", [1, 1, 1]);
  const clients = Array.from({ length: 40 }, (_, i) => `10.1.0.${i + 2}`);
  const play = (): string => clients.map((one) => director.open(1, one)).join("");
  const before = play();
  director.engine.apply(changeDestination(director.key, at(1), { weight: 0 }));
  assert.ok(before.includes("B"));
  assert.equal(play(), before.replaceAll("B", "-"));
});

test("a server at its threshold stays closed until a quarter of it has ended, or the threshold is raised", () => {
  const director = new Director("rr", [1], { destination: { upperThreshold: 4 } });
  assert.equal(director.open(5), "AAAA-");
  director.say(`${client}:20000`, "R");
  director.engine.wait(11_000);
  assert.equal(director.open(1), "-", "three of four is not below three quarters");
  director.engine.apply(changeDestination(director.key, at(0), { upperThreshold: 3 }));
  assert.equal(director.open(1), "-");
  director.engine.apply(changeDestination(director.key, at(0), { upperThreshold: 8 }));
  assert.equal(director.open(1), "A");
});

test("a lowered threshold closes a server at once, and a lifted lower one opens it", () => {
  const director = new Director("rr", [1]);
  director.open(5);
  director.engine.apply(changeDestination(director.key, at(0), { upperThreshold: 2 }));
  assert.equal(director.open(2), "--");
  director.engine.apply(
    changeDestination(director.key, at(0), { upperThreshold: 9, lowerThreshold: 5 }),
  );
  assert.equal(director.open(1), "-", "5 are not fewer than the lower threshold");
  director.engine.apply(
    changeDestination(director.key, at(0), { upperThreshold: 9, lowerThreshold: 6 }),
  );
  assert.equal(director.open(5), "AAAA-");
});

test("a client's template outlives weight 0, unless that is to end it", () => {
  const service = { persistenceTimeoutS: 60 };
  for (const [expireQuiescentTemplates, then] of [
    [false, "B"],
    [true, "A"],
  ] as const) {
    const director = new Director("rr", [1, 1], {
      service,
      settings: { expireQuiescentTemplates },
    });
    assert.equal(director.open(1), "B");
    director.engine.apply(changeDestination(director.key, at(1), { weight: 0 }));
    assert.equal(director.open(1), then);
  }
});

test("a template whose time is over lives on by minutes while a connection holds it", () => {
  const director = new Director("rr", [1, 1], { service: { persistenceTimeoutS: 10 } });
  director.say(`${client}:1`, "S");
  director.say(`${client}:1`, "A");
  director.engine.wait(11_000);
  const [template] = director.engine.balancer.connections().filter((one) => one.template);
  assert.equal(template?.timeoutMs, 60_000);
  director.engine.wait(120_000);
  assert.equal(director.open(1), "B");
});

test("a template does not stop at a threshold: its client goes on to a full server", () => {
  const director = new Director("rr", [1, 1], {
    service: { persistenceTimeoutS: 60 },
    destination: { upperThreshold: 1 },
  });
  assert.equal(director.open(3), "BBB");
  assert.equal(director.open(1, "10.1.0.3"), "A");
});

test("without a destination the client hears port unreachable from the virtual address", () => {
  const director = new Director("rr", []);
  const outcome = director.engine.handle(tcpFrame(`${client}:1`, virtual, "S"));
  assert.ok(!(outcome instanceof Promise) && outcome.kind === "reply");
  const { source, protocol, payload } = ipPacketOf(outcome.frame);
  assert.deepEqual([source, protocol, payload[0], payload[1]], ["10.1.0.100", 1, 3, 3]);
});

test("packets to a deleted destination end in silence, unless expire_nodest_conn gives them another", () => {
  const open = (settings: Partial<BalancerSettings>): string => {
    const director = new Director("rr", [1, 1], { protocol: "UDP", settings });
    const first = director.say(`${client}:1`, "");
    director.engine.apply(removeDestination(director.key, at(1)));
    return first + director.say(`${client}:1`, "");
  };
  assert.equal(open({}), "B.");
  assert.equal(open({ expireNodestConnections: true }), "BA");
});

test("with expire_nodest_conn connections of a deleted destination end at once, templates too", () => {
  const director = new Director("rr", [1], {
    service: { persistenceTimeoutS: 60 },
    settings: { expireNodestConnections: true },
  });
  director.open(3);
  assert.equal(director.states.length, 4);
  director.engine.apply(removeDestination(director.key, at(0)));
  director.say("10.1.0.9:9", "A");
  assert.deepEqual(director.states, []);
});

test("counters of a deleted destination stand still", () => {
  const director = new Director("rr", [1]);
  director.say(`${client}:1`, "S");
  director.engine.apply(removeDestination(director.key, at(0)));
  director.engine.handle(tcpFrame("10.2.0.11:80", `${client}:1`, "SA"));
  assert.equal(director.engine.balancer.statistics()[0]?.counters.outPackets, 0);
});

test("with the last service of its family a connection is out of reach, and back with the next", () => {
  const director = new Director("rr", [1]);
  director.say(`${client}:1`, "S");
  director.engine.apply({ kind: "remove-service", key: director.key });
  assert.equal(director.say(`${client}:1`, "A"), "p");
  director.engine.apply(addService(keyOf("TCP", "[fd00:1::100]:80"), "rr"));
  assert.equal(director.say(`${client}:1`, "A"), "p", "IPv6 does not bring IPv4 back");
  director.engine.apply(addService(keyOf("TCP", "10.1.0.101:80"), "rr"));
  assert.equal(director.say(`${client}:1`, "A"), ".", "its destination is deleted");
  director.engine.apply(addService(director.key, "rr"));
  director.engine.apply(addDestination(director.key, at(0)));
  assert.equal(director.say(`${client}:1`, "A"), "A");
});

test("a packet that may not begin a connection belongs to the machine itself", () => {
  const director = new Director("rr", [1]);
  assert.equal(director.say(`${client}:1`, "A"), "p");
  assert.equal(director.say(`${client}:1`, "SR"), "p");
  assert.equal(director.say(`${client}:20`, "S"), "p", "data of active FTP");
  assert.equal(director.say(`${client}:1`, "SA"), "A", "with SYN and ACK it may");
});

test("listed counters are those of this moment, not of the last tick of an estimator", () => {
  const director = new Director("rr", [1]);
  director.open(2);
  assert.equal(director.engine.balancer.statistics()[0]?.counters.connections, 2);
});
