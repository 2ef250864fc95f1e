// Real TCP through the data plane on veth, with the offloads that the kernel turns on by itself: large
// frames and partial checksums reach the program, and every answer must still be right.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { XdpEngine } from "../../src/linux/xdp/engine.ts";
import {
  apply,
  destination,
  drServers,
  natServers,
  service,
  until,
  vip,
  XdpLab,
} from "./xdp-lab.ts";

describe("the xdp engine on veth", {
  skip: process.getuid?.() === 0 ? false : "needs root",
}, () => {
  let lab: XdpLab;
  let engine: XdpEngine;

  before(async () => {
    lab = new XdpLab("f");
    for (const host of ["d1", "d2"]) await lab.serve(host, 80);
    for (const host of ["n1", "n2"]) await lab.serve(host, 8080);
    await lab.serve("di", 8000);
    engine = lab.openEngine();
    const dr = drServers.map((address) => destination(address, { forwarding: "DR" }));
    const nat = natServers.map((address) => destination(address, { port: 8080 }));
    await apply(
      engine,
      { kind: "add-service", service: service(80, dr) },
      { kind: "add-service", service: service(81, nat) },
    );
    await engine.maintain();
  });

  after(async () => {
    await engine?.close();
    lab?.close();
  });

  test("it attaches with tc to virtual interfaces", () => {
    assert.deepEqual(engine.interfaces(), ["eth0 (tc)", "eth1 (tc)"]);
  });

  test("DR: requests alternate between the real servers, which see the client's address", () => {
    const answers = [1, 2, 3, 4].map(() => lab.get(`http://${vip}/`).trim());
    assert.deepEqual(answers, ["d2 10.8.0.2", "d1 10.8.0.2", "d2 10.8.0.2", "d1 10.8.0.2"]);
  });

  test("NAT: requests alternate, ports are mapped, and replies come back as the VIP's", () => {
    const answers = [1, 2, 3, 4].map(() => lab.get(`http://${vip}:81/`).trim());
    assert.deepEqual(answers, ["n2 10.8.0.2", "n1 10.8.0.2", "n2 10.8.0.2", "n1 10.8.0.2"]);
  });

  test("large transfers survive in both directions", () => {
    for (const port of [80, 81]) {
      const answer = lab.get(`http://${vip}:${port}/3000000`);
      assert.equal(answer.length > 3_000_000, true);
      const upload = lab.in(
        "cl",
        "sh",
        "-c",
        `head -c 2000000 /dev/zero | curl -sS --max-time 10 --data-binary @- http://${vip}:${port}/ -o /dev/null -w '%{size_upload} %{http_code}'`,
      );
      assert.equal(upload, "2000000 200");
    }
  });

  test("traffic to the director itself and through it is left alone", () => {
    assert.equal(lab.get("http://10.8.0.1:8000/").trim(), "di 10.8.0.2");
    assert.equal(lab.get(`http://${vip}:8000/`).trim(), "di 10.8.0.2");
    assert.throws(() => lab.get(`http://${vip}:99/`), /curl: \(7\)/);
  });

  test("a destination on the director itself is the local stack's, by DR and by NAT", async () => {
    const own = { address: "10.8.0.1", port: 8000 };
    const dr = service(8000, [destination(own.address, { port: own.port, forwarding: "DR" })]);
    const nat = service(83, [destination(own.address, { port: own.port })]);
    for (const made of [dr, nat]) {
      const port = made.key.kind === "address" ? made.key.port : 0;
      await apply(engine, { kind: "add-service", service: made });
      assert.equal(lab.get(`http://${vip}:${port}/`).trim(), "di 10.8.0.2");
      assert.ok(lab.get(`http://${vip}:${port}/300000`).length > 300_000);
      const counted = await engine.statistics();
      const all = counted.ok ? counted.value : [];
      const found = all.find(({ key }) => key.kind === "address" && key.port === port);
      assert.equal(found?.counters.connections, 2);
      await apply(engine, { kind: "remove-service", key: made.key });
    }
  });

  test("a client whom nobody can serve is refused at once", async () => {
    const drained = drServers.map((address) =>
      destination(address, { forwarding: "DR", weight: 0 }),
    );
    const refusing = service(82, drained);
    await apply(engine, { kind: "add-service", service: refusing });
    const startedAtMs = Date.now();
    assert.throws(() => lab.get(`http://${vip}:82/`), /curl: \(7\)/);
    assert.ok(Date.now() - startedAtMs < 9000, "not by the timeout of curl");
    await apply(engine, { kind: "remove-service", key: refusing.key });
  });

  test("connections are counted as IPVS counts them", async () => {
    const statistics = await engine.statistics();
    assert.ok(statistics.ok);
    const nat = statistics.value.find(({ key }) => key.kind === "address" && key.port === 81);
    assert.equal(nat?.counters.connections, 6);
    assert.ok((nat?.counters.inPackets ?? 0) > 20 && (nat?.counters.outPackets ?? 0) > 20);
    assert.ok((nat?.counters.outBytes ?? 0) > 3_000_000);
    // Both sides have closed: nothing is active, all are in TIME_WAIT.
    await until("NAT connections are inactive", async () => {
      const now = await engine.statistics();
      const active = now.ok
        ? now.value.flatMap((s) =>
            s.key.kind === "address" && s.key.port === 81 ? s.destinations : [],
          )
        : [];
      return (
        active.every(({ activeConnections }) => activeConnections === 0) &&
        active.reduce((sum, { inactiveConnections }) => sum + inactiveConnections, 0) === 6
      );
    });
  });
});
