// One director with hundreds of instances, and what the switch hears of it: the unit of the VRRP
// benchmark.

import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { present } from "../src/base/assert.ts";
import { Director, type DirectorProgram } from "../src/lab/director.ts";
import { Lab } from "../src/lab/lab.ts";
import type { LabProcess } from "../src/lab/lab-process.ts";
import { monotonicMs, waitFor } from "../src/lab/waiting.ts";
import { figuresOf } from "./process-figures.ts";

const configFile = "/run/many.conf";
/** A VRID is one byte. */
const instancesAnInterface = 255;
const startTimeoutMs = 120_000;
/** The second burst of announcements comes 5 s after the take-over. */
const settleMs = 10_000;
const windowMs = 15_000;
const reloadWatchMs = 5000;

/** What one program did with the instances. */
export interface NodeFigures {
  /** From the start of the program to the last address. */
  readonly startMs: number;
  /** Of one core, in a time without events. */
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly ownMb: number;
  /** Changes of addresses and states that a reload of the same file brought. */
  readonly reloadChanges: number;
  /** Between two adverts of an instance while it reloaded. */
  readonly longestGapMs: number;
}

/** The file: one virtual address an instance. */
function configuration(instances: number): string {
  const blocks = Array.from({ length: instances }, (_, i) => {
    const port = Math.floor(i / instancesAnInterface);
    const vrid = (i % instancesAnInterface) + 1;
    return `vrrp_instance VI_${i + 1} {
    state BACKUP
    interface eth${port}
    virtual_router_id ${vrid}
    priority 100
    advert_int 1
    virtual_ipaddress {
        10.${port}.0.${vrid}
    }
}
`;
  });
  return blocks.join("");
}

/** Runs a program with that many instances and measures it. */
export async function measureNode(
  program: DirectorProgram,
  instances: number,
): Promise<NodeFigures> {
  const ports = Math.ceil(instances / instancesAnInterface);
  const networks = Array.from({ length: ports }, (_, port) => `lan${port}`);
  const interfaces = networks.map((network, port) => ({
    name: `eth${port}`,
    network,
    addresses: [`172.20.${port}.1/24`],
  }));
  const lab = await Lab.build({ networks, hosts: [{ name: "lb1", interfaces }] });
  try {
    const host = lab.host("lb1");
    host.writeFile(configFile, configuration(instances));
    const director = new Director(host, program, configFile);
    const startedMs = monotonicMs();
    const running = await director.start();
    const complete = await waitFor(
      () => (heldAddresses(host.pid) >= instances ? monotonicMs() : undefined),
      { timeoutMs: startTimeoutMs, everyMs: 20 },
    );
    if (complete === undefined)
      throw new Error(
        `${program.name} holds ${heldAddresses(host.pid)} of ${instances}: ${running.output.slice(-2000)}`,
      );
    await delay(settleMs);
    const before = figuresOf(running.family());
    await delay(windowMs);
    const after = figuresOf(running.family());
    return {
      startMs: complete - startedMs,
      cpuPercent: ((after.cpuMs - before.cpuMs) / windowMs) * 100,
      rssMb: after.rssMb,
      ownMb: after.ownMb,
      ...(await watchReload(lab, running, instances)),
    };
  } finally {
    await lab.close();
  }
}

/** Virtual addresses in the kernel of a host. */
function heldAddresses(pid: number): number {
  const table = readFileSync(`/proc/${pid}/net/fib_trie`, "latin1");
  const local = table.slice(table.indexOf("Local:"));
  return local.match(/\|-- 10\.\d+\.0\.\d+\n\s+\/32 host LOCAL/g)?.length ?? 0;
}

/** Reloads the same file while the switch listens to the adverts of the first interface. */
async function watchReload(
  lab: Lab,
  running: LabProcess,
  instances: number,
): Promise<Pick<NodeFigures, "reloadChanges" | "longestGapMs">> {
  const host = lab.host("lb1");
  const monitor = await host.start(["ip", "-o", "monitor", "address"]);
  const held = heldAddresses(host.pid);
  const dump = await lab.switch.start([
    ...["tcpdump", "-l", "-tt", "-n", "-Q", "in", "-i", "lb1-eth0"],
    "vrrp",
  ]);
  const heard = present(dump.stdout, "its output is a pipe");
  const last = new Map<string, number>();
  let longestGapMs = 0;
  let text = "";
  heard.on("data", (chunk: Buffer) => {
    const lines = (text + chunk.toString()).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const found = /^(\d+\.\d+) .* vrid (\d+),/.exec(line);
      if (found === null) continue;
      const [, seconds = "", vrid = ""] = found;
      const atMs = Number(seconds) * 1000;
      longestGapMs = Math.max(longestGapMs, atMs - (last.get(vrid) ?? atMs));
      last.set(vrid, atMs);
    }
  });
  const expected = Math.min(instances, instancesAnInterface);
  await waitFor(() => (last.size >= expected ? true : undefined), { timeoutMs: 10_000 });
  longestGapMs = 0;
  running.signal("SIGHUP");
  await delay(reloadWatchMs);
  await dump.stop();
  await monitor.stop();
  if (last.size < expected) throw new Error(`only ${last.size} of ${expected} VRIDs were heard`);
  const removed = monitor.output.split("\n").filter((line) => line.includes("Deleted")).length;
  const added = Math.abs(heldAddresses(host.pid) - held);
  return { reloadChanges: removed + added, longestGapMs };
}
