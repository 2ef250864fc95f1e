// What the engine of the kernel's IPVS does beside the table: settings, sync daemons, counters, connections, and which
// services are whose. The real ipvsadm and the kernel's files say what is true.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openIpvsEngine, removeOwnServices } from "../../../src/linux/ipvs/engine.ts";
import { loadKernelModule } from "../../../src/linux/ipvs/kernel-module.ts";
import { OwnServices } from "../../../src/linux/ipvs/own-services.ts";
import { openKernelSettings } from "../../../src/linux/kernel-settings.ts";
import { defaultBalancerSettings } from "../../../src/model/balancer-settings.ts";
import type { ServiceStatistics } from "../../../src/model/balancer-table.ts";
import type { ConnectionEntry } from "../../../src/model/connection-entry.ts";
import {
  address,
  destinationOf,
  fill,
  ipvsadm,
  keyOf,
  openEngine,
  rules,
  run,
  serviceOf,
  syscalls,
  value,
} from "./ipvs-stage.ts";

const director = "10.66.0.1";
const realServer = "10.66.0.2";
const virtual = "10.66.1.1";
const patienceMs = 60_000;
const files = openKernelSettings();

before(() => {
  for (const line of [
    "netns add rs",
    "link add rs0 type veth peer name eth0 netns rs",
    `addr add ${director}/24 dev rs0`,
    `addr add ${virtual}/32 dev rs0`,
    "link set rs0 up",
    `-n rs addr add ${realServer}/24 dev eth0`,
    "-n rs link set eth0 up",
    `-n rs route add default via ${director}`,
  ])
    run("ip", ...line.split(" "));
});

after(() => {
  run("ip", "link", "del", "rs0");
  run("ip", "netns", "del", "rs");
});

afterEach(() => void ipvsadm("-C"));

async function until<Value>(
  look: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(Date.now() < deadline, "it happens in time");
    await sleep(100);
  }
}

test("settings: the kernel's defaults, and what is set is what the kernel has", async () => {
  const engine = await openEngine();
  assert.deepEqual(value(await engine.settings()), defaultBalancerSettings);
  const other = {
    tcpEstablishedTimeoutS: 1800,
    udpTimeoutS: 30,
    expireNodestConnections: true,
    expireQuiescentTemplates: true,
    connectionReuseMode: 0,
    sloppyTcp: true,
    sloppySctp: true,
    cacheBypass: true,
    natIcmpSend: true,
    scheduleIcmp: true,
    pathMtuDiscovery: false,
    backupOnly: true,
    lblcExpirationS: 3600,
    lblcrExpirationS: 7200,
    syncThreshold: 2,
    syncPeriod: 10,
    syncRefreshPeriodS: 5,
    syncRetries: 2,
    syncPersistMode: true,
  };
  value(await engine.configure(other));
  assert.deepEqual(value(await engine.settings()), { ...defaultBalancerSettings, ...other });
  assert.equal(ipvsadm("-L --timeout"), "Timeout (tcp tcpfin udp): 1800 120 30\n");
  const file = (name: string): string | undefined => files.read(`ipv4/vs/${name}`);
  assert.deepEqual(
    [file("sync_threshold"), file("conn_reuse_mode"), file("pmtu_disc"), file("lblcr_expiration")],
    ["2\t10", "0", "0", "7200"],
  );
  value(await engine.configure({ syncThreshold: 1 }));
  assert.equal(file("sync_threshold"), "1\t10");
  ipvsadm("--set 900 121 300");
  assert.equal(value(await engine.settings()).tcpFinTimeoutS, 121);
  const refused = await engine.configure({ syncRetries: 9 });
  assert.match(refused.ok ? "" : refused.fault.text, /net\.ipv4\.vs\.sync_retries = 9: out of/);
  value(await engine.configure(defaultBalancerSettings));
  assert.deepEqual(value(await engine.settings()), defaultBalancerSettings);
  await engine.close();
});

test("sync daemons: started, listed as ipvsadm lists them, and stopped", async () => {
  const engine = await openEngine();
  assert.deepEqual(value(await engine.syncDaemons()), []);
  value(await engine.startSyncDaemon({ role: "master", interface: "rs0", syncId: 42 }));
  const backup = {
    role: "backup",
    interface: "rs0",
    syncId: 43,
    maxLength: 2000,
    group: address("224.0.0.90"),
    port: 9000,
    ttl: 3,
  } as const;
  value(await engine.startSyncDaemon(backup));
  assert.equal(
    ipvsadm("-L --daemon"),
    "master sync daemon (mcast=rs0, syncid=42, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n" +
      "backup sync daemon (mcast=rs0, syncid=43, maxlen=2000, group=224.0.0.90, port=9000, ttl=3)\n",
  );
  const usual = { maxLength: 1472, group: address("224.0.0.81"), port: 8848, ttl: 1 };
  assert.deepEqual(value(await engine.syncDaemons()), [
    { role: "master", interface: "rs0", syncId: 42, ...usual },
    backup,
  ]);
  const again = await engine.startSyncDaemon(backup);
  assert.deepEqual(again.ok ? [] : [again.fault.kind, again.fault.code], ["exists", "EEXIST"]);
  value(await engine.stopSyncDaemon("master"));
  value(await engine.stopSyncDaemon("backup"));
  assert.equal(ipvsadm("-L --daemon"), "");
  const none = await engine.stopSyncDaemon("master");
  assert.deepEqual(none.ok ? [] : [none.fault.kind, none.fault.code], ["not-found", "ESRCH"]);
  const nowhere = await engine.startSyncDaemon({ role: "master", interface: "nowhere", syncId: 0 });
  assert.match(nowhere.ok ? "" : nowhere.fault.text, /no interface nowhere/);
  ipvsadm("--start-daemon backup --mcast-interface rs0 --syncid 7");
  assert.deepEqual(
    value(await engine.syncDaemons()).map(({ role, syncId }) => [role, syncId]),
    [["backup", 7]],
  );
  value(await engine.stopSyncDaemon("backup"));
  await engine.close();
});

test("traffic: counted as ipvsadm counts it, connections as ipvsadm lists them, and zeroed", async () => {
  const engine = await openEngine();
  const key = keyOf(virtual, 80);
  const destination = destinationOf(realServer, 8080);
  await fill(engine, [
    serviceOf(key, { scheduler: "rr", persistenceTimeoutS: 300, destinations: [destination] }),
  ]);
  const program = `require("node:net").createServer((s) => s.pipe(s)).listen(8080, () => console.log("on"))`;
  const server = spawn("ip", ["netns", "exec", "rs", process.execPath, "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((resolve) => server.stdout.once("data", resolve));
    const client = connect(80, virtual);
    await new Promise((resolve, reject) => client.once("connect", resolve).once("error", reject));
    client.write("hello");
    const [answer] = await new Promise<Buffer[]>((resolve) =>
      client.once("data", (...all) => resolve(all)),
    );
    assert.equal(answer?.toString(), "hello");

    const entries = [...value(await engine.connections())];
    assert.deepEqual(entries.map(row).toSorted(), listed(ipvsadm("-Lnc")));
    // The kernel may still have a template of a service that was there before.
    const own = entries.filter((entry) => entry.virtual.address === virtual);
    const flow = own.find(({ state }) => state === "ESTABLISHED");
    assert.deepEqual(flow?.destination, { address: realServer, port: 8080 });
    assert.deepEqual(
      own.filter(({ template }) => template).map(({ client: one }) => one.port),
      [0],
    );
    assert.equal(
      entries.some(({ synced }) => synced === true),
      false,
    );

    const told = await until(async () => {
      const [one] = value(await engine.statistics());
      return one !== undefined && one.counters.connections > 0 ? one : undefined;
    });
    assert.deepEqual(told.key, key);
    assert.equal(told.counters.connections, 1);
    assert.ok(told.counters.inPackets >= 3 && told.counters.outBytes > 100);
    assert.ok(told.rates !== undefined);
    const [real] = told.destinations;
    assert.deepEqual(
      [
        real?.address,
        real?.activeConnections,
        real?.inactiveConnections,
        real?.persistentConnections,
      ],
      [realServer, 1, 0, 1],
    );
    await until(async () => {
      const [now] = value(await engine.statistics());
      return now !== undefined && printed(now) === figures(ipvsadm("-Ln --stats --exact"))
        ? now
        : undefined;
    });

    value(await engine.zero(key));
    assert.equal(value(await engine.statistics())[0]?.counters.connections, 0);
    client.destroy();
    await until(async () =>
      value(await engine.statistics())[0]?.counters.inPackets === 0 ? undefined : true,
    );
    value(await engine.zero());
    assert.equal(value(await engine.statistics())[0]?.counters.inPackets, 0);
  } finally {
    server.kill("SIGKILL");
  }
  await engine.close();
});

/** Five figures of the service and its destination, as `ipvsadm -Ln --stats` prints them. */
function printed(told: ServiceStatistics): string {
  return [told.counters, ...told.destinations.map(({ counters }) => counters)]
    .map((one) =>
      [one.connections, one.inPackets, one.outPackets, one.inBytes, one.outBytes].join(" "),
    )
    .join("\n");
}

function figures(text: string): string {
  return text
    .split("\n")
    .slice(3)
    .filter((line) => line !== "")
    .map((line) => line.trim().split(/ +/).slice(-5).join(" "))
    .join("\n");
}

/** A connection without its time, which goes on. */
function row({ protocol, client, virtual: to, destination, state }: ConnectionEntry): string {
  const ends = [client, to, destination].map((end) => `${end.address}:${end.port}`);
  return [protocol, state, ...ends].join(" ");
}

function listed(text: string): readonly string[] {
  const rows = text
    .split("\n")
    .slice(2)
    .filter((line) => line !== "");
  return rows.map((line) => line.split(/ +/).toSpliced(1, 1).join(" ")).toSorted();
}

test("services of others in the same table are neither seen nor touched", async () => {
  ipvsadm("-A -t 192.0.2.9:80 -s rr");
  ipvsadm("-a -t 192.0.2.9:80 -r 198.51.100.9:80 -m");
  const theirs = rules();
  const path = join(mkdtempSync(join(tmpdir(), "own-")), "services");
  const engine = await openEngine(new OwnServices(path));
  const mine = serviceOf(keyOf(virtual, 80), { destinations: [destinationOf(realServer, 80)] });
  await fill(engine, [mine]);
  assert.deepEqual(value(await engine.observe()).services, [mine]);
  assert.deepEqual(
    value(await engine.statistics()).map(({ key }) => key),
    [mine.key],
  );
  await engine.close();

  const next = await openEngine(new OwnServices(path));
  assert.deepEqual(value(await next.observe()).services, [mine], "a restart knows its own");
  value(await next.apply({ kind: "remove-service", key: mine.key }));
  assert.deepEqual(rules(), theirs);
  await next.close();
});

test("what somebody else has put in the place of a wished service is taken over, and said", async () => {
  ipvsadm(`-A -t ${virtual}:80 -s sh`);
  ipvsadm(`-a -t ${virtual}:80 -r ${realServer}:80 -g -w 7`);
  const path = join(mkdtempSync(join(tmpdir(), "own-")), "services");
  const engine = await openEngine(new OwnServices(path));
  assert.deepEqual(value(await engine.observe()).services, []);
  const mine = serviceOf(keyOf(virtual, 80), { destinations: [destinationOf(realServer, 80)] });
  await fill(engine, [mine]);
  assert.deepEqual(value(await engine.observe()).services, [mine]);
  const [finding] = await engine.maintain();
  assert.match(
    `${finding?.found}: ${finding?.done}`,
    /TCP 10\.66\.1\.1:80 of somebody else's: took it over/,
  );
  assert.deepEqual(await engine.maintain(), []);
  await engine.close();
});

test("what a director has left can be taken out without it", async () => {
  ipvsadm("-A -t 192.0.2.9:80 -s rr");
  const path = join(mkdtempSync(join(tmpdir(), "own-")), "services");
  const engine = await openEngine(new OwnServices(path));
  await fill(engine, [serviceOf(keyOf(virtual, 80)), serviceOf(keyOf(virtual, 443))]);
  await engine.close();
  const left = new OwnServices(path);
  assert.equal(left.size, 2);
  await removeOwnServices(syscalls, left);
  assert.deepEqual(rules(), ["-A -t 192.0.2.9:80 -s rr"]);
  assert.equal(new OwnServices(path).size, 0);
});

test("after a reboot the table is empty, and a name that was noted before is not ours", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "own-")), "services");
  new OwnServices(path).add("TCP 192.0.2.9:80");
  const engine = await openEngine(new OwnServices(path));
  ipvsadm("-A -t 192.0.2.9:80 -s rr");
  assert.deepEqual(value(await engine.observe()).services, []);
  await engine.close();
});

test("without the module: refused in so many words; removed while it runs: found and loaded again", async () => {
  const engine = await openEngine();
  assert.deepEqual(await engine.maintain(), []);
  const modules = loadedModules();
  const root = join(
    "build/guest/kernel/lib/modules",
    readdirSync("build/guest/kernel/lib/modules")[0] ?? "",
  );
  const folder = join(root, "kernel/net/netfilter/ipvs");
  const load = async (name: string): Promise<undefined> =>
    void run("insmod", join(folder, `${name}.ko`));
  run("rmmod", ...modules);
  try {
    const options = { syscalls, files };
    const refused = await openIpvsEngine({ ...options, loadModule: loadKernelModule });
    assert.equal(refused.ok ? "" : refused.fault.kind, "unavailable");
    assert.match(
      refused.ok ? "" : refused.fault.text,
      /^this kernel has no IPVS: the module ip_vs cannot be loaded: .*ip_vs/,
    );
    const [finding] = await engine.maintain();
    assert.equal(finding?.ok, false);
    assert.match(finding?.found ?? "", /somebody removed the module ip_vs/);
    const opened = value(await openIpvsEngine({ ...options, loadModule: load }));
    await load("ip_vs_rr");
    // The family has another number now: the engine that was open before asks for it.
    assert.deepEqual(await engine.maintain(), []);
    await fill(engine, [serviceOf(keyOf(virtual, 80), { scheduler: "rr" })]);
    assert.equal(value(await opened.observe()).services.length, 1);
    await opened.close();
  } finally {
    const there = loadedModules();
    for (const name of modules.toReversed()) if (!there.includes(name)) await load(name);
  }
  await engine.close();
});

/** The modules of IPVS, `ip_vs` itself last. */
function loadedModules(): readonly string[] {
  const names = readFileSync("/proc/modules", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "")
    .filter((name) => /^ip_vs(_|$)/.test(name));
  return [...names.filter((name) => name !== "ip_vs"), ...names.filter((name) => name === "ip_vs")];
}
