// Instances that belong together on simulated routers with two links: sync groups, both families of one
// instance, hand-over of all of them, and what a start may take for granted.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import type { SyncGroup } from "../../src/model/sync-group.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import type { VrrpWish } from "../../src/model/vrrp-wish.ts";
import { expandDualStack } from "../../src/plan/dual-stack.ts";
import { Segment } from "../../src/simulated/segment.ts";
import { SimulatedHost } from "../../src/simulated/simulated-host.ts";
import { VirtualTime } from "../../src/simulated/virtual-time.ts";
import { VrrpEngine } from "../../src/vrrp/engine/engine.ts";
import type { EngineOutput } from "../../src/vrrp/engine/output.ts";
import { hmac } from "../../src/wire/digest/hmac.ts";
import { sha256 } from "../../src/wire/digest/sha256.ts";
import {
  encodePeerMessage,
  encodePeerPacket,
  PEER_PORT_DEFAULT,
} from "../../src/wire/peer-message.ts";
import { instance } from "./cluster.ts";

const ip = (text: string): IpAddress => text as IpAddress;

const GROUP: SyncGroup = {
  name: "G",
  members: ["VI_OUT", "VI_IN"],
  tracking: { interfaces: [], scripts: [], files: [], processes: [], bfdSessions: [] },
  weights: false,
  notify: {},
};

const outside = (priority: number): VrrpInstance =>
  instance({ name: "VI_OUT", interface: "eth0", priority, options: { syncGroup: "G" } });
const inside = (priority: number): VrrpInstance =>
  instance({
    name: "VI_IN",
    interface: "eth1",
    vrid: 52,
    priority,
    virtualAddresses: [{ address: ip("10.1.0.100"), prefixLength: 32 }],
    options: { syncGroup: "G" },
  });

function wishOf(
  instances: readonly VrrpInstance[],
  rest: Partial<VrrpWish> = { syncGroups: [GROUP] },
): VrrpWish {
  return { instances, syncGroups: [], trackGroups: [], bfdSessions: [], process: {}, ...rest };
}

/** Two routers, each with an interface outside (eth0) and one inside (eth1). */
class Site {
  readonly time = new VirtualTime();
  readonly out = new Segment(this.time, 1);
  readonly in = new Segment(this.time, 2);
  readonly hosts: readonly SimulatedHost[];
  readonly outputs: EngineOutput[][] = [[], []];
  readonly engines: (VrrpEngine | undefined)[] = [undefined, undefined];

  /** `addresses` of both routers, outside and inside; .1 and .2 unless said. */
  constructor(
    addresses = [1, 2].map((number) => [ip(`10.0.0.${number}`), ip(`10.1.0.${number}`)]),
  ) {
    this.hosts = addresses.map(
      ([outsideAddress = ip("10.0.0.9"), insideAddress = ip("10.1.0.9")], i) =>
        new SimulatedHost(this.time, {
          name: `r${i + 1}`,
          number: i + 1,
          interfaces: [
            {
              name: "eth0",
              segment: this.out,
              addresses: [
                { address: outsideAddress, prefixLength: 24 },
                { address: ip(`fe80::${i + 1}`), prefixLength: 64 },
              ],
            },
            {
              name: "eth1",
              segment: this.in,
              addresses: [{ address: insideAddress, prefixLength: 24 }],
            },
          ],
          alarmFirst: false,
        }),
    );
  }

  host(i: number): SimulatedHost {
    return this.hosts[i] ?? assert.fail(`host ${i}`);
  }

  start(i: number, wish: VrrpWish): VrrpEngine {
    this.host(i).crash();
    const engine = new VrrpEngine(this.host(i).world((output) => this.outputs[i]?.push(output)));
    this.engines[i] = engine;
    engine.configure(wish);
    return engine;
  }

  run(durationMs: number): this {
    this.time.run(this.time.nowMs + durationMs, () => undefined);
    return this;
  }

  /** `VI_OUT MASTER, VI_IN BACKUP`. */
  states(i: number): string {
    const report = this.engines[i]?.report() ?? [];
    return report.map(({ name, state }) => `${name} ${state}`).join(", ");
  }

  causes(i: number): readonly string[] {
    const told = this.outputs[i] ?? [];
    return told.flatMap((output) =>
      output.kind === "transition" ? [`${output.instance} ${output.to} ${output.cause.kind}`] : [],
    );
  }
}

const BOTH_MASTER = "VI_OUT MASTER, VI_IN MASTER";
const BOTH_BACKUP = "VI_OUT BACKUP, VI_IN BACKUP";

function pair(): Site {
  const site = new Site();
  site.start(0, wishOf([outside(150), inside(150)]));
  site.start(1, wishOf([outside(100), inside(100)]));
  site.run(10_000);
  assert.deepEqual([site.states(0), site.states(1)], [BOTH_MASTER, BOTH_BACKUP]);
  return site;
}

test("a link of one member goes: the whole group moves, and moves back", () => {
  const site = pair();
  site.host(0).setCarrier(false, "eth1");
  site.run(10_000);
  assert.deepEqual([site.states(0), site.states(1)], ["VI_OUT FAULT, VI_IN FAULT", BOTH_MASTER]);
  const report = site.engines[0]?.report()[0];
  assert.equal(report?.cause.text, "VI_IN of sync group G: eth1 has no carrier");
  assert.ok(!site.host(0).hasAddress(ip("10.0.0.100")));
  site.host(0).setCarrier(true, "eth1");
  site.run(10_000);
  assert.deepEqual([site.states(0), site.states(1)], [BOTH_MASTER, BOTH_BACKUP]);
});

test("one member that hears nothing does not tear the group apart", () => {
  const site = pair();
  site.in.cut("r1", "r2");
  site.run(60_000);
  assert.deepEqual([site.states(0), site.states(1)], [BOTH_MASTER, BOTH_BACKUP]);
  site.out.cut("r1", "r2");
  site.run(10_000);
  assert.equal(site.states(1), BOTH_MASTER);
});

test("groups whose members disagree in priority settle all the same", () => {
  const site = new Site();
  site.start(0, wishOf([outside(150), inside(50)]));
  site.start(1, wishOf([outside(100), inside(100)]));
  site.run(20_000);
  const settled = [site.states(0), site.states(1)];
  assert.deepEqual(settled.toSorted(), [BOTH_BACKUP, BOTH_MASTER].toSorted());
  const told = site.causes(0).length + site.causes(1).length;
  site.run(120_000);
  assert.deepEqual([site.states(0), site.states(1)], settled);
  assert.equal(site.causes(0).length + site.causes(1).length, told);
});

test("a group tells its state once, when its members agree", () => {
  const site = pair();
  const told = (site.outputs[0] ?? []).flatMap((output) =>
    output.kind === "group-transition" ? [`${output.from}>${output.to}`] : [],
  );
  assert.deepEqual(told, ["INIT>BACKUP", "BACKUP>MASTER"]);
  assert.deepEqual(
    site.engines[0]?.reportGroups().map(({ name, state, members }) => [name, state, members]),
    [["G", "MASTER", ["VI_OUT", "VI_IN"]]],
  );
});

test("a failover of a member hands the whole group over, and so does a stop", () => {
  const site = pair();
  assert.equal(site.engines[0]?.failover("VI_IN").ok, true);
  site.run(3000);
  assert.deepEqual([site.states(0), site.states(1)], [BOTH_BACKUP, BOTH_MASTER]);
  site.run(60_000);
  assert.equal(site.states(1), BOTH_MASTER, "the higher router leaves the lower one alone");
  site.engines[1]?.stop();
  site.run(3000);
  assert.equal(site.states(0), BOTH_MASTER);
});

test("a failover of what is not MASTER, or not there, is refused with the reason", () => {
  const site = pair();
  assert.deepEqual(site.engines[1]?.failover("G"), {
    ok: false,
    text: "G is BACKUP here, not MASTER; ask the MASTER, 10.0.0.1",
  });
  assert.deepEqual(site.engines[1]?.failover("X"), {
    ok: false,
    text: "there is no instance or group X",
  });
});

const dual = (priority: number): VrrpWish => {
  const both = instance({
    priority,
    options: { secondFamily: [{ address: ip("fd00::100"), prefixLength: 64 }] },
  });
  const { instances, syncGroups } = expandDualStack([both], []);
  return wishOf(instances, { syncGroups });
};

test("one instance of both families has both addresses, and is one instance in reports and records", () => {
  const site = new Site();
  site.start(0, dual(150));
  site.start(1, dual(100));
  site.run(10_000);
  assert.deepEqual([site.states(0), site.states(1)], ["VI_1 MASTER", "VI_1 BACKUP"]);
  assert.deepEqual(site.engines[0]?.report()[0]?.heldAddresses, ["10.0.0.100/32", "fd00::100/64"]);
  assert.ok(!site.host(1).hasAddress(ip("fd00::100")));
  assert.deepEqual(site.causes(0), ["VI_1 BACKUP started", "VI_1 MASTER no-master"]);
  assert.deepEqual(site.engines[0]?.reportGroups(), []);
  site.engines[0]?.stop();
  site.run(3000);
  assert.equal(site.states(1), "VI_1 MASTER");
  assert.ok(site.host(1).hasAddress(ip("fd00::100")) && site.host(1).hasAddress(ip("10.0.0.100")));
});

test("a failover of one instance of both families names it once, and the successor says who told it", () => {
  const site = new Site();
  site.start(0, dual(150));
  site.start(1, dual(100));
  site.run(10_000);
  assert.equal(site.engines[0]?.failover("VI_1").text, "VI_1: giving up the addresses");
  site.run(3000);
  assert.deepEqual([site.states(0), site.states(1)], ["VI_1 BACKUP", "VI_1 MASTER"]);
  assert.equal(site.engines[1]?.report()[0]?.cause.kind, "handed-over");
});

test("a process that dies and comes back within the patience of the others goes on as MASTER", () => {
  const site = pair();
  site.host(0).crash();
  site.run(400);
  site.start(0, wishOf([outside(150), inside(150)]));
  site.run(10_000);
  assert.deepEqual([site.states(0), site.states(1)], [BOTH_MASTER, BOTH_BACKUP]);
  assert.ok(site.causes(0).includes("VI_OUT MASTER resumed"));
  assert.deepEqual(site.causes(1), ["VI_OUT BACKUP started", "VI_IN BACKUP started"]);
});

test("one that was away for longer listens first, and finds its successor", () => {
  const site = pair();
  site.host(0).crash();
  site.run(6000);
  assert.equal(site.states(1), BOTH_MASTER);
  site.start(0, wishOf([outside(80), inside(80)]));
  site.run(10_000);
  assert.deepEqual([site.states(0), site.states(1)], [BOTH_BACKUP, BOTH_MASTER]);
  assert.ok(!site.causes(0).some((cause) => cause.endsWith("resumed")));
});

test("nothing happens before the delay after the start is over", () => {
  const site = new Site();
  const process = { startupDelayMs: 20_000 };
  site.start(0, wishOf([outside(150), inside(150)], { syncGroups: [GROUP], process }));
  site.run(19_900);
  assert.equal(site.states(0), "VI_OUT INIT, VI_IN INIT");
  site.run(10_000);
  assert.equal(site.states(0), BOTH_MASTER);
});

test("a stranger's offer is not answered, and a grant that nobody asked for does nothing", () => {
  const site = pair();
  const sign = hmac(sha256, new Uint8Array(0));
  const said = (kind: "offer" | "grant", source: string): Uint8Array => {
    const message = encodePeerMessage(
      {
        kind,
        vrid: 51,
        family: 4,
        priority: 254,
        state: "MASTER",
        nonce: new Uint8Array(8),
        echo: new Uint8Array(8),
      },
      sign,
    );
    const ends = { source: ip(source), destination: ip("224.0.0.18"), port: PEER_PORT_DEFAULT };
    return encodePeerPacket(message, ends);
  };
  const answers: number[] = [];
  site.host(1).onSend = (_ifindex, packet) => {
    if (packet[9] === 17) answers.push(packet[33] ?? 0);
  };
  const told = site.causes(1).length;
  for (const kind of ["offer", "grant"] as const) site.host(1).deliver(said(kind, "10.0.0.66"));
  site.run(100);
  assert.deepEqual(answers, [], "nobody but the MASTER is answered");
  // Whoever speaks for the MASTER's address gets an answer there, and cannot know its nonce.
  for (const kind of ["offer", "grant"] as const) site.host(1).deliver(said(kind, "10.0.0.1"));
  site.run(1000);
  assert.equal(answers.length, 1);
  assert.deepEqual([site.states(1), site.causes(1).length], [BOTH_BACKUP, told]);
});

test("groups of equal priorities, each better on one segment, settle and stay", () => {
  for (const [first, second] of [
    ["10.0.0.2", "10.1.0.1"],
    ["10.0.0.77", "10.1.0.3"],
    ["10.0.0.200", "10.1.0.9"],
  ] as const) {
    const site = new Site([
      [ip(first), ip(second)],
      [ip("10.0.0.1"), ip("10.1.0.250")],
    ]);
    site.start(0, wishOf([outside(100), inside(100)]));
    site.start(1, wishOf([outside(100), inside(100)]));
    // Both are MASTER of everything behind a cut, and then hear each other.
    for (const segment of [site.out, site.in]) {
      segment.cut("r1", "r2");
      segment.cut("r2", "r1");
    }
    site.run(10_000);
    assert.deepEqual([site.states(0), site.states(1)], [BOTH_MASTER, BOTH_MASTER]);
    for (const segment of [site.out, site.in]) segment.heal();
    site.run(60_000);
    const settled = [site.states(0), site.states(1)];
    assert.deepEqual(settled.toSorted(), [BOTH_BACKUP, BOTH_MASTER].toSorted(), first);
    const told = site.causes(0).length + site.causes(1).length;
    site.run(120_000);
    assert.deepEqual([site.states(0), site.states(1)], settled);
    assert.equal(site.causes(0).length + site.causes(1).length, told);
  }
});
