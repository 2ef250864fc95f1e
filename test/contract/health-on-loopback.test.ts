// Health checks from the model to the cause, over real sockets of the loopback.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { after, test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { Prng } from "../../src/base/prng.ts";
import { HealthSupervisor } from "../../src/health/engine/health-supervisor.ts";
import { openProbeNetwork } from "../../src/linux/probes/probe-network.ts";
import { openTimerAlarm } from "../../src/linux/probes/timer-alarm.ts";
import type { Model } from "../../src/model/model.ts";
import type { HealthCheck, HttpRequest, RealServer } from "../../src/model/virtual-server.ts";
import { desiredTable } from "../../src/plan/desired-table.ts";
import type { Clock } from "../../src/world/clock.ts";

const loopback = "127.0.0.1" as IpAddress;
const clock: Clock = { nowMs: () => performance.now(), wallMs: () => Date.now() };
const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
const servers = new Set<Server>();
const sockets = new Set<Socket>();
after(() => {
  for (const server of servers) server.close();
  for (const socket of sockets) socket.destroy();
});

async function listen(server: Server, port = 0): Promise<number> {
  servers.add(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(port, loopback, done));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

async function close(server: Server): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((done) => server.close(() => done()));
}

function web(status: number, body: string): Server {
  return createHttpServer((_request, response) => response.writeHead(status).end(body));
}

/** A server that speaks bytes, not HTTP. */
function raw(serve: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on("data", () => {});
    serve(socket);
  });
}

const quick = {
  delayLoopMs: 50,
  connectTimeoutMs: 20_000,
  retries: 1,
  delayBeforeRetryMs: 20,
  warmupMs: 20,
};

function tcpCheck(port: number): HealthCheck {
  return { kind: "TCP_CHECK", timing: quick, target: { address: loopback, port } };
}

function httpCheck(
  port: number,
  request: Partial<HttpRequest> = {},
  connectTimeoutMs = quick.connectTimeoutMs,
): HealthCheck {
  const timing = { ...quick, retries: 0, connectTimeoutMs };
  const requests = [{ path: "/", statusCodes: [], ...request }];
  return { kind: "HTTP_GET", timing, target: { address: loopback, port }, requests };
}

function model(checks: readonly HealthCheck[]): Model {
  const realServers = checks.map(
    (check, i): RealServer => ({
      address: `192.168.0.${i + 1}` as IpAddress,
      port: 80,
      weight: 1,
      forwarding: "DR",
      inhibitOnFailure: false,
      upperThreshold: 0,
      lowerThreshold: 0,
      checks: [check],
    }),
  );
  return {
    global: { engine: "model", attach: "auto", connectionsMax: 1024 },
    vrrpInstances: [],
    vrrpScripts: [],
    virtualServers: [
      {
        key: { kind: "address", address: "10.0.0.1" as IpAddress, port: 80, protocol: "TCP" },
        scheduler: "rr",
        persistenceTimeoutS: 0,
        persistencePrefixLength: 32,
        onePacket: false,
        alpha: false,
        omega: false,
        quorum: 1,
        hysteresis: 0,
        sorryServer: {
          address: "192.168.0.99" as IpAddress,
          port: 80,
          forwarding: "DR",
          inhibit: false,
        },
        realServers,
      },
    ],
  };
}

/** Runs the checks while `body` looks on. */
async function supervise(
  wish: Model,
  body: (look: {
    health: (i: number) => string;
    pool: () => string[];
    until: (condition: () => boolean) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const listeners = new Set<() => void>();
  const supervisor = new HealthSupervisor(
    {
      clock,
      probes: openProbeNetwork(),
      prng: new Prng(1),
      md5,
      openAlarm: (onAlarm) => openTimerAlarm(clock, onAlarm),
    },
    {
      onChange: () => {
        for (const listener of listeners) listener();
      },
      onProbeImpossible: (check, reason) => assert.fail(`${check}: ${reason}`),
    },
  );
  supervisor.configure(wish);
  const health = (i: number): string => {
    const found = supervisor
      .view()
      .get("TCP 10.0.0.1:80")
      ?.realServers.get(`192.168.0.${i + 1}:80`);
    return `${found?.health}: ${found?.cause.text}`;
  };
  const pool = (): string[] =>
    (desiredTable(wish, supervisor.view()).services[0]?.destinations ?? []).map(
      (one) => one.address,
    );
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition())
      await new Promise<void>((done, refuse) => {
        const timer = setTimeout(() => refuse(new Error(`still ${health(0)}`)), 30_000);
        listeners.add(() => {
          clearTimeout(timer);
          done();
        });
      });
    listeners.clear();
  };
  try {
    await body({ health, pool, until });
  } finally {
    supervisor.stop();
  }
}

/** The first verdict of a check that is not `unknown`. */
async function verdict(check: HealthCheck): Promise<string> {
  let text = "";
  await supervise(model([check]), async ({ health, until }) => {
    await until(() => !health(0).startsWith("unknown"));
    text = health(0);
  });
  return text;
}

test("a server that dies leaves the pool, the last one makes way for the sorry server, and both return", async () => {
  const first = web(200, "one");
  const second = web(200, "two");
  const ports = [await listen(first), await listen(second)];
  await supervise(model(ports.map(tcpCheck)), async ({ health, pool, until }) => {
    await until(() => health(0).startsWith("up") && health(1).startsWith("up"));
    await close(first);
    await until(() => health(0).startsWith("down"));
    assert.equal(health(0), `down: connection refused by 127.0.0.1:${ports[0]}, 2 attempts`);
    assert.deepEqual(pool(), ["192.168.0.2"]);
    await close(second);
    await until(() => health(1).startsWith("down"));
    assert.deepEqual(pool(), ["192.168.0.99"]);
    await listen(web(200, "one"), ports[0]);
    await until(() => health(0).startsWith("up"));
    assert.deepEqual(pool(), ["192.168.0.1"]);
  });
});

test("HTTP_GET accepts a good page and its digest", async () => {
  const port = await listen(web(200, "hello"));
  const digest = md5(new Uint8Array(Buffer.from("hello")));
  assert.equal(
    await verdict(httpCheck(port, { digest })),
    `up: HTTP_GET of 127.0.0.1:${port} succeeded`,
  );
});

test("HTTP_GET checks every url, and the first that fails decides", async () => {
  const asked: string[] = [];
  const server = createHttpServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(request.url === "/b" ? 503 : 200).end("x");
  });
  const port = await listen(server);
  const check = httpCheck(port);
  assert.ok(check.kind === "HTTP_GET");
  const requests = ["/a", "/b", "/c"].map((path) => ({ path, statusCodes: [] }));
  assert.equal(
    await verdict({ ...check, requests }),
    `down: 127.0.0.1:${port}: status 503 instead of 200..299 for GET /b, 1 attempt`,
  );
  assert.deepEqual(asked.slice(0, 2), ["/a", "/b"]);
  assert.ok(!asked.includes("/c"));
});

test("HTTP_GET refuses a wrong status and a wrong digest", async () => {
  const failing = await listen(web(500, "oops"));
  assert.equal(
    await verdict(httpCheck(failing)),
    `down: 127.0.0.1:${failing}: status 500 instead of 200..299 for GET /, 1 attempt`,
  );
  const changed = await listen(web(200, "defaced"));
  assert.match(
    await verdict(httpCheck(changed, { digest: md5(new Uint8Array(Buffer.from("hello"))) })),
    /^down: .*: digest [0-9a-f]{32} instead of 5d41402abc4b2a76b9719d911017c592 for GET \/, 1 attempt$/,
  );
});

test("HTTP_GET ends a server that hangs, drips, talks nonsense or never stops", async () => {
  const hung = await listen(raw(() => {}));
  assert.equal(
    await verdict(httpCheck(hung, {}, 400)),
    `down: timed out: 127.0.0.1:${hung} did not send an answer to GET / within 400 ms, 1 attempt`,
  );
  const drip = await listen(
    raw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 10);
      socket.on("close", () => clearInterval(timer));
    }),
  );
  assert.match(
    await verdict(httpCheck(drip, {}, 400)),
    /did not send the end of the answer to GET \/, after \d+ bytes/,
  );
  const nonsense = await listen(raw((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n")));
  assert.match(await verdict(httpCheck(nonsense)), /the answer is not HTTP\/1\.x for GET \//);
  const endless = await listen(
    raw((socket) => {
      const filler = Buffer.from("X-Filler: 1\r\n".repeat(1000));
      const pour = (): void => {
        while (!socket.destroyed && socket.write(filler));
      };
      socket.on("drain", pour);
      socket.write("HTTP/1.1 200 OK\r\n");
      pour();
    }),
  );
  assert.match(await verdict(httpCheck(endless)), /header longer than 65536 bytes for GET \//);
});
