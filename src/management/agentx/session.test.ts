import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { LogEvent } from "../../world/log.ts";
import { oid } from "../snmp/oid.ts";
import { integer } from "../snmp/value.ts";
import { AgentxFraming } from "./framing.ts";
import { agentxError, decodeMessage } from "./message.ts";
import { AgentxSession } from "./session.ts";

const patienceMs = 20_000;
const subtree = oid("1.3.6.1.4.1.1");
const kinds: Readonly<Record<number, string>> = {
  1: "open",
  2: "close",
  3: "register",
  12: "notify",
  13: "ping",
};

/** A master agent that does what a test wants. */
class Master {
  readonly heard: string[] = [];
  /** Errors of answers by kind of request. */
  readonly errors: Record<string, number> = {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(path: string) {
    this.#server = createServer((socket) => this.#serve(socket)).listen(path);
  }

  get socket(): Socket | undefined {
    return [...this.#sockets].at(-1);
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const framing = new AgentxFraming();
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      for (const message of framing.push(chunk)) {
        const kind = kinds[message[1] ?? 0] ?? "response";
        this.heard.push(kind);
        if (kind !== "response") socket.write(this.#answer(message, this.errors[kind] ?? 0));
      }
    });
  }

  #answer(request: Buffer, error: number): Buffer {
    const { header } = decodeMessage(request);
    const answer = Buffer.alloc(28);
    answer.set([1, 18, 0x10, 0]);
    answer.writeUInt32BE(77, 4);
    answer.writeUInt32BE(header.transactionId, 8);
    answer.writeUInt32BE(header.packetId, 12);
    answer.writeUInt32BE(8, 16);
    answer.writeUInt32BE(1234, 20);
    answer.writeUInt16BE(error, 24);
    return answer;
  }
}

let directory: string;
let path: string;
let master: Master;
let session: AgentxSession;
let log: LogEvent[];

function openSession(): AgentxSession {
  const opened = new AgentxSession({
    master: { path },
    description: "test",
    subtrees: [subtree],
    answer: async () => ({ error: 0, index: 0, varbinds: [{ oid: subtree, value: integer(1) }] }),
    log: { write: (event) => log.push(event) },
    nowMs: () => 100_000,
  });
  opened.start();
  return opened;
}

async function until(isTrue: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!isTrue()) {
    assert.ok(performance.now() < endMs, `${what}: never; heard ${master.heard.join(" ")}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const says = (text: string): boolean => log.some((event) => event.text.includes(text));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agentx-"));
  path = join(directory, "master");
  log = [];
});
afterEach(async () => {
  session.close();
  await master.close();
  rmSync(directory, { recursive: true, force: true });
});

test("a session opens, registers what it serves, and says once that it serves", async () => {
  master = new Master(path);
  session = openSession();
  await until(() => says("serves through"), "serves");
  assert.deepEqual(master.heard, ["open", "register"]);
  assert.equal(session.masterBootMs, 100_000 - 12_340);
});

test("without a master agent it tries again, and what was to be told is told then", async () => {
  master = new Master(path);
  await master.close();
  session = openSession();
  session.notify([{ oid: subtree, value: integer(1) }]);
  await until(() => says("no master agent at unix:"), "complains");
  master = new Master(path);
  await until(() => master.heard.includes("notify"), "tells");
  assert.deepEqual(master.heard, ["open", "register", "notify"]);
  assert.equal(log.length, 2, "one line for the failure, one for the success");
});

test("a master agent that restarts is found again", async () => {
  master = new Master(path);
  session = openSession();
  await until(() => says("serves through"), "serves");
  await master.close();
  await until(() => says("no master agent"), "notices");
  master = new Master(path);
  await until(() => master.heard.includes("register"), "comes back");
});

test("a master agent that speaks nonsense is left, and asked again", async () => {
  master = new Master(path);
  session = openSession();
  await until(() => says("serves through"), "serves");
  master.socket?.write(Buffer.alloc(40, 0xff));
  await until(() => says("version 255 is not 1"), "refuses");
  await until(() => master.heard.filter((kind) => kind === "register").length === 2, "comes back");
});

test("requests are answered, also those of which several come at once or in pieces", async () => {
  master = new Master(path);
  session = openSession();
  await until(() => says("serves through"), "serves");
  const get = Buffer.from(
    "0105100000000001000000020000000300000010" + "02040000" + "0000000100000001" + "00000000",
    "hex",
  );
  const both = Buffer.concat([get, get]);
  master.socket?.write(both.subarray(0, 50));
  await new Promise((resolve) => setTimeout(resolve, 20));
  master.socket?.write(both.subarray(50));
  await until(() => master.heard.filter((kind) => kind === "response").length === 2, "answers");
});

test("a subtree that another agent serves is named; the session goes on", async () => {
  master = new Master(path);
  master.errors["register"] = agentxError.duplicateRegistration;
  session = openSession();
  await until(() => says("serves through"), "goes on");
  assert.ok(says("1.3.6.1.4.1.1 is not served: another agent serves it"));
});

test("a session that ends says goodbye", async () => {
  master = new Master(path);
  session = openSession();
  await until(() => says("serves through"), "serves");
  session.close();
  await until(() => master.heard.includes("close"), "says goodbye");
});
