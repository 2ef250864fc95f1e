// Adverts of a router that does not exist, sent into the networks of both hosts at the same moments.

import { closeSync, openSync, readlinkSync } from "node:fs";
import { familyOf, ipAddressBytes, ipv4Number } from "../../../src/base/address.ts";
import { loadSyscalls } from "../../../src/linux/ffi/syscalls.ts";
import { openVrrpNetwork } from "../../../src/linux/vrrp-sockets.ts";
import { encodeEthernetFrame } from "../../../src/wire/ethernet.ts";
import { encodeIpv4Packet } from "../../../src/wire/ipv4.ts";
import { encodeIpv6Packet } from "../../../src/wire/ipv6.ts";
import {
  encodePassword,
  encodeVrrpAdvert,
  IP_PROTOCOL_VRRP,
} from "../../../src/wire/vrrp-advert.ts";
import type { VrrpNetwork } from "../../../src/world/vrrp-network.ts";
import { address, type Rival } from "./scene.ts";

const newNet = 0x40000000;
const syscalls = loadSyscalls();

/** Runs `open` in the network of a process: the sockets that it opens stay there. */
export function insideNetworkOf<Value>(pid: number, open: () => Value): Value {
  readlinkSync(`/proc/${pid}/ns/net`);
  const home = openSync("/proc/thread-self/ns/net", "r");
  const there = openSync(`/proc/${pid}/ns/net`, "r");
  try {
    if (syscalls.setns(there, newNet) !== 0) throw new Error("cannot enter a network");
    return open();
  } finally {
    syscalls.setns(home, newNet);
    closeSync(home);
    closeSync(there);
  }
}

/** The frame of one advert. */
export function frameOf(rival: Rival): Uint8Array {
  const source = address(rival.source ?? "10.9.0.200");
  const six = familyOf(source) === 6;
  const destination = address(rival.destination ?? (six ? "ff02::12" : "224.0.0.18"));
  const addresses = rival.addresses.map(address);
  const { vrid, priority, intervalCs } = rival;
  const advert =
    rival.version === 3
      ? ({ version: 3, vrid, priority, intervalCs, addresses } as const)
      : ({
          version: 2,
          vrid,
          priority,
          intervalS: intervalCs / 100,
          authType: rival.password === undefined ? 0 : 1,
          authData: encodePassword(rival.password ?? ""),
          addresses,
        } as const);
  const payload = encodeVrrpAdvert(advert, { source, destination });
  const ttl = rival.ttl ?? 255;
  const packet = six
    ? encodeIpv6Packet({
        trafficClass: 0xc0,
        flowLabel: 0,
        nextHeader: IP_PROTOCOL_VRRP,
        hopLimit: ttl,
        source,
        destination,
        payload,
      })
    : encodeIpv4Packet({
        tos: 0xc0,
        identification: 1,
        ttl,
        protocol: IP_PROTOCOL_VRRP,
        source: ipv4Number(source),
        destination: ipv4Number(destination),
        payload,
      });
  const bytes = ipAddressBytes(destination);
  const group = six
    ? [0x33, 0x33, ...bytes.slice(12)]
    : (bytes[0] ?? 0) >= 224
      ? [0x01, 0x00, 0x5e, (bytes[1] ?? 0) & 127, ...bytes.slice(2)]
      : [0x02, 0, 0, 0, 0, 1];
  return encodeEthernetFrame({
    destination: Uint8Array.from(group),
    source: Uint8Array.of(2, 0, 0, 0, 0, 0xc8),
    type: six ? 0x86dd : 0x0800,
    payload: packet,
  });
}

/** Says the adverts of rivals into ports of the switch. */
export class Rivals {
  readonly #network: VrrpNetwork;
  readonly #switchPid: number;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(switchPid: number) {
    this.#switchPid = switchPid;
    this.#network = insideNetworkOf(switchPid, () => openVrrpNetwork(syscalls));
  }

  /** Begins to advertise to both hosts. */
  begin(rival: Rival, ports: readonly string[]): void {
    const indexes = insideNetworkOf(this.#switchPid, () =>
      ports.map((port) => syscalls.ifNameToIndex(port)),
    );
    const frame = frameOf(rival);
    const say = (): void => {
      for (const ifindex of indexes) this.#network.sendFrame(ifindex, frame);
    };
    say();
    if (rival.once !== true) this.#timers.push(setInterval(say, rival.intervalCs * 10));
  }

  silence(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }
}
