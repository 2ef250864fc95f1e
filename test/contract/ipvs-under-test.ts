// The kernel's IPVS as a data plane that plays streams, in a guest that has it. Frames go in at the far
// end of a virtual cable and come out there; the kernel has done with a frame when it has answered
// the ARP request that was sent behind it.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { viewPacket } from "../../src/balancer/packet.ts";
import { ByteWriter, toHex } from "../../src/base/bytes.ts";
import type { Result } from "../../src/base/result.ts";
import { encodeInt, socketConstants } from "../../src/linux/ffi/socket-address.ts";
import { loadSyscalls, type Syscalls } from "../../src/linux/ffi/syscalls.ts";
import { openIpvsEngine } from "../../src/linux/ipvs/engine.ts";
import { loadKernelModule } from "../../src/linux/ipvs/kernel-module.ts";
import { openKernelSettings } from "../../src/linux/kernel-settings.ts";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import { endpointName } from "../../src/model/virtual-server.ts";
import { printMac } from "../../src/wire/ethernet.ts";
import type { EngineFault } from "../../src/world/engine.ts";
import { clientMac, directorMac, ip, ipPacketOf } from "./frames.ts";
import type { EngineUnderTest, FrameOutcome } from "./stream.ts";

const serverHosts = [11, 12, 13];
const clientHosts = [2, 3, 4, 5, 6, 7, 8, 9, 250];
/** How long the kernel may take for one frame on a machine that is busy. */
const answerWithinMs = 20_000;
/** Counters that listings show are those of the last tick of IPVS's estimator. */
const ESTIMATOR_MS = 2000;
const ETH_P_ALL = 3;
const FRAME_MAX = 65_536;

/** What the director's kernel must be told, below /proc/sys/net. */
const sysctls: Readonly<Record<string, string>> = {
  "ipv4/ip_forward": "1",
  "ipv6/conf/all/forwarding": "1",
  "ipv4/conf/all/send_redirects": "0",
  "ipv4/conf/d0/send_redirects": "0",
  "ipv4/icmp_ratelimit": "0",
  "ipv6/icmp/ratelimit": "0",
};

/**
 * Makes the cable, addresses and neighbours, in a network namespace that is the caller's to lose.
 * Programs start slowly in a guest: few are started.
 */
export function prepareDirector(virtualAddresses: readonly string[]): void {
  ipBatch([`link add d0 address ${printMac(directorMac)} type veth peer name far0`]);
  for (const device of ["d0", "far0"]) writeSysctl(`ipv6/conf/${device}/accept_dad`, "0");
  writeSysctl("ipv6/conf/far0/disable_ipv6", "1");
  execFileSync("ethtool", ["-K", "d0", "tx", "off"], { stdio: "ignore" });
  for (const [name, value] of Object.entries(sysctls)) writeSysctl(name, value);
  ipBatch([
    ...["lo", "d0", "far0"].map((device) => `link set ${device} up`),
    ...["10.1.0.1/24", "10.2.0.1/24"].map((address) => `address add ${address} dev d0`),
    ...["fd00:1::1/64", "fd00:2::1/64"].map((address) => `address add ${address} dev d0 nodad`),
    ...virtualAddresses.map((address) => `address replace ${address} dev lo`),
    ...clientHosts.flatMap((host) => neighbours("1", host, printMac(clientMac))),
    ...serverHosts.flatMap((host) => neighbours("2", host, `02:00:00:00:00:${host}`)),
  ]);
}

/** Takes everything away again, for a namespace that others use too. */
export function removeDirector(): void {
  ipBatch(["link del d0", "address flush dev lo scope global"]);
}

function neighbours(network: string, host: number, mac: string): readonly string[] {
  return [`10.${network}.0.${host}`, `fd00:${network}::${host}`].map(
    (address) => `neighbour add ${address} lladdr ${mac} dev d0`,
  );
}

function ipBatch(lines: readonly string[]): void {
  execFileSync("ip", ["-batch", "-"], { input: `${lines.join("\n")}\n` });
}

function writeSysctl(name: string, value: string): void {
  writeFileSync(`/proc/sys/net/${name}`, value);
}

/** The kernel's IPVS with an empty table. Each call has only what this process may have of it. */
export async function ipvsUnderTest(): Promise<
  EngineUnderTest & { set(settings: Partial<BalancerSettings>): Promise<void> }
> {
  const syscalls = loadSyscalls();
  const cable = new Cable(syscalls);
  const local = new LocalStack(syscalls);
  const files = openKernelSettings();
  const engine = done(await openIpvsEngine({ syscalls, files, loadModule: loadKernelModule }));
  done(engine.flush());
  return {
    name: "ipvs",
    async apply(operation) {
      done(await engine.apply(operation));
    },
    async set(settings) {
      done(await engine.configure(settings));
    },
    async handle(frame, context) {
      if (context?.mark !== undefined) throw new Error("marks are not played in the kernel yet");
      const out = await cable.exchange(frame);
      return outcomeOf(frame, out, () => local.heardOf(frame));
    },
    wait: (milliseconds) => sleep(milliseconds),
    async statistics() {
      await sleep(ESTIMATOR_MS * 1.2);
      return done(await engine.statistics());
    },
    async connections() {
      const entries = [...done(await engine.connections())];
      return entries.map(({ protocol, client, virtual, destination, state }) => ({
        protocol,
        client: endpointName(client.address, client.port),
        virtual: endpointName(virtual.address, virtual.port),
        destination: endpointName(destination.address, destination.port),
        state,
      }));
    },
    async close() {
      engine.flush();
      await engine.close();
      cable.close();
      local.close();
    },
  };
}

function done<Value>(result: Result<Value, EngineFault>): Value {
  if (!result.ok) throw new Error(result.fault.text);
  return result.value;
}

/** The far end of the director's cable. */
class Cable {
  readonly #syscalls: Syscalls;
  readonly #fd: number;
  readonly #buffer = new Uint8Array(FRAME_MAX);

  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls;
    const { AF_PACKET, SOCK_RAW, SOCK_NONBLOCK, SOL_SOCKET, SO_RCVBUFFORCE } = socketConstants;
    this.#fd = syscalls.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    syscalls.setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, encodeInt(1 << 24));
    const address = new ByteWriter(20, "host").u16(AF_PACKET).u16(0);
    const bytes = address.i32(syscalls.ifNameToIndex("far0")).zeros(12).finish();
    bytes[3] = ETH_P_ALL;
    const bound = syscalls.bind(this.#fd, bytes);
    if (bound < 0) throw new Error(`bind(AF_PACKET): ${bound}`);
  }

  /** Sends a frame and gives what the director sent before it was done with it. */
  async exchange(frame: Uint8Array): Promise<readonly Uint8Array[]> {
    for (const one of [frame, arpRequest]) {
      const sent = this.#syscalls.sendto(this.#fd, one, null, 0);
      if (sent < 0) throw new Error(`sendto(AF_PACKET): ${sent}`);
    }
    const out: Uint8Array[] = [];
    const deadline = Date.now() + answerWithinMs;
    while (Date.now() < deadline) {
      const length = this.#syscalls.recvfrom(this.#fd, this.#buffer, 0, null);
      if (length < 0) {
        await sleep(0);
        continue;
      }
      const got = this.#buffer.slice(0, length);
      if (isArpReply(got)) return out;
      if (!isHousekeeping(got)) out.push(got);
    }
    throw new Error(`the kernel did not finish with ${toHex(frame)}`);
  }

  close(): void {
    this.#syscalls.close(this.#fd);
  }
}

/** "Who has 10.1.0.1? Tell 10.1.0.250", which the director answers at once. */
const arpRequest = new ByteWriter(60)
  .bytes(directorMac)
  .bytes(clientMac)
  .u16(0x0806)
  .u16(1)
  .u16(0x0800)
  .u8(6)
  .u8(4)
  .u16(1)
  .bytes(clientMac)
  .bytes(Uint8Array.of(10, 1, 0, 250))
  .zeros(6)
  .bytes(Uint8Array.of(10, 1, 0, 1))
  .zeros(18)
  .finish();

function isArpReply(frame: Uint8Array): boolean {
  return frame[12] === 8 && frame[13] === 6 && frame[21] === 2;
}

/** Multicast, and ICMPv6 between neighbours and routers: what a machine says of itself. */
function isHousekeeping(frame: Uint8Array): boolean {
  const multicast = ((frame[0] ?? 0) & 1) === 1;
  const icmpType = frame[12] === 0x86 && frame[20] === 58 ? (frame[54] ?? 0) : 0;
  return multicast || (icmpType >= 130 && icmpType <= 143) || (frame[12] === 8 && frame[13] === 6);
}

/** Raw sockets that get a copy of each packet that the director keeps to itself. */
class LocalStack {
  readonly #syscalls: Syscalls;
  /** By family and protocol. */
  readonly #fds = new Map<string, number>();
  readonly #buffer = new Uint8Array(FRAME_MAX);

  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls;
    const { AF_INET, AF_INET6, SOCK_RAW, SOCK_NONBLOCK } = socketConstants;
    for (const [family, protocol] of ["4 1", "4 6", "4 17", "4 132", "6 58", "6 6", "6 17", "6 132"]
      .map((key) => key.split(" "))
      .map(
        ([version, number]) => [version === "4" ? AF_INET : AF_INET6, Number(number)] as const,
      )) {
      const fd = syscalls.socket(family, SOCK_RAW | SOCK_NONBLOCK, protocol);
      if (fd < 0) throw new Error(`socket(SOCK_RAW, ${protocol}): ${fd}`);
      this.#fds.set(`${family} ${protocol}`, fd);
    }
  }

  /** Whether a packet like that of `frame` arrived since the last call. */
  heardOf(frame: Uint8Array): boolean {
    const { AF_INET, AF_INET6 } = socketConstants;
    const family = frame[12] === 0x86 ? AF_INET6 : AF_INET;
    const fd = this.#fds.get(`${family} ${ipPacketOf(frame).protocol}`);
    if (fd === undefined) throw new Error(`nobody listens for ${toHex(frame)}`);
    let heard = false;
    while (this.#syscalls.recvfrom(fd, this.#buffer, 0, null) >= 0) heard = true;
    return heard;
  }

  close(): void {
    for (const fd of this.#fds.values()) this.#syscalls.close(fd);
  }
}

function outcomeOf(
  frame: Uint8Array,
  out: readonly Uint8Array[],
  keptByDirector: () => boolean,
): FrameOutcome {
  const [first, second] = out;
  // No hook sees what the stack does not take for a packet.
  if (viewPacket(frame) === undefined && first === undefined) return { kind: "pass" };
  const asked = ipPacketOf(frame);
  const mayBeKept = isVirtual(asked.destination) && (first === undefined || !isToServer(first));
  if (mayBeKept && keptByDirector()) return { kind: "pass" };
  if (first === undefined) return { kind: "drop" };
  if (second !== undefined) throw new Error(`two frames came out for ${toHex(frame)}`);
  const answer = ipPacketOf(first);
  if (isError(answer.protocol, first) && answer.destination === asked.source && !isToServer(first))
    // What a router says of itself is no answer of IPVS, which has not seen the packet.
    return answer.source === asked.destination ? { kind: "reply", frame: first } : { kind: "pass" };
  const unchanged = toHex(first.subarray(26)) === toHex(frame.subarray(26));
  if (!isVirtual(asked.destination) && unchanged) return { kind: "pass" };
  return { kind: "forward", frame: first, nextHop: receiverOf(first) };
}

function isToServer(frame: Uint8Array): boolean {
  return serverHosts.includes(Number((frame[5] ?? 0).toString(16)));
}

/** Clients and real servers are hosts of the networks below 20 and 250; other addresses are virtual. */
function isVirtual(address: string): boolean {
  const host = Number(address.split(/[.:]/).at(-1));
  return (host >= 100 && host !== 250) || address.startsWith("10.3.");
}

function isError(protocol: number, frame: Uint8Array): boolean {
  const type = frame[protocol === 1 ? 34 : 54] ?? 0;
  if (protocol === 1) return type === 3 || type === 11;
  return protocol === 58 && type < 128;
}

/** Whose MAC address the frame has; a client's is told by the packet. */
function receiverOf(frame: Uint8Array): string {
  const last = (frame[5] ?? 0).toString(16);
  if (!isToServer(frame)) return ipPacketOf(frame).destination;
  return ip(frame[12] === 0x86 ? `fd00:2::${last}` : `10.2.0.${last}`);
}
