// Addresses of hosts that a configuration names. Loading waits for them, so there is an end to the waiting.

import { spawnSync } from "node:child_process";
import type { Family, IpAddress } from "../base/address.ts";
import { parseIpAddress } from "../base/address.ts";

/** Longest wait for one name, and for all names of a file. */
const oneNameMs = 2000;
const allNamesMs = 5000;

/**
 * Looks names up as every program of the machine does (hosts file, DNS ...). The first address counts. What is not
 * found in time is not found; keepalived.conf has no names, so most files never wait.
 */
export function hostFinder(): (name: string, family: Family) => IpAddress | undefined {
  const known = new Map<string, IpAddress | undefined>();
  let leftMs = allNamesMs;
  return (name, family) => {
    const id = `${family} ${name}`;
    if (known.has(id) || leftMs <= 0) return known.get(id);
    const startedMs = performance.now();
    const address = lookUp(name, family, Math.min(oneNameMs, leftMs));
    leftMs -= performance.now() - startedMs;
    known.set(id, address);
    return address;
  };
}

function lookUp(name: string, family: Family, timeoutMs: number): IpAddress | undefined {
  const answer = spawnSync("getent", [family === 4 ? "ahostsv4" : "ahostsv6", "--", name], {
    encoding: "utf8",
    timeout: timeoutMs,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const parsed = parseIpAddress(answer.stdout?.split(/\s/, 1)[0] ?? "");
  return answer.status === 0 && parsed.ok ? parsed.value : undefined;
}
