// What it costs to renew the leases of a thousand addresses: the packet guard's one element against
// the lifetime of each address, with the notifications that the process itself must read.
// Usage, as root: node dist/bench/lease.js [ADDRESSES]

import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type IpAddress, ipv4FromNumber } from "../src/base/address.ts";
import { loadSyscalls } from "../src/linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../src/linux/netlink-kernel.ts";
import { openPacketGuard } from "../src/linux/packet-guard.ts";
import type { AddressFact } from "../src/plan/operation.ts";

const count = Number(process.argv[2] ?? "1000");
const newNet = 0x40000000;
const rounds = 20;
const firstAddress = 0x0a010001;
const syscalls = loadSyscalls();
const namespace = `kb${process.pid}`;

interface Cost {
  readonly userUs: number;
  readonly systemUs: number;
}

/** Processor time of what runs until `work` resolves and its notifications have been read. */
async function costOf(work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { userUs: user / rounds, systemUs: system / rounds };
}

function show(what: string, { userUs, systemUs }: Cost, everyS: number): void {
  const share = ((userUs + systemUs) / (everyS * 1e6)) * 100;
  const total = `${Math.round(userUs + systemUs)} us (${Math.round(systemUs)} in the kernel)`;
  process.stdout.write(`${what}: ${total}; every ${everyS} s ${share.toFixed(2)} % of a core\n`);
}

async function run(): Promise<void> {
  const kernel = openNetlinkKernel(syscalls);
  const guard = openPacketGuard(syscalls);
  const facts: AddressFact[] = [];
  for (let i = 0; i < count; i++)
    facts.push({
      address: ipv4FromNumber(firstAddress + i),
      prefixLength: 32,
      interface: "v0",
      lifetimeS: 60,
    });
  for (const fact of facts) kernel.apply({ kind: "add-address", fact });
  const leaseMs = 1790;
  const renewals = [{ leaseMs, forMs: leaseMs }];
  const guarded = facts.map(
    ({ address }): { readonly address: IpAddress; readonly leaseMs: number } => ({
      address,
      leaseMs,
    }),
  );
  guard.apply(
    guarded.map((one) => ({ kind: "guard-address", guarded: one })),
    renewals,
  );
  const ofGuard = async (): Promise<void> => {
    for (let i = 0; i < rounds; i++) guard.apply([], renewals);
    await delay(0);
  };
  const ofAddresses = async (): Promise<void> => {
    for (let i = 0; i < rounds; i++)
      for (let from = 0; from < count; from += 64) {
        kernel.renew(facts.slice(from, from + 64));
        await delay(0);
      }
  };
  await ofGuard();
  await ofAddresses();
  show("packet guard, one renewal", await costOf(ofGuard), 0.5);
  show(`lifetimes of ${count} addresses, nobody reads`, await costOf(ofAddresses), 1);
  let told = 0;
  kernel.watch(() => {
    told++;
  });
  const read = await costOf(async () => {
    await ofAddresses();
    await delay(200);
  });
  show(`lifetimes of ${count} addresses, read by us`, read, 1);
  process.stdout.write(`${told / rounds} notifications a round\n`);
  guard.remove();
  kernel.close();
}

execFileSync("ip", ["netns", "add", namespace]);
try {
  const peer = ["type", "veth", "peer", "name", "v1"];
  execFileSync("ip", ["-n", namespace, "link", "add", "v0", ...peer]);
  execFileSync("ip", ["-n", namespace, "link", "set", "v0", "up"]);
  const there = openSync(`/run/netns/${namespace}`, "r");
  if (syscalls.setns(there, newNet) !== 0) throw new Error("cannot enter a namespace");
  closeSync(there);
  await run();
} finally {
  execFileSync("ip", ["netns", "del", namespace]);
}
