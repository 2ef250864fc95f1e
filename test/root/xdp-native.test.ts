// The same traffic with native XDP. Hosts on a veth need checksums on the wire then (`ethtool -K IF tx
// off`), and a program at the far end of each interface that XDP sends to.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { bpfNumbers } from "../../src/linux/ffi/bpf.ts";
import type { XdpEngine } from "../../src/linux/xdp/engine.ts";
import {
  apply,
  bpf,
  destination,
  drServers,
  natServers,
  service,
  syscalls,
  until,
  vip,
  XdpLab,
} from "./xdp-lab.ts";

/** r0 = XDP_PASS; exit. */
const passAll = new Uint8Array([0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]);
const programTypeXdp = 6;

describe("native XDP on veth", { skip: process.getuid?.() === 0 ? false : "needs root" }, () => {
  let lab: XdpLab;
  let engine: XdpEngine;
  const held: number[] = [];

  before(async () => {
    lab = new XdpLab("n");
    for (const host of ["cl", "d1", "d2", "n1", "n2"])
      lab.in(host, "ethtool", "-K", "eth0", "tx", "off");
    for (const host of ["d1", "d2"]) await lab.serve(host, 80);
    for (const host of ["n1", "n2"]) await lab.serve(host, 8080);
    const pass = bpf.bpfProgramLoad(programTypeXdp, passAll);
    held.push(pass);
    lab.enter("sw");
    for (const port of ["dieth0", "dieth1"]) {
      const ifindex = syscalls.ifNameToIndex(port);
      held.push(bpf.bpfLinkCreate(pass, ifindex, bpfNumbers.attachXdp, bpfNumbers.xdpFlagNative));
    }
    assert.ok(
      held.every((fd) => fd >= 0),
      held.join(),
    );
    engine = lab.openEngine("native");
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
    for (const fd of held) syscalls.close(fd);
    lab?.close();
  });

  test("it attaches XDP, with tc behind it", () => {
    assert.deepEqual(engine.interfaces(), ["eth0 (native)", "eth1 (native)"]);
    assert.match(lab.in("di", "ip", "link", "show", "dev", "eth0"), /prog\/xdp/);
    assert.match(lab.in("di", "tc", "filter", "show", "dev", "eth0", "ingress"), /keelson_tc/);
  });

  test("DR and NAT answer, and large transfers survive", () => {
    for (const [port, names] of [
      [80, ["d2", "d1"]],
      [81, ["n2", "n1"]],
    ] as const) {
      const answers = [1, 2].map(() => lab.get(`http://${vip}:${port}/`).trim());
      assert.deepEqual(
        answers,
        names.map((name) => `${name} 10.8.0.2`),
      );
      assert.ok(lab.get(`http://${vip}:${port}/500000`).length > 500_000);
    }
  });

  test("a server whose MAC is not known is reached through tc, which waits for it", async () => {
    lab.in("di", "ip", "neigh", "flush", "all");
    await engine.maintain();
    for (const port of [80, 81])
      for (let i = 0; i < 4; i++) assert.match(lab.get(`http://${vip}:${port}/`), / 10\.8\.0\.2/);
  });

  test("an interface that goes down and comes back keeps its programs", async () => {
    lab.in("di", "ip", "link", "set", "dev", "eth1", "down");
    lab.in("di", "ip", "link", "set", "dev", "eth1", "up");
    await engine.maintain();
    await until("NAT answers again", async () => {
      await engine.maintain();
      try {
        return / 10\.8\.0\.2/.test(lab.get(`http://${vip}:81/`));
      } catch {
        return false;
      }
    });
    assert.deepEqual(engine.interfaces(), ["eth0 (native)", "eth1 (native)"]);
  });
});
