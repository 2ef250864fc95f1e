// A director dies with 1,000 live connections, by DR and by NAT: the one that heard of them goes on, and
// no client is reset.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { removeXdpEngine } from "../../src/linux/xdp/remove.ts";
import { bpf, natServers, run, syscalls, until, vip, XdpLab } from "./xdp-lab.ts";

const skip = process.getuid?.() === 0 ? false : "needs root";
const directorFile = fileURLToPath(new URL("./xdp-sync-director.js", import.meta.url));
const connectionsEach = 500;

const echoServer = (port: number, host: string): string => `
  require("node:net").createServer((s) => { s.on("error", () => {}); s.pipe(s); })
    .listen({ port: ${port}, host: "${host}", backlog: 4096 }, () => console.log("ready"));`;

/** Each connection sends a byte, waits for it to come back, and sends the next a little later. */
const clients = `
  const { connect } = require("node:net");
  let open = 0, failed = 0, echoes = 0, stallMs = 0;
  const start = (port) => {
    const socket = connect(port, "${vip}");
    let sentAt = 0;
    const send = () => { sentAt = Date.now(); socket.write("x"); };
    socket.on("connect", () => { open++; send(); });
    socket.on("data", () => { echoes++; stallMs = Math.max(stallMs, Date.now() - sentAt); setTimeout(send, 300 + Math.random() * 300); });
    socket.on("error", () => {});
    socket.on("close", () => { failed++; });
  };
  for (let i = 0; i < ${connectionsEach}; i++) setTimeout(() => { start(80); start(81); }, i * 4);
  process.stdin.on("data", () => { console.log(JSON.stringify({ open, failed, echoes, stallMs })); stallMs = 0; });
  console.log("ready");`;

interface Said {
  readonly open: number;
  readonly failed: number;
  readonly echoes: number;
  readonly stallMs: number;
}

describe("a director dies with live connections", { skip }, () => {
  const lab = new XdpLab("skill");
  const other = `${lab.prefix}dj`;
  const pins = [`${lab.pinDirectory}a`, `${lab.pinDirectory}b`];

  /** What a child answers to being asked. */
  const ask = async (child: ChildProcess): Promise<string> => {
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    const answer = new Promise<string>((resolve) => lines.once("line", resolve));
    child.stdin?.write("?\n");
    const text = await answer;
    lines.close();
    return text;
  };
  const ready = async (child: ChildProcess): Promise<ChildProcess> => {
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    return child;
  };

  before(() => {
    run("ip", "netns", "add", other);
    lab.in("dj", "ip", "link", "set", "lo", "up");
    for (const [bridge, name, address] of [
      ["front", "eth0", "10.8.0.3/24"],
      ["back", "eth1", "10.9.0.3/24"],
    ] as const) {
      const port = `dj${name}`;
      lab.in("sw", "ip", "link", "add", port, "type", "veth", "peer", "name", name, "netns", other);
      lab.in("sw", "ip", "link", "set", port, "master", bridge, "up");
      lab.in("dj", "ip", "address", "add", address, "dev", name);
      lab.in("dj", "ip", "link", "set", name, "up");
    }
    for (const host of ["di", "dj"]) lab.in(host, "sysctl", "-qw", "net.ipv4.ip_forward=1");
  });
  after(() => {
    lab.close();
    for (const pinDirectory of pins) removeXdpEngine({ bpf, syscalls, pinDirectory, links: [] });
    run("ip", "netns", "delete", other);
  });

  test("1,000 connections go on at the other director: none is reset", async (t) => {
    await ready(lab.start("d1", process.execPath, "-e", echoServer(80, "0.0.0.0")));
    await ready(lab.start("n1", process.execPath, "-e", echoServer(81, natServers[0] ?? "")));
    const master = await ready(
      lab.start("di", process.execPath, directorFile, pins[0] ?? "", "master"),
    );
    const backup = await ready(
      lab.start("dj", process.execPath, directorFile, pins[1] ?? "", "backup"),
    );
    const client = await ready(lab.start("cl", process.execPath, "-e", clients));
    const told = async (): Promise<Said> => JSON.parse(await ask(client)) as Said;
    const all = 2 * connectionsEach;
    await until("all are open", async () => (await told()).open === all, 120_000);
    const expected = JSON.stringify([connectionsEach, connectionsEach]);
    await until("the other knows them", async () => (await ask(backup)) === expected, 120_000);

    master.kill("SIGKILL");
    for (const name of ["eth0", "eth1"]) lab.in("di", "ip", "link", "set", name, "down");
    lab.in("dj", "ip", "address", "add", `${vip}/32`, "dev", "eth0");
    lab.in("dj", "ip", "address", "add", "10.9.0.1/24", "dev", "eth1");
    // What gratuitous ARP does.
    lab.in("cl", "ip", "neighbour", "flush", "all");
    for (const host of ["n1", "d1"]) lab.in(host, "ip", "neighbour", "flush", "all");
    const before = await told();
    let after: Said = before;
    await until(
      "five echoes of each",
      async () => {
        await sleep(500);
        const now = await told();
        after = { ...now, stallMs: Math.max(after.stallMs, now.stallMs) };
        return now.echoes - before.echoes >= 5 * all;
      },
      120_000,
    );
    t.diagnostic(`longest stall: ${after.stallMs} ms`);
    assert.equal(after.failed, 0, "connections that were reset or closed");
  });
});
