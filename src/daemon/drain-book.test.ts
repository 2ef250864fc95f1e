import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../base/address.ts";
import { loadConfiguration } from "../conf/load-configuration.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import type { Model } from "../model/model.ts";
import { desiredTable } from "../plan/desired-table.ts";
import { DrainBook, type DrainFile } from "./drain-book.ts";

const counters = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };

/** The model of one virtual server with these real servers. */
function modelOf(servers: readonly string[], lines = ""): Model {
  const blocks = servers.map((one) => `real_server ${one} 80 {\n }`).join("\n");
  const text = `virtual_server 192.0.2.1 80 {\n protocol TCP\n ${lines}\n ${blocks}\n}\n`;
  const readFile = () => ({ ok: true, value: text }) as const;
  const { model } = loadConfiguration({ path: "test.conf", readFile });
  assert.ok(model !== undefined);
  return model;
}

function tableOf(model: Model): BalancerTable {
  return desiredTable(model, new Map());
}

/** `10.0.0.7 1`: servers of the one service with their weights. */
function servers({ services }: BalancerTable): string[] {
  return (services[0]?.destinations ?? []).map(({ address, weight }) => `${address} ${weight}`);
}

function statistics(model: Model, connections: Readonly<Record<string, number>>) {
  return tableOf(model).services.map(
    ({ key }): ServiceStatistics => ({
      key,
      counters,
      destinations: Object.entries(connections).map(([address, count]) => ({
        address: address as IpAddress,
        port: 80,
        activeConnections: count,
        inactiveConnections: 0,
        counters,
      })),
    }),
  );
}

function bench(file?: DrainFile) {
  const world = { nowMs: 0, log: [] as string[] };
  const book = new DrainBook(
    {
      clock: { nowMs: () => world.nowMs, wallMs: () => world.nowMs },
      log: { write: ({ text }) => world.log.push(text) },
      ...(file === undefined ? {} : { drains: file }),
    },
    () => undefined,
  );
  return { world, book };
}

const both = ["10.0.0.7", "10.0.0.8"];

test("a drained server has weight 0 until it is let in again, and progress is told", () => {
  const { book } = bench();
  const model = modelOf(both);
  const done = book.drain(model, { server: "10.0.0.7" });
  assert.deepEqual(done, {
    ok: true,
    value: "10.0.0.7 gets no new connections, in 1 virtual server",
  });
  assert.deepEqual(servers(book.overlay(tableOf(model))), ["10.0.0.7 0", "10.0.0.8 1"]);
  book.observe(statistics(model, { "10.0.0.7": 5 }));
  book.observe(statistics(model, { "10.0.0.7": 2 }));
  const key = tableOf(model).services[0]?.key;
  assert.ok(key !== undefined);
  const status = book.statusOf(key, { address: "10.0.0.7" as IpAddress, port: 80 });
  assert.deepEqual([status?.atFirst, status?.left, status?.cut], [5, 2, false]);
  assert.equal(book.undrain({ server: "10.0.0.7" }).ok, true);
  assert.deepEqual(servers(book.overlay(tableOf(model))), ["10.0.0.7 1", "10.0.0.8 1"]);
  assert.equal(book.undrain({ server: "10.0.0.7" }).ok, false);
});

test("when its time is over, a drained server is out", () => {
  const { book, world } = bench();
  const model = modelOf(both);
  book.drain(model, { server: "10.0.0.7:80" }, 60_000);
  world.nowMs = 59_999;
  assert.deepEqual(servers(book.overlay(tableOf(model))), ["10.0.0.7 0", "10.0.0.8 1"]);
  world.nowMs = 60_000;
  assert.deepEqual(servers(book.overlay(tableOf(model))), ["10.0.0.8 1"]);
});

test("a server that nobody has configured cannot be drained", () => {
  const { book } = bench();
  assert.equal(book.drain(modelOf(both), { server: "10.0.0.9" }).ok, false);
  assert.equal(book.drain(modelOf(both), { server: "10.0.0.7:81" }).ok, false);
  assert.equal(
    book.drain(modelOf(both), { server: "10.0.0.7", virtualServer: "TCP 192.0.2.9:80" }).ok,
    false,
  );
});

class KeptFile implements DrainFile {
  kept: string | undefined;

  read(): string | undefined {
    return this.kept;
  }

  write(text: string): void {
    this.kept = text;
  }

  remove(): void {
    this.kept = undefined;
  }
}

test("what is drained stays so for the next director", () => {
  const file = new KeptFile();
  const model = modelOf(both);
  bench(file).book.drain(model, { server: "10.0.0.8" });
  assert.deepEqual(servers(bench(file).book.overlay(tableOf(model))), ["10.0.0.7 1", "10.0.0.8 0"]);
  file.kept = file.kept?.slice(0, 5);
  assert.deepEqual(servers(bench(file).book.overlay(tableOf(model))), ["10.0.0.7 1", "10.0.0.8 1"]);
});

test("when nobody is drained any more, no file is left", () => {
  const file = new KeptFile();
  const model = modelOf(both);
  const { book } = bench(file);
  book.drain(model, { server: "10.0.0.8" });
  assert.notEqual(file.kept, undefined);
  book.reload(tableOf(model), model, model);
  assert.notEqual(file.kept, undefined, "a reload does not forget the order");
  book.undrain({ server: "10.0.0.8" });
  assert.equal(file.kept, undefined);
  book.reload(tableOf(model), model, model);
  assert.equal(file.kept, undefined);
});

test("with drain_time a server that a reload removes leaves when its connections have ended", () => {
  const { book, world } = bench();
  const [before, after] = [modelOf(both, "drain_time 60"), modelOf(["10.0.0.8"], "drain_time 60")];
  book.reload(tableOf(before), before, after);
  assert.deepEqual(servers(book.overlay(tableOf(after))), ["10.0.0.8 1", "10.0.0.7 0"]);
  world.nowMs = 4000;
  assert.equal(book.observe(statistics(after, { "10.0.0.7": 1 })), false);
  assert.equal(book.observe(statistics(after, { "10.0.0.7": 0 })), true);
  assert.deepEqual(servers(book.overlay(tableOf(after))), ["10.0.0.8 1"]);
  assert.match(world.log[0] ?? "", /10\.0\.0\.7:80 is out: its connections have ended/);
});

test("what is left after drain_time is cut off", () => {
  const { book, world } = bench();
  const [before, after] = [modelOf(both, "drain_time 60"), modelOf(["10.0.0.8"], "drain_time 60")];
  book.reload(tableOf(before), before, after);
  book.observe(statistics(after, { "10.0.0.7": 3 }));
  world.nowMs = 60_000;
  assert.deepEqual(servers(book.overlay(tableOf(after))), ["10.0.0.8 1"]);
  assert.equal(book.observe(statistics(after, { "10.0.0.7": 3 })), true);
  assert.match(world.log[0] ?? "", /3 connections are cut off/);
});

test("without drain_time a reload takes out at once, and a server that comes back no longer leaves", () => {
  const { book } = bench();
  const [plain, less] = [modelOf(both), modelOf(["10.0.0.8"])];
  book.reload(tableOf(plain), plain, less);
  assert.deepEqual(servers(book.overlay(tableOf(less))), ["10.0.0.8 1"]);
  const [before, after] = [modelOf(both, "drain_time 60"), modelOf(["10.0.0.8"], "drain_time 60")];
  book.reload(tableOf(before), before, after);
  book.reload(book.overlay(tableOf(after)), after, before);
  assert.deepEqual(servers(book.overlay(tableOf(before))), ["10.0.0.7 1", "10.0.0.8 1"]);
  assert.equal(book.leaving.length, 0);
});
