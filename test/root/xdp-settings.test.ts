// Each setting of the balancer acts on packets, and is what the data plane says that it is.

import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import { defaultBalancerSettings } from "../../src/model/balancer-settings.ts";
import type { Service } from "../../src/model/balancer-table.ts";
import type { ConnectionEntry } from "../../src/model/connection-entry.ts";
import {
  FrameStage,
  type Outcome,
  type Packet,
  tcpFlags,
  virtualAddress,
} from "./xdp-frames-stage.ts";
import { apply, destination, service } from "./xdp-lab.ts";

const { syn, ack, fin, rst } = tcpFlags;
const skip = process.getuid?.() === 0 ? false : "needs root";

describe("settings of the xdp engine", { skip }, () => {
  const stage = new FrameStage("settings");
  const a = destination("10.2.0.11", { forwarding: "DR" });
  const b = destination("10.2.0.12", { forwarding: "DR" });

  const web = (changes: Partial<Service> = {}): Service =>
    service(80, [a, b], { address: virtualAddress, ...changes });

  const set = async (settings: Partial<BalancerSettings>): Promise<void> => {
    const done = await stage.engine.configure(settings);
    assert.ok(done.ok, done.ok ? "" : done.fault.text);
  };
  const from = (sourcePort: number, flags: number, more: Partial<Packet> = {}): Outcome =>
    stage.play({ source: "10.1.0.2", sourcePort, flags, ...more });
  const establish = (port: number): number => {
    from(port, syn);
    return from(port, ack).to;
  };
  const listed = async (): Promise<readonly ConnectionEntry[]> => {
    const connections = await stage.engine.connections();
    assert.ok(connections.ok);
    return [...connections.value];
  };

  beforeEach(async () => {
    await stage.open();
  });
  after(() => stage.close());

  test("without a word from anybody the kernel's defaults are in force, and outlive the daemon", async () => {
    const first = await stage.engine.settings();
    assert.deepEqual(first, { ok: true, value: defaultBalancerSettings });
    await set({ tcpEstablishedTimeoutS: 7200, sloppyTcp: true });
    const adopted = await (await stage.open(false)).settings();
    const expected = { ...defaultBalancerSettings, tcpEstablishedTimeoutS: 7200, sloppyTcp: true };
    assert.deepEqual(adopted, { ok: true, value: expected });
  });

  test("timeouts are those of the next packet", async () => {
    await apply(stage.engine, { kind: "add-service", service: web() });
    await set({ tcpEstablishedTimeoutS: 5000, tcpFinTimeoutS: 33 });
    establish(1000);
    establish(1001);
    from(1001, fin | ack);
    const seconds = (await listed()).map(({ state, expiresInS }) => [state, expiresInS]);
    for (const [state, expiresInS] of seconds) {
      const expected = state === "ESTABLISHED" ? 5000 : 33;
      assert.ok(Number(expiresInS) > expected - 3 && Number(expiresInS) <= expected, `${seconds}`);
    }
    assert.deepEqual(seconds.map(([state]) => state).sort(), ["ESTABLISHED", "FIN_WAIT"]);
  });

  test("expireNodestConnections: a packet of a connection without a real server begins anew", async () => {
    await apply(stage.engine, { kind: "add-service", service: web() });
    const gone = establish(2000) === 11 ? a : b;
    const other = gone === a ? 12 : 11;
    await apply(stage.engine, {
      kind: "remove-destination",
      key: web().key,
      address: gone.address,
      port: gone.port,
    });
    assert.equal(from(2000, ack).verdict, "drop");
    await set({ expireNodestConnections: true });
    assert.equal(from(2000, ack).verdict, "pass");
    assert.equal((await listed()).length, 0);
    assert.equal(from(2000, syn).to, other);
  });

  test("expireQuiescentTemplates: weight 0 ends a client's persistence", async () => {
    const persistent = web({ persistenceTimeoutS: 300 });
    await apply(stage.engine, { kind: "add-service", service: persistent });
    const to = establish(3000);
    const chosen = to === 11 ? a : b;
    await apply(stage.engine, {
      kind: "change-destination",
      key: persistent.key,
      destination: { ...chosen, weight: 0 },
    });
    assert.equal(establish(3001), to);
    await set({ expireQuiescentTemplates: true });
    assert.notEqual(establish(3002), to);
  });

  test("connectionReuseMode: when a SYN on an old connection begins anew", async () => {
    await apply(stage.engine, { kind: "add-service", service: web() });
    const reused = (port: number, ...closing: readonly number[]): boolean => {
      const before = establish(port);
      // Another connection, so that the scheduler's next choice is the same server's again.
      for (const flags of closing) from(port, flags);
      const first = from(port, syn).to;
      return first !== before;
    };
    await set({ connectionReuseMode: 0 });
    assert.equal(reused(4000, rst), false);
    await set({ connectionReuseMode: 1 });
    assert.equal(reused(4001, rst), true);
    assert.equal(reused(4002, fin | ack), false);
    await set({ connectionReuseMode: 2 });
    assert.equal(reused(4003, fin | ack), true);
  });

  test("sloppyTcp: a segment without a connection begins one", async () => {
    await apply(stage.engine, { kind: "add-service", service: web() });
    assert.equal(from(5000, ack).verdict, "pass");
    await set({ sloppyTcp: true });
    assert.equal(from(5000, ack).verdict, "send");
    assert.equal(from(5001, rst | ack).verdict, "pass");
    assert.deepEqual(
      (await listed()).map(({ state }) => state),
      ["ESTABLISHED"],
    );
  });

  test("natIcmpSend: a NAT real server hears of connections that nobody knows", async () => {
    const natted = web({ destinations: [destination("10.2.0.11", { forwarding: "NAT" })] });
    await apply(stage.engine, { kind: "add-service", service: natted });
    const reply = (flags: number): Outcome =>
      stage.play({
        source: "10.2.0.11",
        sourcePort: 80,
        target: "10.1.0.2",
        targetPort: 6000,
        flags,
      });
    assert.equal(reply(ack).verdict, "pass");
    await set({ natIcmpSend: true });
    const { verdict, frame } = reply(ack);
    assert.equal(verdict, "send");
    assert.deepEqual([frame[23], frame[34], frame[35]], [1, 3, 3], "ICMP port unreachable");
    assert.equal(frame.subarray(30, 34).join("."), "10.2.0.11");
    assert.equal(reply(rst).verdict, "pass");
  });

  test("what cannot act is refused and changes nothing", async () => {
    for (const settings of [
      { syncThreshold: 50 },
      { syncRetries: 4 },
      { connectionReuseMode: 4 },
      { udpTimeoutS: 0 },
      { pathMtuDiscovery: false },
      { scheduleIcmp: true },
      { cacheBypass: true },
      { sloppySctp: true },
    ]) {
      const done = await stage.engine.configure({ sloppyTcp: true, ...settings });
      assert.equal(done.ok ? "done" : done.fault.kind, "not-supported");
    }
    assert.deepEqual(await stage.engine.settings(), { ok: true, value: defaultBalancerSettings });
  });
});
