// Names of hosts and ports for ipvsadm, as every program of this machine finds them.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type IpAddress, parseIpAddress } from "../base/address.ts";
import type { ReverseNames } from "../ipvsadm/names.ts";
import { type PortNames, servicesOfFile } from "../ipvsadm/services-file.ts";
import type { NameBook } from "../ipvsadm/values.ts";

/** Addresses that are looked up at a time: they stand on the command line of getent. */
const addressesAtOnce = 500;

let ports: PortNames | undefined;

function portNames(): PortNames {
  ports ??= servicesOfFile(readServices());
  return ports;
}

function readServices(): string {
  try {
    return readFileSync("/etc/services", "utf8");
  } catch {
    return "";
  }
}

function getent(words: readonly string[]): string {
  const { stdout } = spawnSync("getent", words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return stdout ?? "";
}

/** Addresses and ports of names. */
export const nameBook: NameBook = {
  hostAddress: (name) => {
    const parsed = parseIpAddress(getent(["ahostsv4", "--", name]).split(/\s/, 1)[0] ?? "");
    return parsed.ok ? parsed.value : undefined;
  },
  servicePort: (name, protocol) => portNames().portOf(name, protocol),
};

/** Names of addresses and ports; hosts are looked up now, all of them. */
export async function lookUpNames(addresses: readonly string[]): Promise<ReverseNames> {
  const names = new Map<IpAddress, string>();
  const all = [...new Set(addresses)];
  for (let at = 0; at < all.length; at += addressesAtOnce) {
    const lines = getent(["hosts", "--", ...all.slice(at, at + addressesAtOnce)]).split("\n");
    for (const line of lines) {
      const [address = "", name] = line.split(/\s+/);
      const parsed = parseIpAddress(address);
      if (parsed.ok && name !== undefined && name !== "") names.set(parsed.value, name);
    }
  }
  return {
    hostName: (address) => names.get(address),
    portName: (port, protocol) => portNames().nameOf(port, protocol),
  };
}
