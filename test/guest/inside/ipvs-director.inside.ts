// A director on the kernel's IPVS: `keelson run` with lb_engine ipvs, its checks and its table, as the real ipvsadm
// sees it.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DirectorStatus } from "../../../src/model/status.ts";
import { ipvsadm, rules, run } from "./ipvs-stage.ts";

const program = fileURLToPath(new URL("../../../../bin/keelson", import.meta.url));
const folder = "/run/director";
const configFile = join(folder, "keelson.conf");
const vip = "10.67.0.100";
const realServers = ["10.67.0.2", "10.67.0.3"] as const;
const patienceMs = 500_000;
const servers = new Map<string, ChildProcess>();
let director: ChildProcess | undefined;
let said = "";

/** Two real servers behind an address that is there for good: VRRP does nothing to a data plane. */
function configuration(engine: string, algorithm = "rr"): string {
  const real = (address: string): string => `
  real_server ${address} 80 {
    weight 5
    TCP_CHECK {
      connect_timeout 5
      retry 1
      delay_before_retry 1
    }
  }`;
  return `
global_defs {
  router_id GUEST
  lb_engine ${engine}
}
virtual_server ${vip} 80 {
  delay_loop 1
  lb_algo ${algorithm}
  lb_kind NAT
  persistence_timeout 60
  protocol TCP
${realServers.map(real).join("\n")}
}
`;
}

const bothServe = (algorithm = "rr"): readonly string[] => [
  `-A -t ${vip}:80 -s ${algorithm} -p 60`,
  ...realServers.map((address) => `-a -t ${vip}:80 -r ${address}:80 -m -w 5`),
];

async function until<Value>(
  what: string,
  look: () => Value | undefined | Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(
      Date.now() < deadline,
      `${what}; rules: ${rules().join("; ")}; the director said:\n${said}`,
    );
    await sleep(500);
  }
}

/** ipvsadm prints services in the order of the kernel's hash table. */
function sorted(lines: readonly string[]): string {
  return lines.toSorted().join("\n");
}

function untilRules(wanted: readonly string[]): Promise<true> {
  return until(`the table is ${wanted.join("; ")}`, () =>
    sorted(rules()) === sorted(wanted) ? true : undefined,
  );
}

function serve(address: string): void {
  const httpd = ["busybox", "httpd", "-f", "-p", `${address}:80`, "-h", folder];
  const server = spawn("ip", ["netns", "exec", "farm", ...httpd], { stdio: "ignore" });
  servers.set(address, server);
}

function start(engine: string): void {
  writeFileSync(configFile, configuration(engine));
  const started = spawn(process.execPath, [program, "run", "-f", configFile, "--run-dir", folder], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.stdout.on("data", (text) => {
    said += text;
  });
  started.stderr.on("data", (text) => {
    said += text;
  });
  director = started;
}

/** Gives the running director another configuration. */
function reload(text: string): void {
  writeFileSync(configFile, text);
  director?.kill("SIGHUP");
}

/** Waits for a reload that was refused or taken, and gives what was said of it. */
function untilReloaded(worked: boolean): Promise<string> {
  return until(worked ? "a reload" : "a refusal", async () => {
    const last = (await status())?.lastReload;
    return last?.ok === worked ? last.text : undefined;
  });
}

/** Undefined while no director answers. */
function status(): Promise<DirectorStatus | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(join(folder, "control.sock"), () =>
      socket.write('{"command":"status"}\n'),
    );
    socket.on("error", () => resolve(undefined));
    socket.on("data", (data) => {
      text += data;
      if (!text.endsWith("\n")) return;
      socket.destroy();
      resolve((JSON.parse(text) as { readonly status?: DirectorStatus }).status);
    });
  });
}

async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const one = director;
  director = undefined;
  if (one === undefined || one.exitCode !== null || one.signalCode !== null) return;
  const ended = new Promise((resolve) => one.once("exit", resolve));
  one.kill(signal);
  await ended;
}

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const line of [
    "netns add farm",
    "link add dir0 type veth peer name eth0 netns farm",
    "addr add 10.67.0.1/24 dev dir0",
    `addr add ${vip}/32 dev dir0`,
    "link set dir0 up",
    ...realServers.map((address) => `-n farm addr add ${address}/24 dev eth0`),
    "-n farm link set eth0 up",
    "-n farm route add default via 10.67.0.1",
  ])
    run("ip", ...line.split(" "));
  for (const address of realServers) serve(address);
});

after(async () => {
  for (const server of servers.values()) server.kill("SIGKILL");
  run("ip", "link", "del", "dir0");
  run("ip", "netns", "del", "farm");
});

afterEach(async () => {
  await end("SIGTERM");
  ipvsadm("-C");
});

test("checks act on the kernel's table, which is repaired, and leaves others' services alone", async () => {
  ipvsadm("-A -t 192.0.2.9:80 -s rr");
  const theirs = ["-A -t 192.0.2.9:80 -s rr"];
  start("ipvs");
  await untilRules([...bothServe(), ...theirs]);
  const first = await until("it answers", status);
  assert.equal(first.engine.kind, "ipvs");

  servers.get(realServers[0])?.kill("SIGKILL");
  await untilRules([
    `-A -t ${vip}:80 -s rr -p 60`,
    `-a -t ${vip}:80 -r ${realServers[1]}:80 -m -w 5`,
    ...theirs,
  ]);
  serve(realServers[0]);
  const back = [`-A -t ${vip}:80 -s rr -p 60`, ...bothServe().slice(1), ...theirs];
  await untilRules(back);

  ipvsadm(`-e -t ${vip}:80 -r ${realServers[1]}:80 -m -w 1`);
  ipvsadm(`-a -t ${vip}:80 -r 10.67.0.77:80 -m`);
  await untilRules(back);
  ipvsadm(`-D -t ${vip}:80`);
  await untilRules(back);
  const repaired = await until("repairs", async () => {
    const now = await status();
    return (now?.repairs.length ?? 0) >= 2 ? now : undefined;
  });
  assert.ok(repaired?.repairs.every(({ ok }) => ok));

  const client = connect(80, vip, () => client.end("GET / HTTP/1.0\r\n\r\n"));
  await new Promise((resolve, reject) => client.resume().on("error", reject).on("close", resolve));
  const counted = await until("the connection is counted", async () => {
    const [server] = (await status())?.virtualServers ?? [];
    return (server?.counters?.connections ?? 0) > 0 ? server : undefined;
  });
  assert.ok(counted);

  await end("SIGTERM");
  assert.deepEqual(rules(), theirs, "a stop takes out what is its own");
});

test("a director that is killed leaves the kernel forwarding, and its successor changes nothing", async () => {
  start("ipvs");
  await untilRules(bothServe());
  await until("it answers", status);
  const before = director?.pid;
  await end("SIGKILL");
  assert.equal(sorted(rules()), sorted(bothServe()));
  start("ipvs");
  const next = await until("the next one runs", async () => {
    const now = await status();
    return now !== undefined && now.pid !== before ? now : undefined;
  });
  assert.match(said, /forwards already, for 1 virtual server: adopted/);
  assert.equal(next.operations?.dataPlane, 0);
  assert.equal(sorted(rules()), sorted(bothServe()));
});

test("a reload changes the scheduler in the kernel; one that asks for what the kernel cannot do changes nothing", async () => {
  start("ipvs");
  await untilRules(bothServe());
  reload(configuration("ipvs", "wlc"));
  await untilRules(bothServe("wlc"));
  await untilReloaded(true);
  reload(configuration("ipvs", "wlc").replace("lb_kind NAT", "lb_kind FULLNAT"));
  assert.match(await untilReloaded(false), /:80: the kernel.s IPVS does not do FULLNAT/);
  assert.equal(sorted(rules()), sorted(bothServe("wlc")));
});

test("a reload to another engine fills that one and empties the kernel's table, and back", async (t) => {
  start("ipvs");
  await untilRules(bothServe());
  reload(configuration("xdp"));
  const now = await until("a reload", async () => {
    const one = await status();
    return one?.lastReload === undefined ? undefined : one;
  });
  if (now.engine.kind === "ipvs") {
    assert.equal(sorted(rules()), sorted(bothServe()), "what was refused has changed nothing");
    return t.skip(`xdp does not open on this kernel: ${now.lastReload?.text}`);
  }
  assert.equal(now.engine.kind, "xdp");
  await untilRules([]);
  assert.equal(existsSync("/sys/fs/bpf/keelson"), true);
  reload(configuration("ipvs"));
  await untilRules(bothServe());
  await until("ipvs forwards", async () =>
    (await status())?.engine.kind === "ipvs" ? true : undefined,
  );
  await until("nothing of xdp is pinned", () =>
    existsSync("/sys/fs/bpf/keelson") ? undefined : true,
  );
});
