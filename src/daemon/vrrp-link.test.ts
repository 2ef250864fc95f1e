import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import { wishOfInstances } from "../model/vrrp-wish.ts";
import type { FromVrrp, ToVrrp } from "./vrrp-channel.ts";
import { VrrpLink } from "./vrrp-link.ts";

// The link passes instances on without looking into them.
const wish = wishOfInstances([{ name: "VI_1" }] as unknown as readonly VrrpInstance[]);
const nothing = wishOfInstances([]);

/** A VRRP process that notes what it is told and answers as a real one does. */
class Listener {
  readonly told: ToVrrp[] = [];
  readonly path: string;
  readonly #server: Server;
  #client: Socket | undefined;

  constructor(path: string) {
    this.path = path;
    this.#server = createServer((socket) => {
      this.#client = socket;
      socket.setEncoding("utf8");
      let rest = "";
      socket.on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.#take(JSON.parse(line) as ToVrrp);
      });
      this.tell({ kind: "hello", pid: 77, protocol: 2 });
    });
    this.#server.listen(path);
  }

  tell(message: FromVrrp): void {
    this.#client?.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#client?.destroy();
    this.#server.close();
  }

  #take(request: ToVrrp): void {
    this.told.push(request);
    switch (request.kind) {
      case "configure":
        this.tell({ kind: "configured", requestId: request.requestId, changes: ["VI_1: added"] });
        return;
      case "report": {
        const { requestId } = request;
        this.tell({
          kind: "report",
          requestId,
          instances: [],
          syncGroups: [],
          netlinkOperations: 5,
        });
        return;
      }
      case "stop":
        this.tell({ kind: "stopped" });
        this.#client?.end();
        return;
      case "tracker":
        return;
    }
  }
}

function bench(t: TestContext): { listener: Listener; link: VrrpLink; heard: string[] } {
  const directory = mkdtempSync(join(tmpdir(), "keelson-link-"));
  const socketPath = join(directory, "vrrp.sock");
  const listener = new Listener(socketPath);
  const heard: string[] = [];
  const link = new VrrpLink({
    processSettings: () => ({
      socketPath,
      logPath: join(directory, "vrrp.log"),
      realtimePriority: 0,
      nice: undefined,
    }),
    log: { write: (event) => heard.push(event.text) },
    onTransition: ({ instance, to }) => heard.push(`${instance} ${to}`),
    onRepair: ({ found }) => heard.push(found),
  });
  t.after(() => {
    link.release();
    listener.close();
    rmSync(directory, { recursive: true });
  });
  return { listener, link, heard };
}

test("a living process is adopted: it learns script results before the instances", async (t) => {
  const { listener, link } = bench(t);
  link.track({
    kind: "tracker",
    tracker: "script",
    name: "web",
    result: { up: false, weight: -20, text: "exit status 1" },
  });
  assert.deepEqual(await link.configure(wish), ["VI_1: added"]);
  assert.equal(link.origin, "adopted");
  assert.equal(link.pid, 77);
  assert.deepEqual(
    listener.told.map((message) => message.kind),
    ["tracker", "configure"],
  );
});

test("a script that is not configured any more is not told to the next process", async (t) => {
  const { listener, link } = bench(t);
  link.track({
    kind: "tracker",
    tracker: "script",
    name: "web",
    result: { up: true, weight: 0, text: "" },
  });
  link.keepTrackers("script", new Set(["other"]));
  await link.configure(wish);
  assert.deepEqual(
    listener.told.map((message) => message.kind),
    ["configure"],
  );
});

test("news of the process reach their listeners, its log the log", async (t) => {
  const { listener, link, heard } = bench(t);
  await link.configure(wish);
  const cause = { kind: "master-down", text: "no advert" };
  listener.tell({
    kind: "transition",
    instance: "VI_1",
    from: "BACKUP",
    to: "MASTER",
    cause,
    atMs: 1,
  });
  listener.tell({ kind: "repair", found: "10.0.0.1 was gone", done: "added", ok: true, atMs: 1 });
  listener.tell({ kind: "log", event: { level: "notice", kind: "k", text: "a line" } });
  // Messages come in their order, so that an answer follows what was told before.
  assert.equal((await link.report())?.netlinkOperations, 5);
  assert.deepEqual(heard, ["VI_1 MASTER", "10.0.0.1 was gone", "a line"]);
});

test("a stop is over when the process is gone, and no other is started", async (t) => {
  const { listener, link, heard } = bench(t);
  await link.configure(wish);
  assert.equal(await link.stop(5000), true);
  assert.equal(listener.told[listener.told.length - 1]?.kind, "stop");
  assert.equal(link.pid, undefined);
  assert.deepEqual(heard, []);
});

test("without instances a living process is asked to end, and without one nothing happens", async (t) => {
  const { listener, link } = bench(t);
  assert.deepEqual(await link.configure(nothing), []);
  assert.deepEqual(
    listener.told.map((message) => message.kind),
    ["stop"],
  );
  listener.close();
  assert.deepEqual(await link.configure(nothing), []);
  assert.equal(await link.report(), undefined);
});

test("instances that come back after the last had gone are run, again and again", async (t) => {
  const { link, listener, heard } = bench(t);
  for (let round = 0; round < 3; round++) {
    assert.deepEqual(await link.configure(wish), ["VI_1: added"]);
    assert.deepEqual(await link.configure(nothing), []);
  }
  assert.deepEqual(
    listener.told.map((message) => message.kind).filter((kind) => kind === "stop"),
    ["stop", "stop", "stop"],
  );
  assert.deepEqual(heard, []);
});
