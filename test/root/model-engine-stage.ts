// The stage of `model-engine.test.ts`: run inside fresh network and mount namespaces, it builds a
// client, a switch and two real servers around them, runs the model engine in its own process as the
// director, and prints what happened as one line of JSON.
//
//   client eth0 10.1.0.2 --+                     DR: all on one switch, virtual address 10.1.0.100
//   rs1    eth0 10.1.0.11 -+- switch
//   rs2    eth0 10.1.0.12 -+                     NAT: the client behind the director's second link,
//   director d0 10.1.0.1 --+                     virtual address 10.3.0.100
//   director d1 10.3.0.1 ----- client eth1 10.3.0.2

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createSocket } from "node:dgram";
import { createServer, type RequestOptions, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openModelEngine } from "../../src/linux/model-engine/model-engine.ts";
import { openNetlinkKernel } from "../../src/linux/netlink-kernel.ts";
import { openNetlinkRouting } from "../../src/linux/netlink-routing.ts";
import type { ServiceStatistics } from "../../src/model/balancer-table.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import {
  addDestination,
  addService,
  changeDestination,
  keyOf,
  removeDestination,
} from "../contract/tables.ts";

/** Bytes of the large download and upload; many times what offloads put into one packet. */
export const largeLength = 8 * 1024 * 1024;

/** What the stage reports. */
export interface StageReport {
  readonly dr: MethodReport;
  readonly nat: MethodReport;
  readonly natUdp: readonly string[];
  /** What a client's connection says when every real server has weight 0. */
  readonly refused: string;
  /** Who answers when the only destination is the director itself. */
  readonly sorry: string;
  /** Who answers the director when it asks a NAT real server directly, as a health check does. */
  readonly direct: string;
  /** Who answers a client that asks a NAT real server by its own address, through the director. */
  readonly routed: string;
  readonly statistics: readonly ServiceStatistics[];
  readonly interfaces: readonly string[];
  readonly log: readonly string[];
  /** What `maintain` found before and after somebody deleted the engine's nft table. */
  readonly findings: readonly string[];
  readonly findingsAfterDeletion: readonly string[];
  /** Who answers once the table is back. */
  readonly repaired: string;
}

export interface MethodReport {
  readonly answers: readonly string[];
  readonly downloadRight: boolean;
  readonly uploadRight: boolean;
}

function largeBody(): Buffer {
  const body = Buffer.alloc(largeLength);
  for (let i = 0; i < body.length; i += 4) body.writeUInt32LE((i * 2654435761) >>> 0, i);
  return body;
}

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function serve(name: string): void {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === "/large") {
      outgoing.end(largeBody());
      return;
    }
    const parts: Buffer[] = [];
    incoming.on("data", (part: Buffer) => parts.push(part));
    incoming.on("end", () =>
      outgoing.end(incoming.method === "POST" ? digest(Buffer.concat(parts)) : name),
    );
  });
  const udp = createSocket("udp4");
  udp.on("message", (_, from) => udp.send(name, from.port, from.address));
  udp.bind(5000, () => server.listen(80, "0.0.0.0", () => console.log("ready")));
}

function ask(url: string, options: RequestOptions = {}, body?: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const complain = (error: Error & { code?: string }): void =>
      resolve(Buffer.from(error.code ?? error.message));
    const asked = request(url, { agent: false, timeout: 20_000, ...options }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => resolve(Buffer.concat(parts)));
      answer.on("error", complain);
    });
    asked.on("timeout", () => asked.destroy(new Error("timed out")));
    asked.on("error", complain);
    asked.end(body);
  });
}

function askUdp(address: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    // The first datagram may go while the neighbour is being asked for.
    const again = setInterval(() => socket.send("x", 5000, address), 200);
    const give = (text: string): void => {
      clearInterval(again);
      clearTimeout(deadline);
      socket.close();
      resolve(text);
    };
    const deadline = setTimeout(() => give("timed out"), 20_000);
    socket.on("message", (message) => give(message.toString()));
    socket.send("x", 5000, address);
  });
}

/** Runs in the client's namespace: carries out one order and prints its result. */
async function client(order: string, target: string): Promise<void> {
  const url = `http://${target}`;
  if (order === "who") console.log((await ask(url)).toString());
  if (order === "udp") console.log(await askUdp(target));
  if (order === "download")
    console.log(digest(await ask(`${url}/large`)) === digest(largeBody()) ? "right" : "wrong");
  if (order === "upload") {
    const body = largeBody();
    const answer = (await ask(url, { method: "POST" }, body)).toString();
    console.log(answer === digest(body) ? "right" : answer);
  }
}

function ip(line: string): void {
  execFileSync("ip", line.split(" "), { stdio: ["ignore", "ignore", "inherit"] });
}

function buildNetwork(): void {
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run"]);
  ip("link set lo up");
  for (const name of ["client", "switch", "rs1", "rs2"]) {
    ip(`netns add ${name}`);
    ip(`-n ${name} link set lo up`);
  }
  ip("-n switch link add br0 type bridge");
  ip("-n switch link set br0 up");
  const plug = (name: string, port: string, address: string, namespace?: string): void => {
    const into = namespace === undefined ? "" : ` netns ${namespace}`;
    ip(`link add ${port} netns switch type veth peer name ${name}${into}`);
    ip(`-n switch link set ${port} master br0 up`);
    const at = namespace === undefined ? "" : `-n ${namespace} `;
    ip(`${at}addr add ${address} dev ${name}`);
    ip(`${at}link set ${name} up`);
  };
  plug("eth0", "p1", "10.1.0.2/24", "client");
  plug("eth0", "p2", "10.1.0.11/24", "rs1");
  plug("eth0", "p3", "10.1.0.12/24", "rs2");
  plug("d0", "p4", "10.1.0.1/24");
  ip("link add d1 type veth peer name eth1 netns client");
  ip("addr add 10.3.0.1/24 dev d1");
  ip("link set d1 up");
  ip("-n client addr add 10.3.0.2/24 dev eth1");
  ip("-n client link set eth1 up");
  ip("addr add 10.1.0.100/32 dev d0");
  ip("addr add 10.3.0.100/32 dev d1");
  execFileSync("sysctl", ["-qw", "net.ipv4.ip_forward=1"]);
  for (const server of ["rs1", "rs2"]) {
    ip(`-n ${server} addr add 10.1.0.100/32 dev lo`);
    ip(`-n ${server} route add 10.3.0.0/24 via 10.1.0.1`);
    const quiet = ["net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.arp_announce=2"];
    execFileSync("ip", ["netns", "exec", server, "sysctl", "-qw", ...quiet]);
  }
}

const self = fileURLToPath(import.meta.url);

function startServer(name: string, namespace?: string): Promise<ChildProcess> {
  const enter = namespace === undefined ? [] : ["ip", "netns", "exec", namespace];
  const [program = "", ...args] = [...enter, process.execPath, self, "serve", name];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`server ${name} ended`)));
    child.stdout.once("data", () => resolve(child));
  });
}

function runClient(order: string, target: string): Promise<string> {
  const args = ["netns", "exec", "client", process.execPath, self, "client", order, target];
  const child = spawn("ip", args, { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve) => {
    let output = "";
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
    });
    child.on("close", () => resolve(output.trim()));
  });
}

async function tryMethod(target: string): Promise<MethodReport> {
  const answers: string[] = [];
  for (let i = 0; i < 4; i++) answers.push(await runClient("who", target));
  const downloadRight = (await runClient("download", target)) === "right";
  const uploadRight = (await runClient("upload", target)) === "right";
  return { answers, downloadRight, uploadRight };
}

async function direct(): Promise<StageReport> {
  buildNetwork();
  const servers = [await startServer("rs1", "rs1"), await startServer("rs2", "rs2")];
  servers.push(await startServer("director"));
  const syscalls = loadSyscalls();
  const log: string[] = [];
  const opened = await openModelEngine({
    syscalls,
    routing: openNetlinkRouting(syscalls),
    addresses: openNetlinkKernel(syscalls),
    log: { write: (event) => log.push(event.text) },
  });
  if (!opened.ok) throw new Error(opened.fault.text);
  const engine = opened.value;
  const apply = async (operation: BalancerOperation): Promise<void> => {
    const done = await engine.apply(operation);
    if (!done.ok) throw new Error(done.fault.text);
  };
  const findings: string[] = [];
  const upkeep = setInterval(async () => {
    for (const { found } of await engine.maintain()) findings.push(found);
  }, 500);

  const [drKey, natKey] = [keyOf("TCP", "10.1.0.100:80"), keyOf("TCP", "10.3.0.100:80")];
  const udpKey = keyOf("UDP", "10.3.0.100:5000");
  for (const key of [drKey, natKey, udpKey]) await apply(addService(key, "rr"));
  for (const server of ["10.1.0.11", "10.1.0.12"]) {
    await apply(addDestination(drKey, `${server}:80`, { forwarding: "DR" }));
    await apply(addDestination(natKey, `${server}:80`));
    await apply(addDestination(udpKey, `${server}:5000`));
  }
  const dr = await tryMethod("10.1.0.100");
  const nat = await tryMethod("10.3.0.100");
  const natUdp = [await runClient("udp", "10.3.0.100"), await runClient("udp", "10.3.0.100")];
  const directAnswer = (await ask("http://10.1.0.11")).toString();
  ip("-n client addr del 10.1.0.2/24 dev eth0");
  ip("-n client route add 10.1.0.0/24 via 10.3.0.1");
  const routed = await runClient("who", "10.1.0.12");
  const statistics = await engine.statistics();

  for (const server of ["10.1.0.11", "10.1.0.12"])
    await apply(changeDestination(natKey, `${server}:80`, { weight: 0 }));
  const refused = await runClient("who", "10.3.0.100");
  for (const server of ["10.1.0.11", "10.1.0.12"])
    await apply(removeDestination(natKey, `${server}:80`));
  await apply(addDestination(natKey, "127.0.0.1:80", { forwarding: "DR" }));
  const sorry = await runClient("who", "10.3.0.100");

  const before = findings.splice(0);
  execFileSync("nft", ["delete", "table", "inet", "keelson_model"]);
  const deadlineMs = Date.now() + 60_000;
  while (findings.length === 0 && Date.now() < deadlineMs) await sleep(50);
  const repaired = await runClient("who", "10.3.0.100");
  clearInterval(upkeep);
  const interfaces = engine.interfaces();
  await engine.close();
  for (const server of servers) server.kill();
  const rates = statistics.ok ? statistics.value : [];
  const answers = { refused, sorry, direct: directAnswer, routed, repaired };
  const found = { findings: before, findingsAfterDeletion: findings };
  return { dr, nat, natUdp, ...answers, statistics: rates, interfaces, log, ...found };
}

const [role, ...words] = process.argv.slice(2);
if (role === "serve") serve(words[0] ?? "");
if (role === "client") await client(words[0] ?? "", words[1] ?? "");
if (role === "direct") console.log(JSON.stringify(await direct()));
