import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ControlAnswer } from "../api/control-protocol.ts";
import { type PlaneRequest, parsePlaneRequest } from "../api/plane-protocol.ts";
import { parseIpAddress } from "../base/address.ts";
import { ok } from "../base/result.ts";
import { loadConfiguration } from "../conf/load-configuration.ts";
import { ByHand } from "../linux/by-hand.ts";
import type { Service } from "../model/balancer-table.ts";
import { virtualServerIdentity } from "../model/health.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import { TableEngine } from "../simulated/table-engine.ts";
import { DataPlane } from "./data-plane.ts";
import { answerPlane } from "./plane-requests.ts";

function keyOf(text: string): VirtualServerKey {
  const address = parseIpAddress(text);
  assert.ok(address.ok);
  return { kind: "address", address: address.value, port: 80, protocol: "TCP" };
}

function service(text: string): Service {
  return {
    key: keyOf(text),
    scheduler: "rr",
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    destinations: [],
  };
}

/** A data plane whose configuration has one service, 10.0.0.1. */
async function stage(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "by-hand-"));
  const path = join(directory, "by-hand.json");
  const engine = new TableEngine("xdp");
  const configured = [service("10.0.0.1")];
  const byHand = new ByHand(path);
  const log: string[] = [];
  const plane = new DataPlane({
    openers: {
      xdp: async () => ok(engine),
      ipvs: async () => ok(engine),
      model: async () => ok(engine),
      left: () => [],
      remove: async () => undefined,
    },
    clock: { nowMs: () => performance.now(), wallMs: () => Date.now() },
    log: { write: () => undefined },
    desired: () => ({ services: byHand.joinedTo(configured) }),
    syncDaemons: () => undefined,
    onRepair: ({ found }) => log.push(found),
  });
  t.after(async () => {
    await plane.release();
    rmSync(directory, { recursive: true });
  });
  const loaded = loadConfiguration({
    path: "x",
    readFile: () => ok("virtual_server 10.0.0.1 80 {\n real_server 10.0.0.7 80 {\n }\n}\n"),
    listFiles: () => [],
  });
  assert.ok(loaded.model !== undefined);
  await plane.configure(loaded.model.global);
  await plane.settle();
  const ask = (request: PlaneRequest): Promise<ControlAnswer> => {
    // As it comes over the socket.
    const parsed = parsePlaneRequest(JSON.parse(JSON.stringify(request)));
    assert.ok(parsed.ok, parsed.ok ? "" : parsed.fault);
    return answerPlane(parsed.value, {
      plane,
      byHand,
      owned: () => new Set(configured.map(({ key }) => virtualServerIdentity(key))),
      tell: (text) => log.push(text),
    });
  };
  const apply = (operation: BalancerOperation) => ask({ kind: "apply", operation });
  const names = () => engine.table.services.map(({ key }) => virtualServerIdentity(key));
  return { ask, apply, names, plane, path, log };
}

test("a service added by hand stays beside the configured ones, and is no foreign change", async (t) => {
  const { apply, names, plane, path, log } = await stage(t);
  assert.deepEqual(await apply({ kind: "add-service", service: service("10.0.0.2") }), {
    ok: true,
    plane: { kind: "done" },
  });
  await plane.settle();
  assert.deepEqual(names(), ["TCP 10.0.0.1:80", "TCP 10.0.0.2:80"]);
  assert.deepEqual(log, ["TCP 10.0.0.2:80: add-service, by hand"]);
  assert.equal(new ByHand(path).services.length, 1, "the next process knows it");
});

test("a change to a configured service is refused and says where to change it", async (t) => {
  const { apply, names } = await stage(t);
  const answer = await apply({ kind: "remove-service", key: keyOf("10.0.0.1") });
  assert.ok(!answer.ok);
  assert.match(answer.error, /TCP 10\.0\.0\.1:80 is the director's.*configuration/);
  assert.deepEqual(names(), ["TCP 10.0.0.1:80"]);
});

test("clearing takes out what was added by hand, and says what stays", async (t) => {
  const { ask, apply, names, path } = await stage(t);
  await apply({ kind: "add-service", service: service("10.0.0.2") });
  const answer = await ask({ kind: "flush" });
  assert.ok(!answer.ok);
  assert.match(answer.error, /10\.0\.0\.1:80/);
  assert.deepEqual(names(), ["TCP 10.0.0.1:80"]);
  assert.equal(new ByHand(path).services.length, 0);
});

test("a service that the configuration gets is left to it", () => {
  const directory = mkdtempSync(join(tmpdir(), "by-hand-"));
  const byHand = new ByHand(join(directory, "by-hand.json"));
  byHand.take({ kind: "add-service", service: service("10.0.0.2") });
  const wish = byHand.joinedTo([service("10.0.0.2")]);
  assert.equal(wish.length, 1);
  assert.deepEqual(byHand.services, []);
  rmSync(directory, { recursive: true });
});

test("a request that no ipvsadm sends is refused", () => {
  for (const bad of [
    { kind: "apply", operation: { kind: "add-service", service: { key: {}, scheduler: "rr" } } },
    { kind: "apply", operation: { kind: "remove-service", key: { kind: "fwmark", fwmark: 0 } } },
    { kind: "configure", settings: { constructor: 1 } },
    { kind: "start-daemon", daemon: { role: "master", interface: "", syncId: 0 } },
    { kind: "fly" },
    7,
  ])
    assert.equal(parsePlaneRequest(bad).ok, false, JSON.stringify(bad));
});
