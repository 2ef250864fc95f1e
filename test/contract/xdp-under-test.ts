// The eBPF program as a data plane that plays streams, one BPF_PROG_TEST_RUN a frame: no packet
// leaves, the maps are real. The caller has made the interface `d0` with the director's MAC address,
// and permanent neighbours for the real servers.

import { execFileSync } from "node:child_process";
import { ipAddressFromBytes } from "../../src/base/address.ts";
import { toHex } from "../../src/base/bytes.ts";
import { loadBpfCalls } from "../../src/linux/ffi/bpf.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../../src/linux/netlink-kernel.ts";
import { openNetlinkRouting } from "../../src/linux/netlink-routing.ts";
import { openXdpEngine, type XdpEngine } from "../../src/linux/xdp/engine.ts";
import { removeXdpEngine } from "../../src/linux/xdp/remove.ts";
import { endpointName } from "../../src/model/virtual-server.ts";
import { printMac } from "../../src/wire/ethernet.ts";
import { clientMac, directorMac } from "./frames.ts";
import type { ConnectionLine, EngineUnderTest, FrameOutcome } from "./stream.ts";

const device = "d0";
const pinDirectory = "/sys/fs/bpf/contract";
const serverHosts = [11, 12, 13];

/** Which of the two programs that meet packets coming in. */
export type XdpFront = "xdp" | "tc";

/** Numbers of the programs' verdicts, from linux/bpf.h and linux/pkt_cls.h. */
const verdicts: Readonly<Record<XdpFront, Readonly<Record<number, FrameOutcome["kind"]>>>> = {
  xdp: { 1: "drop", 2: "pass", 3: "forward", 4: "forward" },
  tc: { 2: "drop", 4294967295: "pass", 7: "forward" },
};

/** Makes the interface and neighbours, in namespaces that are the caller's to lose. */
export function prepareDevice(): void {
  const ip = (line: string): void => {
    execFileSync("ip", line.split(" "));
  };
  execFileSync("mount", ["-t", "bpf", "bpf", "/sys/fs/bpf"]);
  ip(`link add ${device} address ${printMac(directorMac)} type veth peer name far0`);
  for (const link of [device, "far0", "lo"]) ip(`link set ${link} up`);
  for (const address of ["10.1.0.1/24", "10.1.0.100/32", "10.2.0.1/24"])
    ip(`address add ${address} dev ${device}`);
  for (const address of ["fd00:1::1/64", "fd00:2::1/64"])
    ip(`address add ${address} dev ${device} nodad`);
  ip(`neighbour add 10.1.0.2 lladdr ${printMac(clientMac)} dev ${device}`);
  for (const host of serverHosts)
    for (const address of [`10.2.0.${host}`, `fd00:2::${host}`])
      ip(`neighbour add ${address} lladdr 02:00:00:00:00:${host} dev ${device}`);
}

/** A fresh engine with an empty table, attached by the way that `front` needs. */
export function xdpUnderTest(front: XdpFront): EngineUnderTest {
  const [bpf, syscalls] = [loadBpfCalls(), loadSyscalls()];
  const links = openNetlinkKernel(syscalls);
  const opened = openXdpEngine({
    bpf,
    syscalls,
    links,
    routing: openNetlinkRouting(syscalls),
    pinDirectory,
    attach: front === "xdp" ? "native" : "tc",
    interfaces: [device],
    connectionsMax: 65_536,
  });
  if (!opened.ok) throw new Error(opened.fault.text);
  const engine = opened.value;
  const ifindex = syscalls.ifNameToIndex(device);
  return {
    name: front,
    async apply(operation) {
      const done = await engine.apply(operation);
      if (!done.ok) throw new Error(done.fault.text);
    },
    handle(frame) {
      const into = new Uint8Array(frame.length + 256);
      const numbers = new Float64Array([1, 0, 0, 0]);
      const context = contextFor(front, ifindex, frame.length);
      const program = front === "xdp" ? engine.balancer.xdp.fd : engine.balancer.tc.fd;
      const returned = bpf.bpfRun(program, frame, into, context, null, numbers);
      if (returned < 0) throw new Error(`BPF_PROG_TEST_RUN: ${returned} for ${toHex(frame)}`);
      const kind = verdicts[front][numbers[0] ?? 0];
      const out = into.slice(0, numbers[2] ?? 0);
      if (kind === "forward" && !isIcmp(frame) && isOwnError(out))
        return { kind: "reply", frame: out };
      if (kind === "forward") return { kind, frame: out, nextHop: receiverOf(out) };
      if (kind === "pass" || kind === "drop") return { kind };
      throw new Error(`verdict ${numbers[0]}`);
    },
    wait() {
      throw new Error("the kernel's clock cannot be moved");
    },
    async statistics() {
      const read = await engine.statistics();
      if (!read.ok) throw new Error(read.fault.text);
      return read.value;
    },
    connections: () => connectionsOf(engine),
    async close() {
      await engine.close();
      const found = links.links();
      removeXdpEngine({ bpf, syscalls, pinDirectory, links: found.ok ? found.value : [] });
      links.close();
    },
  };
}

/** `struct xdp_md` or `struct __sk_buff` with the interface on which the frame arrives. */
function contextFor(front: XdpFront, ifindex: number, frameLength: number): Uint8Array {
  const context = new Uint8Array(front === "xdp" ? 24 : 192);
  const view = new DataView(context.buffer);
  if (front === "xdp") {
    view.setUint32(4, frameLength, true);
    view.setUint32(12, ifindex, true);
  } else {
    view.setUint32(36, ifindex, true);
    view.setUint32(40, ifindex, true);
  }
  return context;
}

/** What a router or server tells is passed on, with an address in it that may be the director's. */
function isIcmp(frame: Uint8Array): boolean {
  return frame[12] === 8 && frame[23] === 1;
}

/** An ICMP error from the very address that the quoted packet went to: a client is told. */
function isOwnError(frame: Uint8Array): boolean {
  const toServer = serverHosts.includes(Number((frame[5] ?? 0).toString(16)));
  const isError = !toServer && frame[23] === 1 && (frame[34] === 3 || frame[34] === 11);
  return isError && frame.subarray(26, 30).join() === frame.subarray(58, 62).join();
}

/** Whose MAC address the frame has; a client's is told by the packet. */
function receiverOf(frame: Uint8Array): string {
  const last = Number((frame[5] ?? 0).toString(16));
  const six = frame[12] === 0x86;
  if (serverHosts.includes(last)) return `${six ? "fd00:2::" : "10.2.0."}${last}`;
  return ipAddressFromBytes(six ? frame.subarray(38, 54) : frame.subarray(30, 34));
}

async function connectionsOf(engine: XdpEngine): Promise<readonly ConnectionLine[]> {
  const listed = await engine.connections();
  if (!listed.ok) throw new Error(listed.fault.text);
  return [...listed.value].map(({ protocol, client, virtual, destination, state }) => ({
    protocol,
    client: endpointName(client.address, client.port),
    virtual: endpointName(virtual.address, virtual.port),
    destination: endpointName(destination.address, destination.port),
    state,
  }));
}
