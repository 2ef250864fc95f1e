// Our data plane in front of a kernel's own tunnels: real servers decapsulate with the devices that an
// administrator sets up there, and answer the client themselves. Also interfaces that this machine's
// kernel does not have: VLANs and bonds.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { XdpEngine } from "../../../src/linux/xdp/engine.ts";
import type { TunnelSettings } from "../../../src/model/virtual-server.ts";
import { apply, destination, drServers, service, until, vip, XdpLab } from "../../root/xdp-lab.ts";

const tunnels: readonly TunnelSettings[] = [
  { type: "ipip", checksum: "none" },
  { type: "gue", port: 6080, checksum: "none" },
  { type: "gue", port: 6080, checksum: "full" },
  { type: "gue", port: 6080, checksum: "remote" },
  { type: "gre", checksum: "none" },
  { type: "gre", checksum: "full" },
];

describe("the xdp engine on the kernel of the guest", () => {
  let lab: XdpLab;
  let engine: XdpEngine;

  before(async () => {
    lab = new XdpLab("g");
    for (const host of ["d1", "d2"]) {
      lab.in(host, "ip", "link", "set", "tunl0", "up");
      lab.in(host, "ip", "link", "set", "gre0", "up");
      lab.in(host, "ip", "fou", "add", "port", "6080", "gue");
      for (const device of ["all", "default", "tunl0", "gre0"])
        lab.in(host, "sysctl", "-qw", `net.ipv4.conf.${device}.rp_filter=0`);
      await lab.serve(host, 80);
    }
    for (const [host, address] of [
      ["di", "10.7.0.1/24"],
      ["n1", "10.7.0.11/24"],
    ] as const) {
      const parent = host === "di" ? "eth1" : "eth0";
      lab.in(
        host,
        "ip",
        "link",
        "add",
        "link",
        parent,
        "name",
        "tagged",
        "type",
        "vlan",
        "id",
        "7",
      );
      lab.in(host, "ip", "address", "add", address, "dev", "tagged");
      lab.in(host, "ip", "link", "set", "tagged", "up");
    }
    await lab.serve("n1", 8080);
    engine = lab.openEngine();
  });

  after(async () => {
    await engine?.close();
    lab?.close();
  });

  for (const tunnel of tunnels) {
    test(`TUN: ${Object.values(tunnel).join(" ")}: real servers unwrap it and answer`, async () => {
      const servers = drServers.map((address) =>
        destination(address, { forwarding: "TUN", tunnel }),
      );
      const made = service(80, servers);
      await apply(engine, { kind: "add-service", service: made });
      await engine.maintain();
      try {
        const answers = [1, 2].map(() => lab.get(`http://${vip}/`, "--max-time", "20").trim());
        assert.deepEqual(answers, ["d2 10.8.0.2", "d1 10.8.0.2"]);
        // Segments as large as the link, and larger ones that the kernel has put together.
        const upload = lab.in(
          "cl",
          "sh",
          "-c",
          `head -c 500000 /dev/zero | curl -sS --max-time 60 --data-binary @- http://${vip}/ -o /dev/null -w '%{size_upload} %{http_code}'`,
        );
        assert.equal(upload, "500000 200");
        const observed = await engine.observe();
        assert.deepEqual(
          observed.ok && observed.value.services[0]?.destinations[0]?.tunnel,
          tunnel,
        );
      } finally {
        await apply(engine, { kind: "remove-service", key: made.key });
      }
    });
  }

  test("a client whose segments do not fit the tunnel learns its MTU", async () => {
    const tunnel: TunnelSettings = { type: "gue", port: 6080, checksum: "full" };
    const made = service(80, [destination(drServers[0] ?? "", { forwarding: "TUN", tunnel })]);
    await apply(engine, { kind: "add-service", service: made });
    await engine.maintain();
    lab.in("cl", "ethtool", "-K", "eth0", "tso", "off", "gso", "off");
    try {
      const upload = lab.in(
        "cl",
        "sh",
        "-c",
        `head -c 200000 /dev/zero | curl -sS --max-time 60 --data-binary @- http://${vip}/ -o /dev/null -w '%{size_upload} %{http_code}'`,
      );
      assert.equal(upload, "200000 200");
      assert.match(lab.in("cl", "ip", "route", "get", vip), /mtu 1468/);
      assert.ok(engine.events()["too-big"] > 0);
    } finally {
      lab.in("cl", "ethtool", "-K", "eth0", "tso", "on", "gso", "on");
      lab.in("cl", "ip", "route", "flush", "cache");
      await apply(engine, { kind: "remove-service", key: made.key });
    }
  });

  test("a real server in a VLAN is reached through the VLAN's own interface", async () => {
    assert.ok(engine.interfaces().includes("tagged (tc)"), engine.interfaces().join());
    lab.in("n1", "ip", "route", "replace", "default", "via", "10.7.0.1");
    const made = service(83, [destination("10.7.0.11", { port: 8080 })]);
    await apply(engine, { kind: "add-service", service: made });
    await engine.maintain();
    assert.equal(lab.get(`http://${vip}:83/`).trim(), "n1 10.8.0.2");
    assert.ok(lab.get(`http://${vip}:83/300000`).length > 300_000);
    await apply(engine, { kind: "remove-service", key: made.key });
  });

  test("behind a bond the master carries the program, and its slaves none", async () => {
    lab.in("n2", "ip", "link", "add", "bond0", "type", "bond", "mode", "active-backup");
    lab.in(
      "di",
      "ip",
      "link",
      "add",
      "bond0",
      "type",
      "bond",
      "mode",
      "active-backup",
      "miimon",
      "100",
    );
    for (const [name, peer] of [
      ["s0", "p0"],
      ["s1", "p1"],
    ] as const) {
      lab.in(
        "di",
        "ip",
        "link",
        "add",
        name,
        "type",
        "veth",
        "peer",
        "name",
        peer,
        "netns",
        `${lab.prefix}sw`,
      );
      lab.in("sw", "ip", "link", "set", peer, "master", "front", "up");
      lab.in("di", "ip", "link", "set", name, "master", "bond0");
    }
    lab.in("di", "ip", "link", "set", "bond0", "up");
    for (const name of ["s0", "s1"]) lab.in("di", "ip", "link", "set", name, "up");
    lab.in("di", "ip", "address", "flush", "dev", "eth0");
    lab.in("di", "ip", "link", "set", "eth0", "down");
    lab.in("di", "ip", "address", "add", "10.8.0.1/24", "dev", "bond0");
    lab.in("di", "ip", "address", "add", `${vip}/32`, "dev", "bond0");
    lab.in("cl", "ip", "neighbour", "flush", "dev", "eth0");
    const made = service(
      84,
      drServers.map((address) => destination(address, { forwarding: "DR", port: 84 })),
    );
    for (const host of ["d1", "d2"]) await lab.serve(host, 84);
    await apply(engine, { kind: "add-service", service: made });
    await until("the bond carries the program", async () => {
      await engine.maintain();
      return engine.interfaces().includes("bond0 (tc)");
    });
    assert.ok(
      !engine.interfaces().some((name) => /^[sp][01] /.test(name)),
      engine.interfaces().join(),
    );
    await until("the service answers through the bond", async () => {
      await engine.maintain();
      try {
        return /^d[12] 10\.8\.0\.2/.test(lab.get(`http://${vip}:84/`, "--max-time", "5"));
      } catch {
        return false;
      }
    });
  });
});
