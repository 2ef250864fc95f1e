// Our data plane in front of a kernel's own tunnels: real servers decapsulate with the devices that an
// administrator sets up there, and answer the client themselves. Also VLANs, which this machine's
// kernel does not have.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { XdpEngine } from "../../../src/linux/xdp/engine.ts";
import type { TunnelSettings } from "../../../src/model/virtual-server.ts";
import { apply, destination, drServers, service, vip, XdpLab } from "../../root/xdp-lab.ts";

const tunnels: readonly TunnelSettings[] = [
  { type: "ipip", checksum: "none" },
  { type: "gue", port: 6080, checksum: "none" },
  { type: "gue", port: 6080, checksum: "full" },
  { type: "gue", port: 6080, checksum: "remote" },
  { type: "gre", checksum: "none" },
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
});
