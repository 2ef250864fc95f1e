// Two network namespaces joined by a veth pair, and a way to open sockets inside of them.

import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Syscalls } from "../../src/linux/ffi/syscalls.ts";

const newNet = 0x40000000;

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}

/** Two namespaces, each with an interface `veth0`: 10.77.0.1/24 at the left, .2 at the right. */
export class VethPair {
  readonly left: string;
  readonly right: string;
  readonly interface = "veth0";
  readonly #syscalls: Syscalls;

  /** `tag` makes the names unique in this process; at most three letters. */
  constructor(syscalls: Syscalls, tag: string) {
    this.#syscalls = syscalls;
    this.left = `kt${process.pid}${tag}l`;
    this.right = `kt${process.pid}${tag}r`;
    ip("netns", "add", this.left);
    ip("netns", "add", this.right);
    const peer = ["peer", "name", this.interface, "netns", this.right];
    ip("-n", this.left, "link", "add", this.interface, "type", "veth", ...peer);
    for (const [name, address] of [
      [this.left, "10.77.0.1/24"],
      [this.right, "10.77.0.2/24"],
    ] as const) {
      ip("-n", name, "addr", "add", address, "dev", this.interface);
      ip("-n", name, "link", "set", this.interface, "up");
      ip("-n", name, "link", "set", "lo", "up");
    }
  }

  /** Runs `ip` inside of a namespace. */
  ip(namespace: string, ...words: string[]): string {
    return execFileSync("ip", ["-n", namespace, ...words], { encoding: "utf8" });
  }

  /** Runs many `ip` commands in a namespace at once; this process stands still meanwhile. */
  batch(namespace: string, lines: readonly string[]): void {
    execFileSync("ip", ["-n", namespace, "-batch", "-"], {
      input: `${lines.join("\n")}\n`,
      stdio: ["pipe", "ignore", "pipe"],
    });
  }

  /** Runs `open` in a namespace: the sockets that it opens stay there, the process does not. */
  inside<Value>(namespace: string, open: () => Value): Value {
    const home = openSync("/proc/thread-self/ns/net", "r");
    const there = openSync(`/run/netns/${namespace}`, "r");
    try {
      if (this.#syscalls.setns(there, newNet) !== 0) throw new Error("cannot enter a namespace");
      return open();
    } finally {
      this.#syscalls.setns(home, newNet);
      closeSync(home);
      closeSync(there);
    }
  }

  /** Removes both namespaces. */
  remove(): void {
    for (const name of [this.left, this.right])
      try {
        ip("netns", "del", name);
      } catch {
        // One that was never made needs no removing.
      }
  }
}

/** Waits until `holds` is true, for at most `limitMs`; says whether it came true. */
export async function eventually(holds: () => boolean, limitMs = 10_000): Promise<boolean> {
  const until = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return true;
}
