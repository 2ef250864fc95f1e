// One director between a load generator and a sink, each in its own network namespace, for one path.

import { execFileSync } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BpfCalls, bpfNumbers, loadBpfCalls, type MapWish } from "../../src/linux/ffi/bpf.ts";
import { loadSyscalls, type Syscalls } from "../../src/linux/ffi/syscalls.ts";

export const syscalls: Syscalls = loadSyscalls();
export const bpf: BpfCalls = loadBpfCalls();

const cloneNewNet = 0x40000000;
const frameLength = 60;

export const clientNet = "10.8.0.0/16";
export const virtualAddress = "10.8.255.100";
/** Real servers of the second network, all on one host. */
export const realAddresses: readonly string[] = Array.from(
  { length: 16 },
  (_, i) => `10.9.0.${i + 2}`,
);
export const realAddress = "10.9.0.2";
export const port = 80;

/** Runs `ip`, `nft` ...; throws with what it said. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
}

/** Loads one of bench/bpf's objects. Throws with libbpf's words. */
export function loadObject(
  name: string,
  readOnly: Readonly<Record<string, Uint8Array>>,
): {
  readonly maps: Readonly<Record<string, number>>;
  readonly programs: Readonly<Record<string, number>>;
} {
  const file = fileURLToPath(new URL(`../../../bench/bpf/${name}.bpf.o`, import.meta.url));
  const wishes: MapWish[] = Object.entries(readOnly).map(([section, initial]) => ({
    name: section,
    reuseFd: -1,
    maxEntries: 0,
    initial,
  }));
  const loaded = bpf.bpfLoad(readFileSync(file), wishes);
  if (typeof loaded === "number") throw new Error(`${name}: ${loaded} ${bpf.bpfSaid()}`);
  return loaded;
}

export function addressWord(address: string): number {
  return address.split(".").reduce((word, part, i) => word + Number(part) * 2 ** (8 * i), 0);
}

export function macBytes(text: string): number[] {
  return text.split(":").map((part) => Number.parseInt(part, 16));
}

/** struct settings of bench/bpf/frame.h; clients begin at `source`, 256 follow each other. */
export function settingsBytes(
  flows: number,
  target: string,
  macs: readonly number[],
  source = "10.8.1.0",
): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, flows, true);
  view.setUint32(4, addressWord(target), true);
  view.setUint32(8, addressWord(source), true);
  view.setUint16(12, port);
  bytes.set(macs, 14);
  return bytes;
}

/** Throws for a negative errno. */
export function must(what: string, returned: number): number {
  if (returned < 0) throw new Error(`${what}: errno ${-returned} ${bpf.bpfSaid()}`);
  return returned;
}

/** The three namespaces of one path: `cl` (c0) - `di` (d0, d1) - `rs` (r0). */
export class Path {
  readonly prefix: string;
  readonly #own: number;
  readonly #held: number[] = [];

  constructor(name: string) {
    this.prefix = `kb${process.pid}${name}`;
    this.#own = openSync("/proc/thread-self/ns/net", "r");
    for (const host of ["cl", "di", "rs"]) {
      run("ip", "netns", "add", this.prefix + host);
      this.in(host, "ip", "link", "set", "lo", "up");
    }
    this.#wire("cl", "c0", "di", "d0");
    this.#wire("di", "d1", "rs", "r0");
    this.#address("cl", "c0", "10.8.0.2/16");
    this.#address("di", "d0", "10.8.0.1/16");
    this.#address("di", "d1", "10.9.0.1/24");
    for (const address of realAddresses) this.#address("rs", "r0", `${address}/24`);
    this.in("di", "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0");
    for (const address of realAddresses)
      this.in("di", "ip", "neigh", "replace", address, "lladdr", this.mac("rs", "r0"), "dev", "d1");
  }

  in(host: string, ...command: string[]): string {
    return run("ip", "netns", "exec", this.prefix + host, ...command);
  }

  enter(host: string): void {
    const fd = openSync(`/run/netns/${this.prefix}${host}`, "r");
    must("setns", syscalls.setns(fd, cloneNewNet));
    closeSync(fd);
  }

  /** Back to where the process was. */
  leave(): void {
    must("setns", syscalls.setns(this.#own, cloneNewNet));
  }

  mac(host: string, name: string): string {
    return this.in(host, "cat", `/sys/class/net/${name}/address`).trim();
  }

  ifindex(host: string, name: string): number {
    return Number(this.in(host, "cat", `/sys/class/net/${name}/ifindex`));
  }

  /** Hangs an XDP program on an interface for as long as the path stands. */
  attachXdp(host: string, name: string, programFd: number): void {
    const ifindex = this.ifindex(host, name);
    this.enter(host);
    const link = bpf.bpfLinkCreate(
      programFd,
      ifindex,
      bpfNumbers.attachXdp,
      bpfNumbers.xdpFlagNative,
    );
    this.#held.push(must(`XDP on ${name}`, link));
    this.leave();
  }

  attachTc(host: string, name: string, programFd: number): void {
    const ifindex = this.ifindex(host, name);
    this.enter(host);
    must(`tc on ${name}`, bpf.tcAttach(ifindex, 1, 1, 1, programFd));
    this.leave();
  }

  close(): void {
    this.leave();
    for (const fd of this.#held) syscalls.close(fd);
    for (const host of ["cl", "di", "rs"]) run("ip", "netns", "delete", this.prefix + host);
    closeSync(this.#own);
  }

  #wire(a: string, nameA: string, b: string, nameB: string): void {
    this.in(
      a,
      "ip",
      "link",
      "add",
      nameA,
      "type",
      "veth",
      "peer",
      "name",
      nameB,
      "netns",
      this.prefix + b,
    );
    this.in(a, "ip", "link", "set", nameA, "up");
    this.in(b, "ip", "link", "set", nameB, "up");
  }

  #address(host: string, name: string, address: string): void {
    this.in(host, "ip", "address", "add", address, "dev", name);
  }
}

/** Nanoseconds of CPU that this thread and the soft interrupts of its CPU have used. */
export function cpuNs(softirqThread: number): number {
  const spent = (file: string): number => Number(readFileSync(file, "utf8").split(" ")[0]);
  return spent("/proc/thread-self/schedstat") + spent(`/proc/${softirqThread}/schedstat`);
}

/** Sends `count` packets by a live-frames run of `programFd` out of `ifindex`. */
export function sendFrames(programFd: number, ifindex: number, count: number): void {
  const context = new Uint8Array(24);
  const view = new DataView(context.buffer);
  view.setUint32(4, frameLength, true);
  view.setUint32(12, ifindex, true);
  const numbers = new Float64Array([count, bpfNumbers.runLiveFrames, 64, 0]);
  const frame = new Uint8Array(frameLength);
  must("live frames", bpf.bpfRun(programFd, frame, null, context, null, numbers));
}

/** ns a run of a program on one frame, without sending anything. */
export function runNs(
  programFd: number,
  ifindex: number,
  repeat: number,
): { ns: number; verdict: number } {
  const context = new Uint8Array(24);
  const view = new DataView(context.buffer);
  view.setUint32(4, frameLength, true);
  view.setUint32(12, ifindex, true);
  const numbers = new Float64Array([repeat, 0, 0, 0]);
  must(
    "test run",
    bpf.bpfRun(programFd, new Uint8Array(frameLength), null, context, null, numbers),
  );
  return { ns: numbers[1] ?? 0, verdict: numbers[0] ?? 0 };
}
