import assert from "node:assert/strict";
import { test } from "node:test";
import { fail } from "../base/result.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import { TableEngine } from "../simulated/table-engine.ts";
import type { LogEvent } from "../world/log.ts";
import { SyncKeeper } from "./sync-keeper.ts";

const daemon = (role: SyncDaemonState["role"], syncId = 51): SyncDaemonState => ({
  role,
  interface: "eth1",
  syncId,
});

function bench(first: readonly SyncDaemonState[] | undefined) {
  const engine = new TableEngine("ipvs");
  const log: LogEvent[] = [];
  const world = { wished: first, nowMs: 0 };
  const keeper = new SyncKeeper({
    engine,
    clock: { nowMs: () => world.nowMs, wallMs: () => world.nowMs },
    log: { write: (event) => log.push(event) },
    wished: () => world.wished,
  });
  const roles = (): string[] => engine.daemons.map(({ role, syncId }) => `${role} ${syncId}`);
  return { engine, log, world, keeper, roles };
}

test("the role changes with the wish: one daemon stops before the other starts", async () => {
  const { keeper, world, roles, log } = bench([daemon("backup")]);
  await keeper.settle();
  assert.deepEqual(roles(), ["backup 51"]);
  world.wished = [daemon("master")];
  await keeper.settle();
  assert.deepEqual(roles(), ["master 51"]);
  assert.deepEqual(
    log.map(({ text }) => text),
    [
      "data plane: start the sync daemon: backup on eth1, id 51",
      "data plane: stop the sync daemon: backup",
      "data plane: start the sync daemon: master on eth1, id 51",
    ],
  );
});

test("other settings start a daemon anew, what the kernel adds by itself does not", async () => {
  const { keeper, world, roles, engine, log } = bench([daemon("master")]);
  engine.daemons = [{ ...daemon("master"), maxLength: 1472, port: 8848, ttl: 1 }];
  await keeper.settle();
  assert.deepEqual(log, []);
  world.wished = [daemon("master", 9)];
  await keeper.settle();
  assert.deepEqual(roles(), ["master 9"]);
});

test("daemons of others are left alone, those that were wished for end with the wish", async () => {
  const { keeper, world, roles, engine } = bench(undefined);
  engine.daemons = [daemon("master", 3)];
  await keeper.settle();
  await keeper.end();
  assert.deepEqual(roles(), ["master 3"]);
  world.wished = [daemon("backup")];
  await keeper.settle();
  assert.deepEqual(roles(), ["backup 51"]);
  world.wished = undefined;
  await keeper.settle();
  assert.deepEqual(roles(), []);
});

test("a daemon that somebody has ended comes back, and the stop ends it", async () => {
  const { keeper, roles, engine } = bench([daemon("master"), daemon("backup")]);
  await keeper.settle();
  engine.daemons = [];
  await keeper.settle();
  assert.deepEqual(roles(), ["master 51", "backup 51"]);
  await keeper.end();
  assert.deepEqual(roles(), []);
});

test("a refusal is told once, and tried again later", async () => {
  const { keeper, world, engine, log } = bench([daemon("master")]);
  let attempts = 0;
  engine.startSyncDaemon = async () => {
    attempts++;
    return fail({ kind: "not-found", text: "there is no interface eth1" });
  };
  for (let round = 0; round < 10; round++) await keeper.settle();
  assert.equal(attempts, 1);
  assert.equal(log.length, 1);
  assert.match(log[0]?.text ?? "", /cannot start the sync daemon: .*there is no interface eth1/);
  world.nowMs = 60_000;
  await keeper.settle();
  assert.equal(attempts, 2);
});
