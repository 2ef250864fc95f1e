// Connection synchronisation with the kernel's own sync daemons, in both directions: what the one side
// has established the other knows, by the same real server and in the same state.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { ConnectionEntry } from "../../../src/model/connection-entry.ts";
import type { LinkFact } from "../../../src/world/kernel.ts";
import { FrameStage, tcpFlags } from "../../root/xdp-frames-stage.ts";
import { apply, destination, service, syscalls, until } from "../../root/xdp-lab.ts";

const cloneNewNet = 0x40000000;
const waitMs = 60_000;
const { syn, ack, fin } = tcpFlags;
const virtual = "10.1.0.100";
const real = "10.2.0.11";

const syncLink: LinkFact = {
  index: 2,
  name: "sync0",
  up: true,
  carrier: true,
  mtu: 1500,
  mac: new Uint8Array(6),
  type: 1,
};

function ip(line: string): void {
  execFileSync("ip", line.split(" "));
}

/** `cl` is a client, `ka` a director before the real server `rs`, `kb` a director that stands by. */
const hosts = ["cl", "ka", "kb", "rs"] as const;
type Host = (typeof hosts)[number];

function ipvsadm(host: Host, line: string): string {
  return execFileSync("ip", ["netns", "exec", host, "ipvsadm", ...line.split(" ")], {
    encoding: "utf8",
  });
}

/** Each test has its own two ports, a plain one and a persistent one: the kernel forgets no connection at once. */
function kernelServices(host: Host, plain: number): void {
  for (const [port, more] of [
    [plain, ""],
    [plain + 1, " -p 300 -M 255.255.255.0"],
  ] as const) {
    ipvsadm(host, `-A -t ${virtual}:${port} -s rr${more}`);
    ipvsadm(host, `-a -t ${virtual}:${port} -r ${real}:${port} -m`);
  }
}

/** Lines of `ipvsadm -Lnc`: protocol, state, client, virtual, destination. */
function kernelConnections(host: Host): readonly string[] {
  return ipvsadm(host, "-Lnc")
    .split("\n")
    .slice(2)
    .filter((line) => line !== "")
    .map((line) => {
      const [protocol, , state, ...ends] = line.trim().split(/\s+/);
      return [protocol, state, ...ends].join(" ");
    })
    .sort();
}

function line(entry: ConnectionEntry): string {
  const ends = [entry.client, entry.virtual, entry.destination];
  return [entry.protocol, entry.state, ...ends.map((end) => `${end.address}:${end.port}`)].join(
    " ",
  );
}

describe("synchronisation with the kernel's IPVS", () => {
  const own = openSync("/proc/thread-self/ns/net", "r");
  const stage = new FrameStage("ksync", 1024, [syncLink]);
  const servers: Server[] = [];

  const inside = async <T>(host: Host, work: () => Promise<T>): Promise<T> => {
    const fd = openSync(`/run/netns/${host}`, "r");
    syscalls.setns(fd, cloneNewNet);
    closeSync(fd);
    try {
      return await work();
    } finally {
      syscalls.setns(own, cloneNewNet);
    }
  };
  const serve = (port: number): Promise<void> =>
    inside("rs", async () => {
      const server = createServer((socket) => {
        socket.on("error", () => {});
        socket.pipe(socket);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(port, real, resolve));
    });
  const dial = (port: number): Promise<Socket> =>
    inside("cl", async () => {
      const socket = connect(port, virtual);
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("error", reject);
      });
      return socket;
    });
  const echo = async (socket: Socket, text: string): Promise<void> => {
    const answer = new Promise<string>((resolve) =>
      socket.once("data", (data) => resolve(String(data))),
    );
    socket.write(text);
    assert.equal(await answer, text);
  };
  const ours = async (): Promise<readonly string[]> => {
    const connections = await stage.engine.connections();
    assert.ok(connections.ok);
    return [...connections.value].map(line).sort();
  };
  const ourServices = async (plain: number): Promise<void> => {
    for (const [port, more] of [
      [plain, {}],
      [plain + 1, { persistenceTimeoutS: 300, persistencePrefixLength: 24 }],
    ] as const)
      await apply(stage.engine, {
        kind: "add-service",
        service: service(port, [destination(real, { port })], { address: virtual, ...more }),
      });
  };

  before(async () => {
    for (const host of hosts) {
      ip(`netns add ${host}`);
      ip(`-n ${host} link set lo up`);
    }
    ip("-n ka link add sync0 type veth peer name sync0 netns kb");
    ip("-n ka link add front type veth peer name eth0 netns cl");
    ip("-n ka link add back type veth peer name eth0 netns rs");
    for (const [host, link, address] of [
      ["ka", "sync0", "10.3.0.1/24"],
      ["kb", "sync0", "10.3.0.2/24"],
      ["ka", "front", "10.1.0.1/24"],
      ["ka", "back", "10.2.0.1/24"],
      ["cl", "eth0", "10.1.0.2/24"],
      ["rs", "eth0", "10.2.0.11/24"],
    ] as const) {
      ip(`-n ${host} address add ${address} dev ${link}`);
      ip(`-n ${host} link set ${link} up`);
    }
    ip(`-n ka address add ${virtual}/32 dev front`);
    ip("-n rs route add default via 10.2.0.1");
    execFileSync("ip", [
      "netns",
      "exec",
      "ka",
      "bash",
      "-c",
      "echo 1 >/proc/sys/net/ipv4/ip_forward",
    ]);
    for (const port of [80, 81]) await serve(port);
  });
  beforeEach(() => inside("kb", () => stage.open()));
  afterEach(async () => {
    for (const role of ["master", "backup"] as const) await stage.engine.stopSyncDaemon(role);
    for (const host of ["ka", "kb"] as const) ipvsadm(host, "-C");
  });
  after(async () => {
    for (const server of servers) server.close();
    await stage.close();
    for (const host of hosts) ip(`netns delete ${host}`);
    closeSync(own);
  });

  test("what the kernel's master tells, our backup knows", async () => {
    kernelServices("ka", 80);
    await ourServices(80);
    ipvsadm("ka", "--start-daemon master --mcast-interface sync0 --syncid 9");
    const started = await inside("kb", () =>
      stage.engine.startSyncDaemon({ role: "backup", interface: "sync0", syncId: 9 }),
    );
    assert.ok(started.ok, started.ok ? "" : started.fault.text);
    const [plain, sticky] = [await dial(80), await dial(81)];
    for (const text of ["one", "two", "three"])
      for (const socket of [plain, sticky]) await echo(socket, text);
    const [plainPort, stickyPort] = [plain.localPort, sticky.localPort];
    const expected = [
      `TCP ASSURED 10.1.0.0:0 ${virtual}:81 ${real}:81`,
      `TCP ESTABLISHED 10.1.0.2:${plainPort} ${virtual}:80 ${real}:80`,
      `TCP ESTABLISHED 10.1.0.2:${stickyPort} ${virtual}:81 ${real}:81`,
    ].sort();
    await until("ours", async () => (await ours()).join() === expected.join(), waitMs);
    assert.deepEqual(kernelConnections("ka"), expected);
    const next = stage.play({ source: "10.1.0.2", sourcePort: plainPort ?? 0, flags: ack });
    assert.deepEqual([next.verdict, next.to], ["send", 11]);

    plain.destroy();
    await until(
      "the end",
      async () => (await ours()).some((text) => text.includes(`TIME_WAIT 10.1.0.2:${plainPort} `)),
      waitMs,
    );
    const counted = await stage.engine.statistics();
    assert.ok(counted.ok);
    assert.deepEqual(
      counted.value.map(({ destinations: [one] }) => [
        one?.activeConnections,
        one?.inactiveConnections,
        one?.persistentConnections,
      ]),
      [
        [0, 1, 0],
        [1, 0, 1],
      ],
    );
    assert.equal(stage.engine.syncCounters().rejected, 0);
    sticky.destroy();
    ipvsadm("ka", "--stop-daemon master");
  });

  test("what our master tells, the kernel's backup knows", async () => {
    kernelServices("ka", 90);
    await ourServices(90);
    ipvsadm("ka", "--start-daemon backup --mcast-interface sync0 --syncid 9");
    const started = await inside("kb", () =>
      stage.engine.startSyncDaemon({ role: "master", interface: "sync0", syncId: 9 }),
    );
    assert.ok(started.ok, started.ok ? "" : started.fault.text);
    const play = (sourcePort: number, targetPort: number, flags: number): void => {
      stage.play({ source: "10.1.0.2", sourcePort, targetPort, flags });
    };
    for (const port of [90, 91]) {
      play(7000 + port, port, syn);
      for (let packet = 2; packet <= 3; packet++) play(7000 + port, port, ack);
    }
    const expected = [
      `TCP ASSURED 10.1.0.0:0 ${virtual}:91 ${real}:91`,
      `TCP ESTABLISHED 10.1.0.2:7090 ${virtual}:90 ${real}:90`,
      `TCP ESTABLISHED 10.1.0.2:7091 ${virtual}:91 ${real}:91`,
    ].sort();
    const known = (): readonly string[] =>
      kernelConnections("ka").filter((text) => /:9[01]$/.test(text));
    await until("the kernel's", () => known().join() === expected.join(), waitMs);
    assert.deepEqual(await ours(), expected);
    // Weight, active, inactive: the kernel counts them as if they were its own.
    assert.match(ipvsadm("ka", "-Ln"), /10\.2\.0\.11:90 +Masq +1 +1 +0/);
    play(7090, 90, fin | ack);
    await until(
      "the end",
      () =>
        kernelConnections("ka").some((text) => text.startsWith("TCP CLOSE_WAIT 10.1.0.2:7090 ")),
      waitMs,
    );
    assert.match(ipvsadm("ka", "-Ln"), /10\.2\.0\.11:90 +Masq +1 +0 +1/);
    ipvsadm("ka", "--stop-daemon backup");
  });
});
