// The same packets on Debian's own kernel, which has the real IPVS, in an emulated guest: ours beside
// the kernel's. Times in there are ratios only.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Figures, LoadPlan, Series } from "./packets.ts";
import { loadAll } from "./packets.ts";
import { forwardingPath, ipvsPath, keelsonPath, type MeasuredPath, nftablesPath } from "./paths.ts";

const plan: LoadPlan = {
  rounds: 5,
  packets: 60_000,
  flowCounts: [1, 1024, 16_384],
  newFlows: 8192,
};
/** Before the figures in what the guest prints. */
const mark = "figures: ";

type Sent = readonly (readonly [string, readonly (readonly [number | "new", Series])[]])[];

/** In the guest: measures, and prints the figures as one line. */
export async function measureInside(): Promise<void> {
  const paths = new Map<string, MeasuredPath>();
  try {
    for (const method of ["DR", "NAT", "TUN"] as const)
      paths.set(`keelson ${method}`, await keelsonPath(method, { connectionsMax: 131_072 }));
    paths.set("IPVS DR", ipvsPath("vg", "-g"));
    paths.set("IPVS NAT", ipvsPath("vm", "-m"));
    paths.set("IPVS TUN", ipvsPath("vi", "-i"));
    paths.set("kernel forwarding", forwardingPath());
    paths.set("nftables DNAT", nftablesPath());
    const figures = loadAll(paths, plan);
    const sent: Sent = [...figures].map(([name, series]) => [name, [...series]]);
    console.log(mark + JSON.stringify(sent));
  } finally {
    for (const path of paths.values()) await path.close();
  }
}

/** Out here: boots the guest, and gives what it measured. */
export function measureInGuest(self: string): Figures {
  const tool = fileURLToPath(new URL("../../../tools/guest.sh", import.meta.url));
  const text = execFileSync(tool, ["node", "--enable-source-maps", self, "inside"], {
    encoding: "utf8",
    env: { ...process.env, GUEST_TIMEOUT: "1500" },
    maxBuffer: 64 << 20,
  });
  const line = text.split("\n").find((one) => one.startsWith(mark));
  if (line === undefined) throw new Error(`the guest has measured nothing: ${text}`);
  const sent: Sent = JSON.parse(line.slice(mark.length));
  return new Map(sent.map(([name, series]) => [name, new Map(series)]));
}
