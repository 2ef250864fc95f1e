// The kernel's IPVS as a data plane that plays streams, in a guest that has it. Frames go in at the far
// end of a virtual cable and come out there; the kernel has done with a frame when it has answered
// the ARP request that was sent behind it.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ByteWriter, toHex } from "../../src/base/bytes.ts";
import { encodeInt, socketConstants } from "../../src/linux/ffi/socket-address.ts";
import { loadSyscalls, type Syscalls } from "../../src/linux/ffi/syscalls.ts";
import type { BalancerSettings } from "../../src/model/balancer-settings.ts";
import { printMac } from "../../src/wire/ethernet.ts";
import { clientMac, directorMac, ip, ipPacketOf } from "./frames.ts";
import {
  ipvsadmCommands,
  ipvsSysctls,
  parseConnections,
  parseStatistics,
} from "./ipvs-commands.ts";
import type { EngineUnderTest, FrameOutcome } from "./stream.ts";

const serverHosts = [11, 12, 13];
const clientHosts = [2, 3, 4, 5, 6, 7, 8, 9, 250];
/** How long the kernel may take for one frame on a machine that is busy. */
const answerWithinMs = 20_000;
/** Counters that listings show are those of the last tick of IPVS's estimator. */
const ESTIMATOR_MS = 2000;
const ETH_P_ALL = 3;
const FRAME_MAX = 65_536;

/** Makes the cable, addresses and neighbours, once in a guest. */
export function prepareDirector(virtualAddresses: readonly string[]): void {
  const setup = [
    `ip link add d0 address ${printMac(directorMac)} type veth peer name far0`,
    "ethtool -K d0 tx off >/dev/null",
    "sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0",
    "sysctl -qw net.ipv6.conf.far0.disable_ipv6=1 net.ipv6.conf.d0.router_solicitations=0",
    "ip link set lo up; ip link set d0 up; ip link set far0 up",
    "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
    "sysctl -qw net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.d0.send_redirects=0",
    "sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=100000",
    "sysctl -qw net.ipv6.icmp.ratelimit=0",
    "ip address add 10.1.0.1/24 dev d0; ip address add 10.2.0.1/24 dev d0",
    "ip address add fd00:1::1/64 dev d0 nodad; ip address add fd00:2::1/64 dev d0 nodad",
    ...virtualAddresses.map((address) => `ip address add ${address} dev lo`),
    ...clientHosts.flatMap((host) => [
      `ip neighbour add 10.1.0.${host} lladdr ${printMac(clientMac)} dev d0`,
      `ip neighbour add fd00:1::${host} lladdr ${printMac(clientMac)} dev d0`,
    ]),
    ...serverHosts.flatMap((host) => [
      `ip neighbour add 10.2.0.${host} lladdr 02:00:00:00:00:${host} dev d0`,
      `ip neighbour add fd00:2::${host} lladdr 02:00:00:00:00:${host} dev d0`,
    ]),
  ];
  execFileSync("bash", ["-ec", setup.join("\n")], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Takes everything away again. */
export function removeDirector(): void {
  execFileSync("bash", ["-c", "ipvsadm -C; ip link del d0; ip address flush dev lo scope global"]);
}

/** The kernel's IPVS with what is in its table. */
export function ipvsUnderTest(): EngineUnderTest & {
  set(settings: Partial<BalancerSettings>): void;
} {
  const syscalls = loadSyscalls();
  const cable = new Cable(syscalls);
  const local = new LocalStack(syscalls);
  return {
    name: "ipvs",
    apply(operation) {
      for (const command of ipvsadmCommands(operation)) ipvsadm(command);
    },
    set(settings) {
      for (const [name, value] of ipvsSysctls(settings))
        writeFileSync(`/proc/sys/net/ipv4/vs/${name}`, value);
    },
    async handle(frame, context) {
      if (context?.mark !== undefined) throw new Error("marks are not played in the kernel yet");
      const out = await cable.exchange(frame);
      return outcomeOf(frame, out, local.heardOfAPacket());
    },
    wait: (milliseconds) => sleep(milliseconds),
    async statistics() {
      await sleep(ESTIMATOR_MS * 1.2);
      return parseStatistics(ipvsadm(["-Ln"]), ipvsadm(["-Ln", "--stats", "--exact"]));
    },
    connections: () => parseConnections(ipvsadm(["-Lnc"])),
    close() {
      cable.close();
      local.close();
    },
  };
}

/** Runs the real ipvsadm and gives its output. */
export function ipvsadm(words: readonly string[]): string {
  return execFileSync("ipvsadm", [...words], { encoding: "utf8", maxBuffer: 1 << 26 });
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
  readonly #fds: readonly number[];
  readonly #buffer = new Uint8Array(FRAME_MAX);

  constructor(syscalls: Syscalls) {
    this.#syscalls = syscalls;
    const { AF_INET, AF_INET6, SOCK_RAW, SOCK_NONBLOCK } = socketConstants;
    const protocols = { [AF_INET]: [1, 6, 17, 132], [AF_INET6]: [58, 6, 17, 132] };
    this.#fds = Object.entries(protocols).flatMap(([family, numbers]) =>
      numbers.map((protocol) => {
        const fd = syscalls.socket(Number(family), SOCK_RAW | SOCK_NONBLOCK, protocol);
        if (fd < 0) throw new Error(`socket(SOCK_RAW, ${protocol}): ${fd}`);
        return fd;
      }),
    );
  }

  /** Whether a packet arrived since the last call. */
  heardOfAPacket(): boolean {
    let heard = false;
    for (const fd of this.#fds) {
      while (this.#syscalls.recvfrom(fd, this.#buffer, 0, null) >= 0) heard = true;
    }
    return heard;
  }

  close(): void {
    for (const fd of this.#fds) this.#syscalls.close(fd);
  }
}

function outcomeOf(
  frame: Uint8Array,
  out: readonly Uint8Array[],
  keptByDirector: boolean,
): FrameOutcome {
  if (keptByDirector) return { kind: "pass" };
  const [first, second] = out;
  if (first === undefined) return { kind: "drop" };
  if (second !== undefined) throw new Error(`two frames came out for ${toHex(frame)}`);
  const [asked, answer] = [ipPacketOf(frame), ipPacketOf(first)];
  if (isError(answer.protocol, first) && answer.destination === asked.source)
    // What a router says of itself is no answer of IPVS: it has dropped the packet.
    return answer.source === asked.destination ? { kind: "reply", frame: first } : { kind: "drop" };
  const toNetwork = !isVirtual(asked.destination);
  const unchanged = toHex(first.subarray(26)) === toHex(frame.subarray(26));
  if (toNetwork && unchanged) return { kind: "pass" };
  return { kind: "forward", frame: first, nextHop: receiverOf(first) };
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
  const last = Number((frame[5] ?? 0).toString(16));
  if (!serverHosts.includes(last)) return ipPacketOf(frame).destination;
  return ip(frame[12] === 0x86 ? `fd00:2::${last}` : `10.2.0.${last}`);
}
