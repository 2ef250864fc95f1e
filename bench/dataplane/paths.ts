// The paths that are measured side by side: ours, and what one would use else.

import type { IpAddress } from "../../src/base/address.ts";
import { openNetlinkKernel } from "../../src/linux/netlink-kernel.ts";
import { openNetlinkRouting } from "../../src/linux/netlink-routing.ts";
import { openXdpEngine, type XdpEngine } from "../../src/linux/xdp/engine.ts";
import { removeXdpEngine } from "../../src/linux/xdp/remove.ts";
import type { Service } from "../../src/model/balancer-table.ts";
import type { ForwardingMethod, SchedulerName } from "../../src/model/virtual-server.ts";
import {
  addressWord,
  bpf,
  loadObject,
  macBytes,
  must,
  Path,
  port,
  realAddress,
  realAddresses,
  settingsBytes,
  syscalls,
  virtualAddress,
} from "./lab.ts";

/** A path, ready to be loaded. */
export interface MeasuredPath {
  readonly name: string;
  readonly path: Path;
  /** A program that sends so many flows, a power of two, of clients from `source` on, to this path. */
  generator(flows: number, source?: string): number;
  readonly ifindex: number;
  /** More flows than these it cannot carry at a time. */
  readonly flowsMax?: number;
  /** The map in which the sink counts. */
  readonly received: number;
  /** The XDP program at the director, where it can be run alone, and its incoming interface. */
  readonly program?: { readonly fd: number; readonly ifindex: number };
  close(): Promise<void>;
}

function emptySettings(): Record<string, Uint8Array> {
  return { ".rodata.settings": new Uint8Array(32) };
}

type Prepared = Omit<MeasuredPath, "received" | "close">;

function prepare(name: string, target: string): { path: Path; measured: Prepared } {
  const path = new Path(name);
  const macs = [...macBytes(path.mac("di", "d0")), ...macBytes(path.mac("cl", "c0"))];
  const made = new Map<string, number>();
  const generator = (flows: number, source?: string): number => {
    const key = `${flows} ${source}`;
    const settings = { ".rodata.settings": settingsBytes(flows, target, macs, source) };
    const fd = made.get(key) ?? loadObject("generator", settings).programs["generate"] ?? -1;
    made.set(key, fd);
    return fd;
  };
  return { path, measured: { name, path, generator, ifindex: path.ifindex("cl", "c0") } };
}

/** A sink for frames that XDP redirects. */
function sinkXdp(path: Path): number {
  const sink = loadObject("sink", emptySettings());
  path.attachXdp("rs", "r0", sink.programs["sink_xdp"] ?? -1);
  return sink.maps["received"] ?? -1;
}

/** A sink for packets of the kernel's own path, and a director that takes live frames. */
function sinkTc(path: Path): number {
  const sink = loadObject("sink", emptySettings());
  path.attachTc("rs", "r0", sink.programs["sink_tc"] ?? -1);
  path.attachXdp("di", "d0", sink.programs["pass_on"] ?? -1);
  return sink.maps["received"] ?? -1;
}

/** Where a path may differ from two real servers in turn and a table for a million connections. */
export interface KeelsonChoice {
  readonly protocol?: "TCP" | "UDP";
  readonly scheduler?: SchedulerName;
  readonly servers?: number;
  readonly connectionsMax?: number;
}

/** Our engine on its own pins, native XDP, one service. Throws where the engine refuses something. */
export async function keelsonPath(
  forwarding: ForwardingMethod,
  choice: KeelsonChoice = {},
): Promise<MeasuredPath> {
  const { scheduler = "rr", servers = 2, connectionsMax = 1_200_000 } = choice;
  const name = `k${forwarding.toLowerCase()}${servers}${choice.protocol?.toLowerCase() ?? ""}`;
  const { path, measured } = prepare(name, virtualAddress);
  const received = choice.protocol === "TCP" ? -1 : sinkXdp(path);
  const pinDirectory = `/sys/fs/bpf/${path.prefix}`;
  path.enter("di");
  const opened = openXdpEngine({
    bpf,
    syscalls,
    links: openNetlinkKernel(syscalls),
    routing: openNetlinkRouting(syscalls),
    pinDirectory,
    attach: "native",
    connectionsMax,
  });
  if (!opened.ok) throw new Error(opened.fault.text);
  const engine: XdpEngine = opened.value;
  const close = async (): Promise<void> => {
    await engine.close();
    removeXdpEngine({ bpf, syscalls, pinDirectory, links: [] });
    path.close();
  };
  const service = { ...serviceOf(forwarding, choice), scheduler };
  const applied = await engine.apply({ kind: "add-service", service });
  if (!applied.ok) {
    await close();
    throw new Error(applied.fault.text);
  }
  await engine.maintain();
  path.leave();
  // One borrowed address has so many ports for each real server.
  if (forwarding === "FULLNAT") return { ...measured, received, flowsMax: 16_384 * servers, close };
  // A tunnel moves the packet's head, which BPF_PROG_TEST_RUN does not put back between runs.
  if (forwarding === "TUN") return { ...measured, received, close };
  const program = { fd: engine.balancer.xdp.fd, ifindex: path.ifindex("di", "d0") };
  return { ...measured, received, program, close };
}

function serviceOf(forwarding: ForwardingMethod, choice: KeelsonChoice): Service {
  const { protocol = "UDP", servers = 2 } = choice;
  return {
    key: { kind: "address", address: virtualAddress as IpAddress, port, protocol },
    scheduler: "rr",
    persistenceTimeoutS: 0,
    persistencePrefixLength: 32,
    onePacket: false,
    destinations: realAddresses.slice(0, servers).map((address) => ({
      address: address as IpAddress,
      port: forwarding === "NAT" && protocol === "UDP" ? 8080 : port,
      weight: 1,
      forwarding,
      upperThreshold: 0,
      lowerThreshold: 0,
    })),
  };
}

/** A program of bare.bpf.c as the director. */
export function barePath(name: string, programName: string): MeasuredPath {
  const { path, measured } = prepare(name, virtualAddress);
  const received = sinkXdp(path);
  const way = new Uint8Array(16);
  new DataView(way.buffer).setUint32(0, path.ifindex("di", "d1"), true);
  way.set([...macBytes(path.mac("rs", "r0")), ...macBytes(path.mac("di", "d1"))], 4);
  const bare = loadObject("bare", { ...emptySettings(), ".rodata.way": way });
  const key = new Uint8Array(8);
  new DataView(key.buffer).setUint32(0, addressWord(virtualAddress), true);
  key.set([port >> 8, port & 255, 17, 0], 4);
  must(
    "virtual server",
    bpf.bpfMapUpdate(bare.maps["virtual_servers"] ?? -1, key, new Uint8Array(4), 0),
  );
  const fd = bare.programs[programName] ?? -1;
  path.attachXdp("di", "d0", fd);
  path.attachXdp("di", "d1", fd);
  const program = { fd, ifindex: path.ifindex("di", "d0") };
  return { ...measured, received, program, close: async () => path.close() };
}

/** The kernel routes. */
export function forwardingPath(): MeasuredPath {
  const { path, measured } = prepare("fw", realAddress);
  return { ...measured, received: sinkTc(path), close: async () => path.close() };
}

/** nftables turns the destination over to one of two real servers, with conntrack. */
export function nftablesPath(): MeasuredPath {
  const { path, measured } = prepare("nft", virtualAddress);
  path.in(
    "di",
    "nft",
    `table ip lb {
      chain in {
        type nat hook prerouting priority dstnat;
        ip daddr ${virtualAddress} udp dport ${port} dnat to numgen inc mod 2 map { 0 : ${realAddress}, 1 : 10.9.0.3 }
      }
    }`,
  );
  return { ...measured, received: sinkTc(path), close: async () => path.close() };
}

/** The kernel's IPVS, where it has one; `method` is ipvsadm's option. */
export function ipvsPath(name: string, method: "-g" | "-m" | "-i", servers = 2): MeasuredPath {
  const { path, measured } = prepare(name, virtualAddress);
  const service = ["-u", `${virtualAddress}:${port}`];
  path.in("di", "ip", "address", "add", `${virtualAddress}/32`, "dev", "lo");
  path.in("di", "ipvsadm", "-A", ...service, "-s", servers > 2 ? "wlc" : "rr");
  for (const address of realAddresses.slice(0, servers)) {
    const server = `${address}:${method === "-m" ? 8080 : port}`;
    path.in("di", "ipvsadm", "-a", ...service, "-r", server, method);
  }
  return { ...measured, received: sinkTc(path), close: async () => path.close() };
}
