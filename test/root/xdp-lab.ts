// Hosts for the tests of the data plane: a client and two DR real servers in front of a director, two
// NAT real servers behind it. Each is a network namespace; offloads are what the kernel gives.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { IpAddress } from "../../src/base/address.ts";
import { loadBpfCalls } from "../../src/linux/ffi/bpf.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../../src/linux/netlink-kernel.ts";
import { openNetlinkRouting } from "../../src/linux/netlink-routing.ts";
import { openXdpEngine, type XdpEngine } from "../../src/linux/xdp/engine.ts";
import { removeXdpEngine } from "../../src/linux/xdp/remove.ts";
import type { Destination, Service } from "../../src/model/balancer-table.ts";
import type { AttachChoice } from "../../src/model/model.ts";
import type { SchedulerName } from "../../src/model/virtual-server.ts";

export const syscalls = loadSyscalls();
export const bpf = loadBpfCalls();

const cloneNewNet = 0x40000000;

export const vip = "10.8.0.100";
export const drServers = ["10.8.0.11", "10.8.0.12"];
export const natServers = ["10.9.0.11", "10.9.0.12"];

/** Runs a program; throws with what it said when it fails. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 << 20,
  });
}

/** Waits until `condition` holds; throws after `timeoutMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}

export class XdpLab {
  readonly prefix: string;
  readonly #children: ChildProcess[] = [];
  readonly #ownNamespace: number;

  constructor(name: string) {
    this.prefix = `kt${process.pid}${name}`;
    this.#ownNamespace = openSync("/proc/thread-self/ns/net", "r");
    for (const host of ["sw", "cl", "di", "d1", "d2", "n1", "n2"]) this.#addHost(host);
    for (const bridge of ["front", "back"]) {
      this.in("sw", "ip", "link", "add", bridge, "type", "bridge", "forward_delay", "0");
      this.in("sw", "ip", "link", "set", bridge, "up");
    }
    this.#plug("cl", "front", "eth0", "10.8.0.2/24");
    this.#plug("di", "front", "eth0", "10.8.0.1/24");
    this.#plug("di", "back", "eth1", "10.9.0.1/24");
    for (const [i, address] of drServers.entries())
      this.#plug(`d${i + 1}`, "front", "eth0", `${address}/24`);
    for (const [i, address] of natServers.entries()) {
      this.#plug(`n${i + 1}`, "back", "eth0", `${address}/24`);
      this.in(`n${i + 1}`, "ip", "route", "add", "default", "via", "10.9.0.1");
    }
    for (const host of ["d1", "d2"]) {
      this.in(
        host,
        "sysctl",
        "-qw",
        "net.ipv4.conf.all.arp_ignore=1",
        "net.ipv4.conf.all.arp_announce=2",
      );
      this.in(host, "ip", "address", "add", `${vip}/32`, "dev", "lo");
    }
    this.in("di", "ip", "address", "add", `${vip}/32`, "dev", "eth0");
  }

  #addHost(host: string): void {
    run("ip", "netns", "add", this.prefix + host);
    this.in(host, "ip", "link", "set", "lo", "up");
  }

  #plug(host: string, bridge: string, name: string, address: string): void {
    const port = `${host}${name}`;
    this.in(
      "sw",
      "ip",
      "link",
      "add",
      port,
      "type",
      "veth",
      "peer",
      "name",
      name,
      "netns",
      this.prefix + host,
    );
    this.in("sw", "ip", "link", "set", port, "master", bridge, "up");
    this.in(host, "ip", "address", "add", address, "dev", name);
    this.in(host, "ip", "link", "set", name, "up");
  }

  /** Runs a program on a host. */
  in(host: string, ...command: string[]): string {
    return run("ip", "netns", "exec", this.prefix + host, ...command);
  }

  /** Starts a program on a host, in this process's own file systems; it ends with the lab. */
  start(host: string, command: string, ...args: string[]): ChildProcess {
    const child = spawn("nsenter", [`--net=/run/netns/${this.prefix}${host}`, command, ...args], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#children.push(child);
    return child;
  }

  /** An HTTP server on a host that answers with the host's name and the client's address. */
  async serve(host: string, port: number): Promise<void> {
    const script = `require("node:http").createServer((q, s) => {
      q.on("data", () => {}); q.on("end", () => s.end("${host} " + q.socket.remoteAddress + " " + "x".repeat(Number(q.url.slice(1)) || 0)));
    }).listen({ port: ${port}, host: "0.0.0.0" }, () => console.log("ready"))`;
    const child = this.start(host, process.execPath, "-e", script);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
  }

  /** What a server answers to the client; throws when curl fails. */
  get(url: string, ...more: string[]): string {
    return this.in("cl", "curl", "-sS", "--max-time", "10", ...more, url);
  }

  /** Puts the calling thread into a host's network, where an engine is to be opened. */
  enter(host: string): void {
    const fd = openSync(`/run/netns/${this.prefix}${host}`, "r");
    const returned = syscalls.setns(fd, cloneNewNet);
    closeSync(fd);
    if (returned < 0) throw new Error(`setns: ${returned}`);
  }

  get pinDirectory(): string {
    return `/sys/fs/bpf/${this.prefix}`;
  }

  /** Opens the engine in this process, which stays in the director's network until `close`. */
  openEngine(attach: AttachChoice = "auto"): XdpEngine {
    this.enter("di");
    return openEngineHere(this.pinDirectory, attach);
  }

  /** Ends what was started and removes every trace. */
  close(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    removeXdpEngine({ bpf, syscalls, pinDirectory: this.pinDirectory, links: [] });
    syscalls.setns(this.#ownNamespace, cloneNewNet);
    closeSync(this.#ownNamespace);
    for (const host of ["sw", "cl", "di", "d1", "d2", "n1", "n2"])
      execFileSync("ip", ["netns", "delete", this.prefix + host], { stdio: "ignore" });
  }
}

/** Opens the engine in the network that the process is in. */
export function openEngineHere(pinDirectory: string, attach: AttachChoice): XdpEngine {
  const opened = openXdpEngine({
    bpf,
    syscalls,
    links: openNetlinkKernel(syscalls),
    routing: openNetlinkRouting(syscalls),
    pinDirectory,
    attach,
    connectionsMax: 4096,
  });
  if (!opened.ok) throw new Error(opened.fault.text);
  return opened.value;
}

/** A destination with the usual values. */
export function destination(address: string, changes: Partial<Destination> = {}): Destination {
  return {
    address: address as IpAddress,
    port: 80,
    weight: 1,
    forwarding: "NAT",
    upperThreshold: 0,
    lowerThreshold: 0,
    ...changes,
  };
}

/** A TCP service at the VIP with the usual values. */
export function service(
  port: number,
  destinations: readonly Destination[],
  changes: Partial<Service> & { readonly protocol?: "TCP" | "UDP"; readonly address?: string } = {},
): Service {
  const { protocol = "TCP", address = vip, ...rest } = changes;
  return {
    key: { kind: "address", address: address as IpAddress, port, protocol },
    scheduler: "rr" as SchedulerName,
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    destinations,
    ...rest,
  };
}

/** Throws when an engine refuses an operation. */
export async function apply(
  engine: XdpEngine,
  ...operations: Parameters<XdpEngine["apply"]>[0][]
): Promise<void> {
  for (const operation of operations) {
    const applied = await engine.apply(operation);
    if (!applied.ok) throw new Error(`${operation.kind}: ${applied.fault.text}`);
  }
}
