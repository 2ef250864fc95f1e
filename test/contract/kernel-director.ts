// The kernel's IPVS as a director for stories about schedulers: frames come in over a veth pair, the
// table is edited by ipvsadm, and what was chosen is read from the table of connections. For a guest
// whose interfaces are nobody else's.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ipv4FromNumber } from "../../src/base/address.ts";
import { loadSyscalls } from "../../src/linux/ffi/syscalls.ts";
import { openVrrpNetwork } from "../../src/linux/vrrp-sockets.ts";
import type { Destination, Service } from "../../src/model/balancer-table.ts";
import { endpointName, type VirtualServerKey } from "../../src/model/virtual-server.ts";
import type { BalancerOperation } from "../../src/plan/operation.ts";
import { printMac } from "../../src/wire/ethernet.ts";
import { clientMac, directorMac, packetOf, portsOf } from "./frames.ts";
import { type Director, markedAddresses } from "./scheduler-stories.ts";

const device = "d0";
const far = "far0";
/** How often a connection that is not there is looked for, and after which pause. */
const looks = 3;
const pauseMs = 5;

function run(program: string, line: string): void {
  execFileSync(program, line.split(" "), { stdio: ["ignore", "ignore", "pipe"] });
}

/** A director with the client and the real servers on its one interface; `close` takes all away. */
export function openKernelDirector(): Director & { close(): void } {
  prepare();
  const syscalls = loadSyscalls();
  const network = openVrrpNetwork(syscalls);
  const ifindex = syscalls.ifNameToIndex(far);
  return {
    apply(operation) {
      if (operation.kind === "add-service" && operation.service.key.kind === "fwmark")
        setMark(operation.service.key.fwmark);
      for (const words of ipvsadmWords(operation))
        execFileSync("ipvsadm", words, { stdio: ["ignore", "ignore", "pipe"] });
    },
    async handle(frame) {
      const sent = network.sendFrame(ifindex, frame);
      if (!sent.ok) throw new Error(sent.fault.text);
      for (let look = 0; look < looks; look++) {
        const nextHop = destinationOf(frame);
        if (nextHop !== undefined) return { kind: "forward", frame, nextHop };
        await sleep(pauseMs);
      }
      return { kind: "drop" };
    },
    close() {
      run("ipvsadm", "-C");
      run("ip", `link delete ${device}`);
      run("nft", "delete table ip marks");
    },
  };
}

function prepare(): void {
  run("ip", `link add ${device} address ${printMac(directorMac)} type veth peer name ${far}`);
  for (const link of [device, far]) run("ip", `link set ${link} up`);
  for (const address of ["10.1.0.1/24", "10.2.0.1/24", "10.1.0.100/32"])
    run("ip", `address add ${address} dev ${device}`);
  for (const address of markedAddresses) run("ip", `address add ${address}/32 dev ${device}`);
  for (const neighbour of [
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((host) => `10.1.0.${host}`),
    ...[11, 12, 13].map((host) => `10.2.0.${host}`),
  ])
    run("ip", `neighbour add ${neighbour} lladdr ${printMac(clientMac)} dev ${device}`);
  run("sysctl", "-qw net.ipv4.ip_forward=1");
  for (const name of ["all", device]) run("sysctl", `-qw net.ipv4.conf.${name}.rp_filter=0`);
  run("nft", "add table ip marks");
  run("nft", "add chain ip marks incoming { type filter hook prerouting priority -150 ; }");
}

function setMark(mark: number): void {
  run("nft", "flush chain ip marks incoming");
  const addresses = `${markedAddresses[0]}-${markedAddresses.at(-1)}`;
  run("nft", `add rule ip marks incoming ip daddr ${addresses} meta mark set ${mark}`);
}

/** The commands for one operation, each as its words. */
function ipvsadmWords(operation: BalancerOperation): readonly (readonly string[])[] {
  switch (operation.kind) {
    case "add-service":
    case "change-service": {
      const { service } = operation;
      const verb = operation.kind === "add-service" ? "-A" : "-E";
      return [[verb, ...keyWords(service.key), ...serviceWords(service)]];
    }
    case "remove-service":
      return [["-D", ...keyWords(operation.key)]];
    case "add-destination":
    case "change-destination": {
      const verb = operation.kind === "add-destination" ? "-a" : "-e";
      return [[verb, ...keyWords(operation.key), ...destinationWords(operation.destination)]];
    }
    case "remove-destination": {
      const { address, port } = operation;
      return [["-d", ...keyWords(operation.key), "-r", endpointName(address, port)]];
    }
  }
}

function keyWords(key: VirtualServerKey): readonly string[] {
  if (key.kind === "fwmark") return ["-f", String(key.fwmark)];
  return [key.protocol === "TCP" ? "-t" : "-u", endpointName(key.address, key.port)];
}

function serviceWords(service: Service): readonly string[] {
  const flags = (service.schedulerFlags ?? []).map((flag) => `flag-${flag}`).join(",");
  const network = ipv4FromNumber(2 ** 32 - 2 ** (32 - service.persistencePrefixLength));
  return [
    ...["-s", service.scheduler],
    ...(flags === "" ? [] : ["-b", flags]),
    ...(service.persistenceTimeoutS > 0
      ? ["-p", String(service.persistenceTimeoutS), "-M", network]
      : []),
    ...(service.onePacket ? ["-o"] : []),
  ];
}

function destinationWords(destination: Destination): readonly string[] {
  const { address, port, weight, upperThreshold, lowerThreshold } = destination;
  return [
    ...["-r", endpointName(address, port), destination.forwarding === "DR" ? "-g" : "-m"],
    ...["-w", String(weight), "-x", String(upperThreshold), "-y", String(lowerThreshold)],
  ];
}

/** Where the kernel's table leads the connection that a client's frame belongs to. */
function destinationOf(frame: Uint8Array): string | undefined {
  const packet = packetOf(frame);
  const hex = (value: number, digits: number): string =>
    value.toString(16).toUpperCase().padStart(digits, "0");
  const client = `${hex(packet.source, 8)} ${hex(portsOf(packet)[0], 4)}`;
  for (const line of readFileSync("/proc/net/ip_vs_conn", "utf8").split("\n")) {
    if (!line.slice(4).startsWith(client)) continue;
    const [, , , , , to = ""] = line.split(/\s+/);
    return ipv4FromNumber(Number.parseInt(to, 16));
  }
  return undefined;
}
