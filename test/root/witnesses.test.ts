// Witnesses are asked over real sockets: an echo, a connection, an HTTP request.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { after, before, test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { Pinger } from "../../src/linux/probes/ping.ts";
import { openProbeNetwork } from "../../src/linux/probes/probe-network.ts";
import { witnessRunner } from "../../src/linux/probes/witness-runner.ts";
import type { Witness, WitnessProbe } from "../../src/model/witness.ts";
import type { ProcessOutcome } from "../../src/world/process.ts";

const skip = process.getuid?.() === 0 ? false : "needs root: raw sockets";
const LOOPBACK = "127.0.0.1" as IpAddress;
const LOOPBACK6 = "::1" as IpAddress;

let status = 200;
const web = createServer((_request, response) => {
  response.statusCode = status;
  response.end();
});

before(async () => {
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
});
const pinger = new Pinger(loadSyscalls());
after(() => {
  pinger.close();
  web.close();
});

const closedPort = await freePort();
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function ask(probe: WitnessProbe, timeoutMs = 2000): Promise<ProcessOutcome> {
  const witness: Witness = { name: "w", probe, intervalMs: 1000, timeoutMs, rise: 1, fall: 1 };
  const runner = witnessRunner({
    pinger,
    probes: openProbeNetwork(),
    witness: (name) => (name === "w" ? witness : undefined),
  });
  return new Promise((resolve) => runner.run({ command: ["w"], timeoutMs }, resolve));
}

test("a host that answers echo requests is seen, in either family", { skip }, async () => {
  for (const address of [LOOPBACK, LOOPBACK6])
    assert.deepEqual(await ask({ kind: "ping", address }), { success: true, text: "answers" });
});

test("an address where no host can be is not, and the reason names it", { skip }, async () => {
  const unreachable = "240.0.0.1" as IpAddress;
  const { success, text } = await ask({ kind: "ping", address: unreachable }, 200);
  assert.equal(success, false);
  assert.match(text, /240\.0\.0\.1/);
});

test("a port that accepts is seen, one that refuses is not", { skip }, async () => {
  const open = await ask({ kind: "tcp", address: LOOPBACK, port: portOf(web) });
  assert.equal(open.success, true);
  const refused = await ask({ kind: "tcp", address: LOOPBACK, port: closedPort });
  assert.equal(refused.success, false);
  assert.match(refused.text, /refused/);
});

test("an HTTP witness answers with a status below 400", { skip }, async () => {
  const probe: WitnessProbe = { kind: "http", address: LOOPBACK, port: portOf(web), path: "/up" };
  status = 204;
  assert.equal((await ask(probe)).success, true);
  status = 503;
  const { success, text } = await ask(probe);
  assert.equal(success, false);
  assert.match(text, /status 503/);
});
