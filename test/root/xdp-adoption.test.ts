// The table is in the kernel: a daemon that dies takes nothing with it, and one that starts finds
// everything, changes nothing, and mends what somebody broke meanwhile.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { IpAddress } from "../../src/base/address.ts";
import type { XdpEngine } from "../../src/linux/xdp/engine.ts";
import { encodeEndpointKey } from "../../src/wire/maps/endpoint-key.ts";
import { encodeIndex } from "../../src/wire/maps/fields.ts";
import { mapSchemaVersion } from "../../src/wire/maps/schema.ts";
import { destination, drServers, natServers, service, until, vip, XdpLab } from "./xdp-lab.ts";

const held = 400;
const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const echoServer =
  'require("node:net").createServer((s) => s.on("error", () => {}).pipe(s)).listen(9000, "0.0.0.0", () => console.log("ready"))';

describe("a killed and a new engine", {
  skip: process.getuid?.() === 0 ? false : "needs root",
}, () => {
  let lab: XdpLab;
  let engine: XdpEngine | undefined;
  let say: (line: string) => Promise<string>;

  before(async () => {
    lab = new XdpLab("a");
    for (const host of ["d1", "d2", "n1", "n2"]) {
      const server = lab.start(host, process.execPath, "-e", echoServer);
      await once(server.stdout ?? process, "data");
    }
    const opener = lab.start("di", process.execPath, script("xdp-opener"), lab.pinDirectory);
    await once(opener.stdout ?? process, "data");
    const client = lab.start(
      "cl",
      process.execPath,
      script("xdp-echoes"),
      String(held),
      `${vip}:9000`,
      `${vip}:9001`,
    );
    const lines = createInterface({ input: client.stdout ?? process.stdin });
    const [connected] = await once(lines, "line");
    assert.equal(connected, `connected ${held}`);
    say = async (line) => {
      const answer = once(lines, "line");
      client.stdin?.write(`${line}\n`);
      return String((await answer)[0]);
    };
    assert.equal(await say("before"), `answered ${held}`);
    opener.kill("SIGKILL");
    await once(opener, "exit");
  });

  after(async () => {
    await engine?.close();
    lab?.close();
  });

  test("connections through DR and NAT go on without any process", async () => {
    assert.equal(await say("alone"), `answered ${held}`);
  });

  test("new connections are balanced without any process", () => {
    const out = lab.in(
      "cl",
      "sh",
      "-c",
      `printf 'hello\\n' | timeout 5 ${process.execPath} -e '
      const s = require("node:net").connect(9001, "${vip}"); process.stdin.pipe(s);
      s.on("data", (d) => { process.stdout.write(d); s.destroy(); })'`,
    );
    assert.equal(out, "hello\n");
  });

  test("the next engine finds the same table and connections, and writes nothing", async () => {
    engine = lab.openEngine("tc");
    assert.equal(engine.adopted, true);
    const observed = await engine.observe();
    assert.ok(observed.ok);
    assert.deepEqual(observed.value.services, [
      service(
        9000,
        drServers.map((at) => destination(at, { forwarding: "DR", port: 9000 })),
      ),
      service(
        9001,
        natServers.map((at) => destination(at, { port: 9000 })),
        { scheduler: "wlc" },
      ),
    ]);
    assert.deepEqual(await engine.maintain(), []);
    assert.equal(
      engine.connectionRecords().filter(({ state }) => state === 1).length >= held,
      true,
    );
    const { services, destinations, reals, filter, loads, counters } = engine.mapWrites;
    assert.deepEqual(
      { services, destinations, reals, filter, loads, counters },
      { services: 0, destinations: 0, reals: 0, filter: 0, loads: 0, counters: 0 },
    );
    assert.equal(await say("adopted"), `answered ${held}`);
  });

  test("loads agree with the connections in the table", async () => {
    assert.ok(engine);
    const statistics = await engine.statistics();
    assert.ok(statistics.ok);
    const active = statistics.value.flatMap(({ destinations }) => destinations);
    assert.equal(
      active.reduce((sum, one) => sum + one.activeConnections, 0),
      held,
    );
  });

  test("a program that somebody removes is attached again", async () => {
    assert.ok(engine);
    lab.in("di", "tc", "qdisc", "del", "dev", "eth0", "clsact");
    assert.deepEqual(await engine.maintain(), [
      { found: "program missing on eth0", done: "attached again (tc)", ok: true },
    ]);
    assert.equal(await say("attached"), `answered ${held}`);
  });

  test("maps that somebody alters or unpins are mended", async () => {
    assert.ok(engine);
    const { filter, reals } = engine.balancer.maps;
    filter.update(encodeIndex(0), new Uint8Array(filter.valueLength));
    reals.remove(
      encodeEndpointKey({ address: natServers[0] as IpAddress, port: 9000, protocol: 6 }),
    );
    rmSync(`${lab.pinDirectory}/v${mapSchemaVersion}/maps/connections`);
    const findings = await engine.maintain();
    assert.deepEqual(
      findings.map(({ found, done }) => `${found}: ${done}`),
      [
        "map connections is not pinned: pinned again",
        "real server 6 10.9.0.11:9000 is missing among those who reply: written again",
        "the filter of addresses differs from the table: written again",
      ],
    );
    assert.deepEqual(await engine.maintain(), []);
    assert.equal(await say("mended"), `answered ${held}`);
  });

  test("a deleted service is seen as missing, and its connections live on when it returns", async () => {
    assert.ok(engine);
    const before = await engine.observe();
    assert.ok(before.ok);
    engine.balancer.maps.services.remove(
      encodeEndpointKey({ address: vip as IpAddress, port: 9001, protocol: 6 }),
    );
    const without = await engine.observe();
    assert.equal(without.ok && without.value.services.length, 1);
    const lost = before.value.services[1];
    assert.ok(lost);
    const applied = await engine.apply({ kind: "add-service", service: lost });
    assert.equal(applied.ok, true);
    assert.deepEqual(await engine.observe(), before);
    assert.equal(await say("returned"), `answered ${held}`);
  });

  test("a destination that somebody zeroes is seen as missing", async () => {
    assert.ok(engine);
    const { destinations } = engine.balancer.maps;
    const slot = [0, 1, 2, 3].find((i) => (destinations.lookup(encodeIndex(i))?.[67] ?? 0) === 11);
    assert.notEqual(slot, undefined);
    destinations.update(encodeIndex(slot ?? 0), new Uint8Array(destinations.valueLength));
    const observed = await engine.observe();
    assert.ok(observed.ok);
    const found = observed.value.services.flatMap(({ key, destinations: all }) =>
      all.map((one) => ({ key, one })),
    );
    assert.equal(found.length, 3);
    for (const wanted of [drServers[0], natServers[0]]) {
      if (found.some(({ one }) => one.address === wanted)) continue;
      const missing = observed.value.services.find(({ destinations: all }) => all.length === 1);
      assert.ok(missing);
      const forwarding = wanted === drServers[0] ? "DR" : "NAT";
      await engine.apply({
        kind: "add-destination",
        key: missing.key,
        destination: destination(wanted ?? "", { forwarding, port: 9000 }),
      });
    }
    assert.equal(await say("whole"), `answered ${held}`);
  });

  test("a new interface gets a program", async () => {
    assert.ok(engine);
    const running = engine;
    lab.in("di", "ip", "link", "add", "extra0", "type", "veth", "peer", "name", "extra1");
    lab.in("di", "ip", "link", "set", "extra0", "up");
    await until("extra0 is attached", async () => {
      await running.maintain();
      return running.interfaces().includes("extra0 (tc)");
    });
    assert.match(
      execFileSync(
        "ip",
        ["netns", "exec", `${lab.prefix}di`, "tc", "filter", "show", "dev", "extra0", "ingress"],
        { encoding: "utf8" },
      ),
      /keelson_tc/,
    );
  });
});
