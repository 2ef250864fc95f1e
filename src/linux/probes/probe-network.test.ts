import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import type { CheckTarget } from "../../model/virtual-server.ts";
import type { ProbeDialogue, ProbeOutcome } from "../../world/probe-network.ts";
import { outcomeOfError } from "./connect-error.ts";
import { openProbeNetwork } from "./probe-network.ts";

const probes = openProbeNetwork();
const loopback = "127.0.0.1" as IpAddress;

/** A server for the time of `body`; every connection it still has is destroyed at the end. */
async function withServer(
  serve: (socket: Socket) => void,
  body: (target: CheckTarget, server: Server) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((done) => server.listen(0, loopback, done));
  try {
    await body({ address: loopback, port: portOf(server) }, server);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((done) => server.close(() => done()));
  }
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

function tcp(target: CheckTarget, timeoutMs = 10_000): Promise<ProbeOutcome> {
  return new Promise((done) => probes.tcpConnect(target, timeoutMs, done));
}

/** Sends `request` and is content with an answer that ends in `ok`. */
function askForOk(): ProbeDialogue {
  let answer = "";
  return {
    request: new Uint8Array(Buffer.from("hello\n")),
    receive: (bytes) => {
      answer += Buffer.from(bytes).toString("latin1");
      if (answer.endsWith("no")) return { kind: "failed", reason: "it said no" };
      return { kind: answer.endsWith("ok") ? "succeeded" : "more" };
    },
    end: () => ({ kind: "failed", reason: `closed after ${answer.length} bytes` }),
    waitingFor: () => "ok",
  };
}

function talk(target: CheckTarget, timeoutMs = 10_000): Promise<ProbeOutcome> {
  return new Promise((done) => probes.tcpDialogue(target, timeoutMs, askForOk(), done));
}

function reasonOf(outcome: ProbeOutcome): string {
  return outcome.kind === "succeeded" ? "succeeded" : `${outcome.kind}: ${outcome.reason}`;
}

/** A port of the loopback that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, loopback, done));
  const port = portOf(server);
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}

function socketCount(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCP(Socket|Connect)/.test(name)).length;
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, `not within 20 s: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

test("a listening server is up, and the probe resets its connection", async () => {
  const errors: string[] = [];
  await withServer(
    (socket) => socket.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? "")),
    async (target) => {
      const outcome = await tcp(target);
      assert.equal(outcome.kind, "succeeded");
      assert.ok(outcome.kind === "succeeded" && outcome.latencyMs >= 0);
      await until(() => errors.length > 0, "the server sees the reset");
      assert.deepEqual(errors, ["ECONNRESET"]);
    },
  );
});

test("a closed port refuses", async () => {
  const port = await closedPort();
  const outcome = await tcp({ address: loopback, port });
  assert.equal(reasonOf(outcome), `failed: connection refused by 127.0.0.1:${port}`);
});

test("errors of the network blame the server, errors of this machine do not", () => {
  const outcome = (code: string): string =>
    reasonOf(outcomeOfError(Object.assign(new Error(code), { code }), "10.0.0.7:80"));
  assert.equal(outcome("EHOSTUNREACH"), "failed: no route to host 10.0.0.7:80");
  assert.equal(outcome("ENETUNREACH"), "failed: network of 10.0.0.7:80 is unreachable");
  assert.equal(outcome("ETIMEDOUT"), "failed: timed out: no connection to 10.0.0.7:80");
  assert.equal(outcome("EPROTO"), "failed: connection to 10.0.0.7:80 failed: EPROTO");
  assert.equal(
    outcome("EMFILE"),
    "impossible: cannot probe 10.0.0.7:80: too many open files (EMFILE)",
  );
  assert.match(outcome("ERR_SOCKET_BAD_PORT"), /^impossible: /);
});

test("a local address that this machine has not is this machine's fault", async () => {
  await withServer(
    () => {},
    async (target) => {
      const outcome = await tcp({ ...target, bindAddress: "192.0.2.77" as IpAddress });
      assert.equal(outcome.kind, "impossible");
      assert.match(reasonOf(outcome), /local address or port is not available/);
    },
  );
});

test("the probe comes from the address that it is bound to", async () => {
  const sources: string[] = [];
  await withServer(
    (socket) => sources.push(socket.remoteAddress ?? ""),
    async (target) => {
      await tcp({ ...target, bindAddress: "127.0.0.9" as IpAddress });
      await until(() => sources.length > 0, "the server sees the connection");
      assert.deepEqual(sources, ["127.0.0.9"]);
    },
  );
});

test("a dialogue succeeds and fails as its judgement says", async () => {
  await withServer(
    (socket) => socket.write("ok"),
    async (target) => assert.equal((await talk(target)).kind, "succeeded"),
  );
  await withServer(
    (socket) => socket.write("no"),
    async (target) =>
      assert.equal(reasonOf(await talk(target)), `failed: 127.0.0.1:${target.port}: it said no`),
  );
});

test("a server that closes or resets in the middle of a dialogue fails", async () => {
  await withServer(
    (socket) => socket.end("half"),
    async (target) => assert.match(reasonOf(await talk(target)), /closed after 4 bytes/),
  );
  await withServer(
    (socket) => socket.once("data", () => socket.resetAndDestroy()),
    async (target) =>
      assert.equal(
        reasonOf(await talk(target)),
        `failed: connection reset by 127.0.0.1:${target.port}`,
      ),
  );
});

test("a silent server times out", async () => {
  await withServer(
    () => {},
    async (target) =>
      assert.equal(
        reasonOf(await talk(target, 100)),
        `failed: timed out: 127.0.0.1:${target.port} did not send ok within 100 ms`,
      ),
  );
});

test("a server that drips bytes times out all the same", async () => {
  const drips: NodeJS.Timeout[] = [];
  await withServer(
    (socket) => drips.push(setInterval(() => socket.write("x"), 10)),
    async (target) =>
      assert.match(reasonOf(await talk(target, 200)), /did not send ok within 200 ms/),
  );
  for (const drip of drips) clearInterval(drip);
});

test("a cancelled probe says nothing and leaves no socket", async () => {
  await withServer(
    () => {},
    async (target) => {
      const before = socketCount();
      const cancels = [
        probes.tcpConnect(target, 1000, () => assert.fail("called after cancel")),
        probes.tcpDialogue(target, 1000, askForOk(), () => assert.fail("called after cancel")),
      ];
      for (const cancel of cancels) cancel();
      for (const cancel of cancels) cancel();
      await until(() => socketCount() <= before, "the sockets are gone");
    },
  );
});

test("thousands of probes leave no descriptor and no TIME_WAIT behind", async () => {
  const descriptors = (): number => readdirSync("/proc/self/fd").length;
  const refusing = { address: loopback, port: await closedPort() };
  await withServer(
    (socket) => socket.write("ok"),
    async (target, server) => {
      await tcp(target);
      const before = descriptors();
      for (let round = 0; round < 20; round++) {
        const batch: Promise<ProbeOutcome>[] = [];
        for (let i = 0; i < 50; i++) batch.push(tcp(target), talk(target), tcp(refusing));
        for (const outcome of await Promise.all(batch)) assert.notEqual(outcome.kind, "impossible");
      }
      const connections = (): Promise<number> =>
        new Promise((done) => server.getConnections((_error, count) => done(count)));
      await until(() => descriptors() <= before + 2, "descriptors are back to where they were");
      await until(async () => (await connections()) === 0, "the server has no connection left");
      assert.equal(timeWaits(target.port), 0);
    },
  );
});

/** Sockets in TIME_WAIT (state 06) that touch a port. */
function timeWaits(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const table = readFileSync("/proc/net/tcp", "latin1").split("\n");
  return table.filter((line) => line.includes(`:${hex} `) && / 06 /.test(line)).length;
}
