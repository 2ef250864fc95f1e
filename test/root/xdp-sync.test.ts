// Two directors in network namespaces tell each other of connections: what the one has established the
// other continues. Frames are played through BPF_PROG_TEST_RUN, datagrams go over a veth pair.

import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import type { Service } from "../../src/model/balancer-table.ts";
import type { ConnectionEntry } from "../../src/model/connection-entry.ts";
import type { LinkFact } from "../../src/world/kernel.ts";
import { FrameStage, type Packet, tcpFlags, virtualAddress } from "./xdp-frames-stage.ts";
import { apply, destination, run, service, syscalls, until } from "./xdp-lab.ts";

const { syn, ack, fin, rst } = tcpFlags;
const cloneNewNet = 0x40000000;
const skip = process.getuid?.() === 0 ? false : "needs root";

const syncLink: LinkFact = {
  index: 2,
  name: "sync0",
  up: true,
  carrier: true,
  mtu: 1500,
  mac: new Uint8Array(6),
  type: 1,
};

describe("connection synchronisation between two directors", { skip }, () => {
  const prefix = `kt${process.pid}sync`;
  const own = openSync("/proc/thread-self/ns/net", "r");
  const stages = {
    a: new FrameStage("synca", 1024, [syncLink]),
    b: new FrameStage("syncb", 1024, [syncLink]),
  };
  type Name = keyof typeof stages;
  const servers = [11, 12, 13].map((host) => destination(`10.2.0.${host}`, { forwarding: "DR" }));
  const web = (changes: Partial<Service> = {}): Service =>
    service(80, servers, { address: virtualAddress, ...changes });
  const group = "224.0.0.81" as IpAddress;

  /** Sockets belong to the network in which they are made. */
  const inside = async <T>(name: Name, work: () => Promise<T>): Promise<T> => {
    const fd = openSync(`/run/netns/${prefix}${name}`, "r");
    syscalls.setns(fd, cloneNewNet);
    closeSync(fd);
    try {
      return await work();
    } finally {
      syscalls.setns(own, cloneNewNet);
    }
  };
  const start = async (name: Name, role: "master" | "backup", syncId = 7): Promise<void> => {
    const started = await inside(name, () =>
      stages[name].engine.startSyncDaemon({ role, interface: "sync0", syncId }),
    );
    assert.ok(started.ok, started.ok ? "" : started.fault.text);
    // A master first tells of what is established already: here it is not to meet what comes later.
    if (role === "master")
      await until("the first walk", () => stages[name].engine.syncCounters().walks > 0);
  };
  const addService = async (added: Service): Promise<void> => {
    for (const { engine } of Object.values(stages))
      await apply(engine, { kind: "add-service", service: added });
  };
  const configure = async (settings: Partial<BalancerSettings>): Promise<void> => {
    for (const { engine } of Object.values(stages))
      assert.ok((await engine.configure(settings)).ok);
  };
  const play = (name: Name, sourcePort: number, flags: number, more: Partial<Packet> = {}) =>
    stages[name].play({ source: "10.1.0.2", sourcePort, flags, ...more });
  /** A handshake and one more segment, the third packet of the client. */
  const establish = (name: Name, sourcePort: number): number => {
    play(name, sourcePort, syn);
    play(name, sourcePort, ack);
    return play(name, sourcePort, ack).to;
  };
  const listed = async (name: Name): Promise<readonly ConnectionEntry[]> => {
    const connections = await stages[name].engine.connections();
    assert.ok(connections.ok);
    return [...connections.value];
  };
  const states = async (name: Name): Promise<readonly string[]> =>
    (await listed(name))
      .map(({ state, template }) => (template ? `template ${state}` : state))
      .sort();
  const counts = async (name: Name): Promise<readonly (readonly number[])[]> => {
    const read = await stages[name].engine.statistics();
    assert.ok(read.ok);
    return read.value.flatMap(({ destinations }) =>
      destinations.map((one) => [one.activeConnections, one.inactiveConnections]),
    );
  };
  /** A later connection of the master has arrived, so whatever was told before it has too. */
  const settled = async (sourcePort: number): Promise<void> => {
    establish("a", sourcePort);
    await until("the mark", async () =>
      (await listed("b")).some(({ client }) => client.port === sourcePort),
    );
  };

  before(() => {
    for (const name of ["a", "b"]) run("ip", "netns", "add", prefix + name);
    run(
      "ip",
      "-n",
      `${prefix}a`,
      "link",
      "add",
      "sync0",
      "type",
      "veth",
      "peer",
      "name",
      "sync0",
      "netns",
      `${prefix}b`,
    );
    for (const [at, name] of ["a", "b"].entries()) {
      run("ip", "-n", prefix + name, "address", "add", `10.3.0.${at + 1}/24`, "dev", "sync0");
      for (const link of ["lo", "sync0"]) run("ip", "-n", prefix + name, "link", "set", link, "up");
    }
  });
  beforeEach(async () => {
    for (const name of ["a", "b"] as const) await inside(name, () => stages[name].open());
  });
  afterEach(async () => {
    for (const { engine } of Object.values(stages))
      for (const role of ["master", "backup"] as const) await engine.stopSyncDaemon(role);
  });
  after(async () => {
    for (const stage of Object.values(stages)) await stage.close();
    for (const name of ["a", "b"]) run("ip", "netns", "delete", prefix + name);
    closeSync(own);
  });

  test("an established connection goes on at the other director, by the same real server", async () => {
    await addService(web());
    await start("a", "master");
    await start("b", "backup");
    const chosen = new Map(
      [1000, 1001, 1002, 1003, 1004].map((port) => [port, establish("a", port)]),
    );
    assert.equal(new Set(chosen.values()).size, 3);
    await until("five connections", async () => (await listed("b")).length === 5);
    for (const { synced, state } of await listed("b")) {
      assert.equal(synced, true);
      assert.equal(state, "ESTABLISHED");
    }
    for (const [port, to] of chosen) assert.equal(play("b", port, ack).to, to, `port ${port}`);
    assert.deepEqual(await counts("b"), await counts("a"));
  });

  test("half-open connections are not told of, closing ones are, and counted as inactive", async () => {
    await addService(web({ destinations: servers.slice(0, 1) }));
    await start("a", "master");
    await start("b", "backup");
    play("a", 2000, syn);
    establish("a", 2001);
    play("a", 2001, fin | ack);
    establish("a", 2002);
    play("a", 2002, rst);
    await settled(2003);
    assert.deepEqual(await states("b"), ["CLOSE", "ESTABLISHED", "FIN_WAIT"]);
    assert.deepEqual(await counts("b"), [[1, 2]]);
  });

  test("a client's template is told of with its first connection", async () => {
    await addService(web({ persistenceTimeoutS: 300, persistencePrefixLength: 24 }));
    await start("a", "master");
    await start("b", "backup");
    play("a", 3000, syn);
    await until("the template", async () => (await states("b")).join() === "template NONE");
    const to = establish("a", 3001);
    await until("it is assured", async () => (await states("b")).includes("template ASSURED"));
    assert.equal(play("b", 3999, syn, { source: "10.1.0.77" }).to, to);
  });

  test("when connections are told of: threshold, period, and not those of a template", async () => {
    await addService(web());
    await configure({ syncThreshold: 5, syncPeriod: 6 });
    await start("a", "master");
    await start("b", "backup");
    play("a", 4000, syn);
    for (let packet = 2; packet <= 4; packet++) play("a", 4000, ack);
    const told = (): number => stages.b.engine.syncCounters().receivedConnections;
    // The threshold of a later one, and its own.
    play("a", 4001, syn);
    for (let packet = 2; packet <= 5; packet++) play("a", 4001, ack);
    await until("one connection", () => told() >= 1);
    assert.deepEqual(
      (await listed("b")).map(({ client }) => client.port),
      [4001],
    );
    play("a", 4000, ack);
    await until("both", async () => (await listed("b")).length === 2);
    const before = told();
    for (let packet = 6; packet <= 11; packet++) play("a", 4000, ack);
    await until("again after a period", () => told() === before + 1);
  });

  test("with a refresh period a connection is told of once, until that is old", async () => {
    await addService(web());
    await configure({ syncThreshold: 0, syncPeriod: 0, syncRefreshPeriodS: 100 });
    await start("a", "master");
    await start("b", "backup");
    establish("a", 5000);
    for (let packet = 0; packet < 200; packet++) play("a", 5000, ack);
    await settled(5001);
    assert.equal(stages.b.engine.syncCounters().receivedConnections, 2);
  });

  test("with syncPersistMode only the templates of persistent services are told of", async () => {
    await addService(web({ persistenceTimeoutS: 300 }));
    await configure({ syncPersistMode: true });
    await start("a", "master");
    await start("b", "backup");
    establish("a", 6000);
    await until("the template", async () => (await states("b")).join() === "template ASSURED");
  });

  test("what was established before is told of when a master starts", async () => {
    await addService(web());
    const to = establish("a", 7000);
    await start("b", "backup");
    await start("a", "master");
    await until("the old connection", async () => (await listed("b")).length === 1);
    assert.equal(play("b", 7000, ack).to, to);
  });

  test("a connection without a destination waits until there is one", async () => {
    await apply(stages.a.engine, { kind: "add-service", service: web() });
    await start("a", "master");
    await start("b", "backup");
    const to = establish("a", 8000);
    await until("it waits", () => stages.b.engine.syncCounters().waiting === 1);
    assert.equal((await listed("b")).length, 0);
    await apply(stages.b.engine, { kind: "add-service", service: web() });
    assert.equal((await listed("b")).length, 1);
    assert.equal(play("b", 8000, ack).to, to);
  });

  test("another syncid is not heard, 0 hears all", async () => {
    await addService(web());
    await start("a", "master", 7);
    await start("b", "backup", 8);
    establish("a", 9000);
    await until("a datagram", () => stages.b.engine.syncCounters().otherSyncId > 0);
    assert.equal((await listed("b")).length, 0);
    await stages.b.engine.stopSyncDaemon("backup");
    await start("b", "backup", 0);
    await settled(9001);
  });

  test("each role runs once, on an interface that exists, and says how", async () => {
    const { engine } = stages.a;
    await start("a", "master", 3);
    const again = await engine.startSyncDaemon({ role: "master", interface: "sync0", syncId: 3 });
    assert.equal(again.ok ? "" : again.fault.kind, "exists");
    const nowhere = await engine.startSyncDaemon({ role: "backup", interface: "nix0", syncId: 3 });
    assert.equal(nowhere.ok ? "" : nowhere.fault.kind, "not-found");
    assert.deepEqual(await engine.syncDaemons(), {
      ok: true,
      value: [
        {
          role: "master",
          interface: "sync0",
          syncId: 3,
          group,
          port: 8848,
          ttl: 1,
          maxLength: 1472,
        },
      ],
    });
    assert.ok((await engine.stopSyncDaemon("master")).ok);
    const stopped = await engine.stopSyncDaemon("master");
    assert.equal(stopped.ok ? "" : stopped.fault.kind, "not-found");
  });

  test("backupOnly: while it hears of connections a director balances nothing itself", async () => {
    await addService(web());
    await configure({ backupOnly: true });
    assert.equal(play("b", 9500, syn).verdict, "send");
    await start("b", "backup");
    assert.equal(play("b", 9501, syn).verdict, "pass");
    assert.equal(play("b", 9500, ack).verdict, "pass");
    await stages.b.engine.stopSyncDaemon("backup");
    assert.equal(play("b", 9500, ack).verdict, "send");
  });
});
