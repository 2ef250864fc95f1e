// What a packet, a new connection, a million connections and an idle daemon cost, beside what one would
// use else, in one run.
//   node dist/bench/dataplane/main.js [packets|guest|connections]...
// measures only those parts.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { connectionRows } from "./connections.ts";
import { measureInGuest, measureInside } from "./guest.ts";
import { idleRow } from "./idle.ts";
import { millionConnectionsMb } from "./memory.ts";
import { type LoadPlan, loadAll, measuredCpu } from "./packets.ts";
import { barePath, forwardingPath, keelsonPath, type MeasuredPath, nftablesPath } from "./paths.ts";
import { measureNewConnections, measurePrograms } from "./program.ts";
import { boundRow, closeWith, loadRows, median, printLoads, type Row } from "./rows.ts";

const plan: LoadPlan = {
  rounds: 5,
  packets: 1_000_000,
  flowCounts: [1, 16_384, 65_536, 1_048_576],
  newFlows: 131_072,
};

const self = fileURLToPath(import.meta.url);

async function packetRows(): Promise<Row[]> {
  const paths = new Map<string, MeasuredPath>();
  try {
    for (const method of ["DR", "NAT", "TUN", "FULLNAT"] as const)
      paths.set(`keelson ${method}`, await keelsonPath(method));
    paths.set("bare redirect", barePath("br", "bare_redirect"));
    paths.set("bare LRU balancer", barePath("bl", "bare_balancer"));
    paths.set("kernel forwarding", forwardingPath());
    paths.set("nftables DNAT", nftablesPath());
    const figures = loadAll(paths, plan);
    printLoads("Packets", figures);
    const targets = {
      "keelson DR": { factor: 5, peer: "nftables DNAT" },
      "keelson NAT": { factor: 4, peer: "nftables DNAT" },
    };
    return [...loadRows("host", figures, targets), ...programRows(measurePrograms(paths))];
  } finally {
    for (const path of paths.values()) await path.close();
  }
}

function programRows(programs: ReadonlyMap<string, readonly number[]>): Row[] {
  const ns = (name: string): number => Math.round(median(programs.get(name) ?? []) * 10) / 10;
  const others = [...programs.keys()].filter((name) => !name.startsWith("keelson"));
  const ours = [...programs.keys()].filter((name) => name.startsWith("keelson"));
  return ours.map((name) =>
    boundRow(
      {
        case: `${name.replace("keelson ", "")}, established flow`,
        metric: "BPF_PROG_TEST_RUN, gross",
        unit: "ns",
        keelson: ns(name),
        peers: Object.fromEntries(others.map((other) => [other, ns(other)])),
      },
      60,
    ),
  );
}

async function costRows(): Promise<Row[]> {
  const wlc = await keelsonPath("DR", { scheduler: "wlc", servers: 16 });
  let newNs: number;
  try {
    newNs = median(measureNewConnections(wlc));
  } finally {
    await wlc.close();
  }
  const metric = "BPF_PROG_TEST_RUN, a new flow in each run";
  const memory = await millionConnectionsMb();
  return [
    boundRow(
      {
        case: "new connection, wlc over 16 servers",
        metric,
        unit: "ns",
        keelson: Math.round(newNs),
        peers: {},
      },
      1000,
    ),
    boundRow(
      {
        case: "a million connections",
        metric: "memory of the maps",
        unit: "MB",
        keelson: Math.round(memory),
        peers: {},
      },
      160,
    ),
    await idleRow(),
  ];
}

function guestRows(): Row[] {
  const figures = measureInGuest(self);
  printLoads("In the guest (emulated: ratios only)", figures);
  return loadRows("guest", figures, {
    "keelson DR": { factor: 8, peer: "IPVS DR" },
    "keelson NAT": { factor: 6, peer: "IPVS NAT" },
  });
}

const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  packets: async () => [...(await packetRows()), ...(await costRows())],
  guest: async () => guestRows(),
  connections: connectionRows,
};

async function measure(wanted: readonly string[]): Promise<void> {
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(parts))
    if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await part()));
  closeWith(rows);
}

const wanted = process.argv.slice(2);
if (process.getuid?.() !== 0) {
  console.error("the data plane's benchmark needs root");
  process.exitCode = 1;
} else if (process.env["KEELSON_BENCH_PINNED"] === undefined) {
  const node = [process.execPath, "--enable-source-maps", self, ...wanted];
  const pinned = spawnSync("taskset", ["-c", String(measuredCpu), ...node], {
    stdio: "inherit",
    env: { ...process.env, KEELSON_BENCH_PINNED: "1" },
  });
  process.exitCode = pinned.status ?? 1;
} else if (wanted.includes("inside")) {
  await measureInside();
} else {
  await measure(wanted);
}
