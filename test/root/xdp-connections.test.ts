// What the data plane tells of its connections and counters: as ipvsadm -Lc, --stats and -Z.

import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import type { ServiceStatistics } from "../../src/model/balancer-table.ts";
import type { ConnectionEntry } from "../../src/model/connection-entry.ts";
import { FrameStage, tcpFlags, virtualAddress } from "./xdp-frames-stage.ts";
import { apply, destination, service } from "./xdp-lab.ts";

const { ack, fin } = tcpFlags;
const skip = process.getuid?.() === 0 ? false : "needs root";

describe("connections and counters of the xdp engine", { skip }, () => {
  const stage = new FrameStage("listing", 16_384);
  const a = destination("10.2.0.11", { forwarding: "DR" });
  const web = service(80, [a], { address: virtualAddress });
  const sticky = service(81, [{ ...a, port: 81 }], {
    address: virtualAddress,
    persistenceTimeoutS: 300,
    persistencePrefixLength: 24,
  });
  const names = service(53, [{ ...a, port: 53 }], { address: virtualAddress, protocol: "UDP" });

  const listed = async (): Promise<readonly ConnectionEntry[]> => {
    const connections = await stage.engine.connections();
    assert.ok(connections.ok);
    return [...connections.value];
  };
  const line = (entry: ConnectionEntry): string =>
    [
      entry.protocol,
      entry.state,
      ...[entry.client, entry.virtual, entry.destination].map(
        ({ address, port }) => `${address}:${port}`,
      ),
      entry.template ? "template" : "connection",
    ].join(" ");
  const counted = async (): Promise<readonly ServiceStatistics[]> => {
    const read = await stage.engine.statistics();
    assert.ok(read.ok);
    return read.value;
  };

  beforeEach(async () => {
    await stage.open();
    for (const added of [web, sticky, names])
      await apply(stage.engine, { kind: "add-service", service: added });
  });
  after(() => stage.close());

  test("connections and templates are listed with their states and what is left of their time", async () => {
    const source = "10.1.0.2";
    stage.play({ source, sourcePort: 1000 });
    stage.play({ source, sourcePort: 1001 });
    stage.play({ source, sourcePort: 1001, flags: ack });
    stage.play({ source, sourcePort: 1001, flags: ack | fin });
    stage.play({ source, sourcePort: 1002, targetPort: 81 });
    stage.play({ source, sourcePort: 1002, targetPort: 81, flags: ack });
    stage.play({ source, sourcePort: 1003, targetPort: 53, protocol: 17 });
    const entries = await listed();
    assert.deepEqual(entries.map(line).sort(), [
      "TCP ASSURED 10.1.0.0:0 10.1.0.100:81 10.2.0.11:81 template",
      "TCP ESTABLISHED 10.1.0.2:1002 10.1.0.100:81 10.2.0.11:81 connection",
      "TCP FIN_WAIT 10.1.0.2:1001 10.1.0.100:80 10.2.0.11:80 connection",
      "TCP SYN_RECV 10.1.0.2:1000 10.1.0.100:80 10.2.0.11:80 connection",
      "UDP UDP 10.1.0.2:1003 10.1.0.100:53 10.2.0.11:53 connection",
    ]);
    const wholeS: Readonly<Record<string, number>> = {
      ASSURED: 300,
      ESTABLISHED: 900,
      FIN_WAIT: 120,
      SYN_RECV: 60,
      UDP: 300,
    };
    for (const { state, expiresInS } of entries) {
      const whole = wholeS[state] ?? 0;
      assert.ok(expiresInS <= whole && expiresInS > whole - 20, `${state} ${expiresInS}`);
    }
  });

  test("a long table is read while it is walked over, and no entry is missed", async () => {
    for (let port = 1; port <= 5000; port++)
      stage.play({ source: "10.1.0.2", sourcePort: 10_000 + port });
    const ports = new Set((await listed()).map(({ client }) => client.port));
    assert.equal(ports.size, 5000);
    const connections = await stage.engine.connections();
    assert.ok(connections.ok);
    for (const entry of connections.value) {
      assert.equal(entry.state, "SYN_RECV");
      break;
    }
  });

  test("templates count as persistent connections of their real server", async () => {
    for (const host of [1, 2, 3])
      stage.play({ source: `10.1.${host}.2`, sourcePort: 1000, targetPort: 81 });
    const found = (await counted()).find(({ key }) => key.kind === "address" && key.port === 81);
    assert.deepEqual(
      found?.destinations.map(({ persistentConnections, activeConnections }) => [
        persistentConnections,
        activeConnections,
      ]),
      [[3, 3]],
    );
  });

  test("zero sets the counters of one service or of all, and nothing else", async () => {
    for (const targetPort of [80, 81])
      for (const sourcePort of [1000, 1001])
        stage.play({ source: "10.1.0.2", sourcePort, targetPort });
    await apply(
      stage.engine,
      { kind: "remove-destination", key: web.key, address: a.address, port: a.port },
      { kind: "add-destination", key: web.key, destination: a },
    );
    const connectionsOf = async (): Promise<readonly number[]> =>
      (await counted()).map(({ counters }) => counters.connections);
    assert.deepEqual(await connectionsOf(), [0, 2, 2].sort());
    assert.ok((await stage.engine.zero(web.key)).ok);
    assert.deepEqual([...(await connectionsOf())].sort(), [0, 0, 2]);
    assert.ok((await stage.engine.zero()).ok);
    assert.deepEqual(await connectionsOf(), [0, 0, 0]);
    const sums = (await counted()).flatMap(({ counters, destinations }) => [
      counters.inBytes,
      ...destinations.map((one) => one.counters.inPackets),
    ]);
    assert.ok(sums.every((sum) => sum === 0));
    const active = (await counted()).flatMap(({ destinations }) =>
      destinations.map(({ activeConnections }) => activeConnections),
    );
    assert.equal(
      active.reduce((sum, one) => sum + one, 0),
      4,
    );
    const absent = await stage.engine.zero({ ...web.key, port: 8 } as typeof web.key);
    assert.equal(absent.ok ? "" : absent.fault.kind, "not-found");
  });

  test("a flood of SYNs takes a bounded share of the table and no established connection", async () => {
    await stage.open();
    await apply(stage.engine, { kind: "add-service", service: web });
    const ports = Array.from({ length: 50 }, (_, at) => 2000 + at);
    for (const sourcePort of ports) {
      stage.play({ source: "10.1.0.2", sourcePort });
      stage.play({ source: "10.1.0.2", sourcePort, flags: ack });
    }
    const size = 16_384;
    for (let packet = 0; packet < 2 * size; packet++)
      stage.play({
        source: `10.66.${packet >> 8}.${packet & 255}`,
        sourcePort: 1024 + (packet % 50_000),
      });
    const entries = await listed();
    const open = entries
      .filter(({ state }) => state === "ESTABLISHED")
      .map(({ client }) => client.port);
    assert.deepEqual([...open].sort(), ports);
    const half = entries.filter(({ state }) => state === "SYN_RECV").length;
    assert.ok(half > 0 && half <= size / 2, `${half} half-open connections of ${size} at most`);
    // Each SYN was forwarded, and what left no trace is counted.
    assert.equal(stage.engine.events().stateless, 2 * size - half);
    for (const sourcePort of ports)
      assert.equal(stage.play({ source: "10.1.0.2", sourcePort, flags: ack }).verdict, "send");
  });
});
